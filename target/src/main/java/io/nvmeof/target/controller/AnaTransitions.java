package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.target.PortConfiguration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches ANA groups that were put into the Change state: hosts give up a path that stays there for longer than ANATT
 * (NVMe Base 2.1, ANA Transition Time). Owned by the control loop.
 */
final class AnaTransitions {
    /** ANATT in nanoseconds. */
    static final long TRANSITION_NANOS = TargetLimits.ANA_TRANSITION_TIME_SECONDS * 1_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(AnaTransitions.class);

    private record Place(int portId, int group) {}

    private final Registry registry;
    /** The change that began each transition; another one may have ended it and begun a new one since. */
    private final Map<Place, Object> begun = new HashMap<>();

    AnaTransitions(Registry registry) {
        this.registry = registry;
    }

    /** A group's state on a port was set just now. */
    void watch(int portId, int group) {
        Place place = new Place(portId, group);
        if (!inChange(place)) {
            begun.remove(place);
            return;
        }
        Object token = new Object();
        begun.put(place, token);
        registry.loop().schedule(TRANSITION_NANOS, () -> {
            if (Objects.equals(begun.get(place), token) && inChange(place)) {
                LOG.warn("ANA group {} is in state CHANGE on port {} for longer than the {} s that hosts wait: set the "
                        + "state that it changes to", group, portId, TargetLimits.ANA_TRANSITION_TIME_SECONDS);
            }
        });
    }

    private boolean inChange(Place place) {
        for (PortConfiguration port : registry.configuration().ports()) {
            if (port.id() == place.portId) {
                return port.anaState(place.group) == AnaState.CHANGE;
            }
        }
        return false;
    }
}
