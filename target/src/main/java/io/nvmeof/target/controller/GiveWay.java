package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.ConfigurationException;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetConfiguration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * The first half of a planned switchover of an ANA group: announce the Change state on all ports, let the commands at
 * work finish, flush, and only then give the group its new state. When it is done nothing of this target touches the
 * group's storage, and all it acknowledged is on it. Owned by the control loop.
 *
 * <p>Commands that come meanwhile are refused with Asymmetric Access Transition, and those whose data was on its way
 * are refused before they touch the storage. When it takes longer than hosts wait for a transition, everything is as
 * it was before.
 */
final class GiveWay {
    private final Registry registry;
    private final NamespaceHolds holds;
    private final ChangeQueue.Change change;
    private final int group;
    private final AnaState state;
    private final Map<Integer, AnaState> formerStates = new LinkedHashMap<>();
    private final List<Namespace> namespaces = new ArrayList<>();
    private EventLoop.Timer timeout;
    private boolean holding;
    private boolean ended;

    GiveWay(Registry registry, NamespaceHolds holds, ChangeQueue.Change change, int group, AnaState state) {
        this.registry = registry;
        this.holds = holds;
        this.change = change;
        this.group = group;
        this.state = state;
    }

    void begin() {
        if (state == AnaState.CHANGE) {
            throw new ConfigurationException("state of ANA group " + group, state,
                    "is any state but CHANGE, which is only on the way");
        }
        if (group < 1 || group > NamespaceConfiguration.ANA_GROUP_MAX) {
            throw new ConfigurationException("ana-group", group, "from 1 to " + NamespaceConfiguration.ANA_GROUP_MAX);
        }
        TargetConfiguration former = registry.configuration();
        for (PortConfiguration port : former.ports()) {
            formerStates.put(port.id(), port.anaState(group));
        }
        for (SubsystemConfiguration subsystem : former.subsystems()) {
            for (Namespace namespace : registry.subsystem(subsystem.nqn()).namespaces().namespaces()) {
                if (namespace.anaGroup() == group) {
                    namespaces.add(namespace);
                }
            }
        }
        timeout = registry.loop().schedule(AnaTransitions.TRANSITION_NANOS, this::onTimeout);
        registry.install(ConfigurationEdit.withAnaState(former, group, AnaState.CHANGE), this::drain);
    }

    private void drain() {
        if (ended) {
            return;
        }
        holding = true;
        Countdown quiet = new Countdown(namespaces.size(), this::flush);
        namespaces.forEach(namespace -> holds.hold(namespace.core(), quiet::arrive));
    }

    /** A namespace that was removed just now may have been one of the group. */
    private void flush() {
        registry.releases().whenReleased(group, () -> {
            if (!ended) {
                registry.releases().flushAll(namespaces.stream().map(Namespace::backend).toList(), this::onFlushed);
            }
        });
    }

    private void onFlushed(StatusCode failure) {
        if (ended) {
            return;
        }
        if (failure != null) {
            restore(new IOException("ANA group " + group + " cannot give way, its storage could not be flushed: "
                    + failure.description()));
            return;
        }
        end();
        registry.install(ConfigurationEdit.withAnaState(registry.configuration(), group, state), () -> {
            letGo();
            change.complete();
        });
    }

    private void onTimeout() {
        restore(new TimeoutException("ANA group " + group + " cannot give way, its commands were not done after "
                + TargetLimits.ANA_TRANSITION_TIME_SECONDS + " s: it is as it was before"));
    }

    private void end() {
        ended = true;
        timeout.cancel();
    }

    private void restore(Exception why) {
        end();
        TargetConfiguration restored = registry.configuration();
        for (Map.Entry<Integer, AnaState> port : formerStates.entrySet()) {
            restored = ConfigurationEdit.withAnaState(restored, port.getKey(), group, port.getValue());
        }
        registry.install(restored, () -> {
            letGo();
            change.fail(why);
        });
    }

    /** Who waited is checked again, and meets the state that the queues know by now. */
    private void letGo() {
        if (holding) {
            namespaces.forEach(namespace -> holds.release(namespace.core()));
        }
    }
}
