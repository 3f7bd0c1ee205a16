package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.ConfigurationException;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.RateLimit;
import io.nvmeof.target.ReferralConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.target.TargetManagement;
import io.nvmeof.target.storage.NamespaceBackend;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The changes of a running target, each made on the control loop when its turn comes. */
final class Management implements TargetManagement {
    private static final Logger LOG = LoggerFactory.getLogger(Management.class);

    private final Registry registry;
    private final ChangeQueue changes;
    private final NamespaceHolds holds;
    private final Map<NvmeQualifiedName, Pause> pauses = new HashMap<>();
    private final AnaTransitions transitions;

    Management(Registry registry, ChangeQueue changes) {
        this.registry = registry;
        this.changes = changes;
        this.holds = new NamespaceHolds(registry.loop());
        this.transitions = new AnaTransitions(registry);
    }

    @Override
    public TargetConfiguration configuration() {
        return registry.configuration();
    }

    /** A change that is nothing but another configuration. */
    private CompletableFuture<Void> change(String what, UnaryOperator<TargetConfiguration> edit) {
        return changes.submit(what,
                change -> registry.install(edit.apply(registry.configuration()), change::complete));
    }

    // ---- Subsystems

    @Override
    public CompletableFuture<Void> addSubsystem(SubsystemConfiguration subsystem) {
        return changes.submit("subsystem " + subsystem.nqn() + " added", change -> {
            TargetConfiguration next = ConfigurationEdit.withSubsystem(registry.configuration(), subsystem);
            loadReservations(change, subsystem.namespaces(), () -> registry.install(next, change::complete));
        });
    }

    /** What hosts reserved long ago must be known before a namespace is served. */
    private void loadReservations(ChangeQueue.Change change, List<NamespaceConfiguration> namespaces, Runnable then) {
        change.callBlocking(() -> {
            for (NamespaceConfiguration namespace : namespaces) {
                registry.reservations().load(namespace);
            }
        }, () -> {}, then);
    }

    @Override
    public CompletableFuture<Void> removeSubsystem(NvmeQualifiedName nqn) {
        Objects.requireNonNull(nqn);
        return changes.submit("subsystem " + nqn + " removed", change -> {
            TargetConfiguration next = ConfigurationEdit.withoutSubsystem(registry.configuration(), nqn);
            Subsystem subsystem = registry.subsystem(nqn);
            registry.install(next, () -> {
                change.inEffect();
                List<Namespace> namespaces = subsystem.namespaces().namespaces();
                end(pauses.remove(nqn));
                subsystem.whenEmpty(() -> release(change, namespaces));
            });
        });
    }

    @Override
    public CompletableFuture<Void> pause(NvmeQualifiedName nqn) {
        Objects.requireNonNull(nqn);
        return changes.submit("subsystem " + nqn + " paused", change -> {
            Subsystem subsystem = existing(nqn);
            if (pauses.containsKey(nqn)) {
                throw new ConfigurationException("state of " + nqn, "paused", "is running");
            }
            Pause pause = new Pause(holds, change);
            pauses.put(nqn, pause);
            pause.begin(subsystem.namespaces());
            // A command that takes long must not keep the others from being resumed.
            change.inEffect();
        });
    }

    @Override
    public CompletableFuture<Void> resume(NvmeQualifiedName nqn) {
        Objects.requireNonNull(nqn);
        return changes.submit("subsystem " + nqn + " resumed", change -> {
            existing(nqn);
            if (!pauses.containsKey(nqn)) {
                throw new ConfigurationException("state of " + nqn, "running", "is paused");
            }
            end(pauses.remove(nqn));
            registry.settle(change::complete);
        });
    }

    private static void end(Pause pause) {
        if (pause != null) {
            pause.end();
        }
    }

    private Subsystem existing(NvmeQualifiedName nqn) {
        ConfigurationEdit.subsystem(registry.configuration(), nqn);
        return registry.subsystem(nqn);
    }

    // ---- Namespaces

    @Override
    public CompletableFuture<Void> addNamespace(NvmeQualifiedName nqn, NamespaceConfiguration namespace) {
        return changes.submit("namespace " + namespace.id() + " of " + nqn + " added", change -> {
            TargetConfiguration next =
                    ConfigurationEdit.withNamespace(registry.configuration(), nqn, namespace);
            loadReservations(change, List.of(namespace), () -> installWith(change, next, nqn, namespace.id()));
        });
    }

    private void installWith(ChangeQueue.Change change, TargetConfiguration next, NvmeQualifiedName nqn,
            int namespaceId) {
        registry.install(next, change::complete);
        Pause pause = pauses.get(nqn);
        if (pause != null) {
            // A queue on another loop that is quicker sees a namespace that is paused a moment later.
            pause.add(registry.subsystem(nqn).namespaces().find(namespaceId).core());
        }
    }

    @Override
    public CompletableFuture<Void> removeNamespace(NvmeQualifiedName nqn, int namespaceId) {
        return changes.submit("namespace " + namespaceId + " of " + nqn + " removed", change -> {
            TargetConfiguration next =
                    ConfigurationEdit.withoutNamespace(registry.configuration(), nqn, namespaceId);
            Subsystem subsystem = registry.subsystem(nqn);
            Namespace namespace = subsystem.namespaces().find(namespaceId);
            registry.install(next, () -> {
                Pause pause = pauses.get(nqn);
                if (pause != null) {
                    pause.drop(namespace.core());
                }
                change.inEffect();
                release(change, List.of(namespace));
            });
        });
    }

    /** The end of namespaces that no queue sees any more. */
    private void release(ChangeQueue.Change change, List<Namespace> namespaces) {
        StringBuilder failures = new StringBuilder();
        Countdown released = new Countdown(namespaces.size(), () -> {
            if (failures.isEmpty()) {
                change.complete();
            } else {
                change.fail(new IOException("removed, but what was written last may be lost:" + failures));
            }
        });
        for (Namespace namespace : namespaces) {
            registry.releases().release(namespace, failure -> {
                if (failure != null) {
                    failures.append(' ').append(namespace.backend().describe()).append(" could not be flushed: ")
                            .append(failure.description()).append(';');
                }
                released.arrive();
            });
        }
    }

    @Override
    public CompletableFuture<Void> enableNamespace(NvmeQualifiedName nqn, int namespaceId, boolean enabled) {
        return change("namespace " + namespaceId + " of " + nqn + (enabled ? " enabled" : " disabled"),
                from -> ConfigurationEdit.edit(from, nqn, namespaceId, former -> former.withEnabled(enabled)));
    }

    @Override
    public CompletableFuture<Void> resizeNamespace(NvmeQualifiedName nqn, int namespaceId, Optional<Long> sizeBytes) {
        Objects.requireNonNull(sizeBytes);
        return changes.submit("namespace " + namespaceId + " of " + nqn + " resized",
                change -> new Resize(registry, holds, change, nqn, namespaceId).begin(sizeBytes));
    }

    @Override
    public CompletableFuture<Void> setNamespaceReadOnly(NvmeQualifiedName nqn, int namespaceId, boolean readOnly) {
        return change("namespace " + namespaceId + " of " + nqn + (readOnly ? " read-only" : " writable"),
                from -> ConfigurationEdit.edit(from, nqn, namespaceId, former -> former.withReadOnly(readOnly)));
    }

    @Override
    public CompletableFuture<Void> setNamespaceHosts(NvmeQualifiedName nqn, int namespaceId,
            Optional<Set<NvmeQualifiedName>> visibleTo) {
        return change("namespace " + namespaceId + " of " + nqn + " visible to "
                + visibleTo.map(Set::toString).orElse("all its hosts"),
                from -> ConfigurationEdit.edit(from, nqn, namespaceId, former -> former.withVisibleTo(visibleTo)));
    }

    @Override
    public CompletableFuture<Void> setNamespaceRateLimit(NvmeQualifiedName nqn, int namespaceId, RateLimit limit) {
        return change("namespace " + namespaceId + " of " + nqn + " limited to " + limit,
                from -> ConfigurationEdit.edit(from, nqn, namespaceId, former -> former.withRateLimit(limit)));
    }

    // ---- ANA

    @Override
    public CompletableFuture<Void> setAnaGroup(NvmeQualifiedName nqn, int namespaceId, int anaGroup) {
        return change("namespace " + namespaceId + " of " + nqn + " in ANA group " + anaGroup,
                from -> ConfigurationEdit.edit(from, nqn, namespaceId, former -> former.withAnaGroup(anaGroup)));
    }

    @Override
    public CompletableFuture<Void> setAnaState(int portId, int anaGroup, AnaState state) {
        Objects.requireNonNull(state);
        return changes.submit("ANA group " + anaGroup + " " + state + " on port " + portId, change -> {
            TargetConfiguration next =
                    ConfigurationEdit.withAnaState(registry.configuration(), portId, anaGroup, state);
            registry.install(next, () -> {
                transitions.watch(portId, anaGroup);
                change.complete();
            });
        });
    }

    @Override
    public CompletableFuture<Void> giveWay(int anaGroup, AnaState state) {
        Objects.requireNonNull(state);
        return changes.submit("ANA group " + anaGroup + " gave way and is " + state + " on all ports",
                change -> new GiveWay(registry, holds, change, anaGroup, state).begin());
    }

    // ---- Hosts

    @Override
    public CompletableFuture<Void> allowHost(NvmeQualifiedName nqn, NvmeQualifiedName hostNqn) {
        Objects.requireNonNull(hostNqn);
        return change(hostNqn + " allowed to connect to " + nqn,
                from -> ConfigurationEdit.edit(from, nqn, builder -> builder.allowHost(hostNqn)));
    }

    @Override
    public CompletableFuture<Void> disallowHost(NvmeQualifiedName nqn, NvmeQualifiedName hostNqn) {
        return change(hostNqn + " not allowed to connect to " + nqn + " any more", from -> {
            Set<NvmeQualifiedName> hosts =
                    new LinkedHashSet<>(ConfigurationEdit.subsystem(from, nqn).allowedHosts());
            if (!hosts.remove(hostNqn)) {
                throw new ConfigurationException("allowed host of " + nqn, hostNqn, "are " + hosts);
            }
            return ConfigurationEdit.edit(from, nqn, builder -> builder.allowedHosts(hosts));
        });
    }

    @Override
    public CompletableFuture<Void> setAllowAnyHost(NvmeQualifiedName nqn, boolean allowAnyHost) {
        return change((allowAnyHost ? "every host" : "not every host") + " allowed to connect to " + nqn,
                from -> ConfigurationEdit.edit(from, nqn, builder -> builder.allowAnyHost(allowAnyHost)));
    }

    @Override
    public CompletableFuture<Void> setHostRateLimit(NvmeQualifiedName nqn, NvmeQualifiedName hostNqn,
            RateLimit limit) {
        Objects.requireNonNull(hostNqn);
        Objects.requireNonNull(limit);
        return change(hostNqn + " limited to " + limit + " at " + nqn,
                from -> ConfigurationEdit.edit(from, nqn, builder -> builder.hostRateLimit(hostNqn, limit)));
    }

    @Override
    public CompletableFuture<Void> endController(NvmeQualifiedName nqn, int controllerId) {
        return changes.submit("controller " + controllerId + " of " + nqn + " ended", change -> {
            Subsystem subsystem = existing(nqn);
            Controller controller = subsystem.controller(controllerId);
            if (controller == null) {
                throw new ConfigurationException("controller of " + nqn, controllerId,
                        "are " + subsystem.controllers().stream().map(Controller::id).toList());
            }
            registry.end(List.of(controller), "ended by the operator");
            registry.settle(change::complete);
        });
    }

    // ---- Ports and referrals

    @Override
    public CompletableFuture<Void> addPort(PortConfiguration port) {
        return changes.submit("port " + port.id() + " added", change -> {
            TargetConfiguration next = ConfigurationEdit.withPort(registry.configuration(), port);
            registry.listeners().transport(port);
            Port added = registry.newPort(port);
            change.callBlocking(() -> registry.listeners().listen(added), () -> {}, () -> {
                registry.onPortListening(added);
                registry.install(next, change::complete);
            });
        });
    }

    @Override
    public CompletableFuture<Void> removePort(int portId) {
        return changes.submit("port " + portId + " removed", change -> {
            TargetConfiguration next = ConfigurationEdit.withoutPort(registry.configuration(), portId);
            change.callBlocking(() -> registry.listeners().stop(portId), () -> {}, () -> {
                registry.onPortRemoved(portId);
                registry.install(next, change::complete);
            });
        });
    }

    @Override
    public CompletableFuture<Void> addReferral(ReferralConfiguration referral) {
        Objects.requireNonNull(referral);
        return change("referral to " + referral.address() + " added",
                from -> ConfigurationEdit.withReferral(from, referral));
    }

    @Override
    public CompletableFuture<Void> removeReferral(ReferralConfiguration referral) {
        Objects.requireNonNull(referral);
        return change("referral to " + referral.address() + " removed",
                from -> ConfigurationEdit.withoutReferral(from, referral));
    }

    // ---- What the target itself changes

    /** The storage of a namespace disappeared, and so does the namespace; its owner may enable it again. */
    void backendGone(NamespaceBackend backend, String why) {
        changes.submit("a namespace without storage disabled", change -> {
            for (SubsystemConfiguration subsystem : registry.configuration().subsystems()) {
                for (NamespaceConfiguration namespace : subsystem.namespaces()) {
                    if (namespace.backend() == backend && namespace.enabled()) {
                        LOG.error("namespace {} of {} disappears, its storage is gone: {}: {}. Enable it again when "
                                + "the storage is back", namespace.id(), subsystem.nqn(), backend.describe(), why);
                        registry.install(ConfigurationEdit.edit(registry.configuration(), subsystem.nqn(),
                                namespace.id(), former -> former.withEnabled(false)), change::complete);
                        return;
                    }
                }
            }
            change.completeWithoutChange();
        });
    }

    void close() {
        changes.close();
    }
}
