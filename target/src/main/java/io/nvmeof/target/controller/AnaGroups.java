package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.AnaGroupDescriptor;
import io.nvmeof.protocol.admin.AnaLog;
import io.nvmeof.protocol.admin.AnaState;
import io.nvmeof.protocol.admin.NamespaceList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ANA groups as one controller reports them: those that contain a namespace its host sees, and when they changed
 * (NVMe Base 2.1, Asymmetric Namespace Access log page). Owned by the controller's loop.
 *
 * <p>A group without such a namespace is left out, so that a host that meets its first namespace asks anew instead of
 * believing a state it read long ago.
 */
final class AnaGroups {
    private final Map<Integer, AnaGroupDescriptor> groups = new TreeMap<>();
    private long changeCount;

    /** The namespaces, or the states of the port, are these from now on; counts the change if there is one. */
    void update(NamespaceTable namespaces, AnaStates states) {
        Map<Integer, List<Integer>> members = new TreeMap<>();
        for (Namespace namespace : namespaces.namespaces()) {
            members.computeIfAbsent(namespace.anaGroup(), absent -> new ArrayList<>()).add(namespace.id());
        }
        long nextCount = changeCount + 1;
        boolean changed = groups.keySet().retainAll(members.keySet());
        for (Map.Entry<Integer, List<Integer>> group : members.entrySet()) {
            AnaState state = states.state(group.getKey());
            NamespaceList ids = NamespaceList.of(group.getValue().stream().mapToInt(Integer::intValue).toArray());
            AnaGroupDescriptor known = groups.get(group.getKey());
            if (known == null || known.state() != state || !known.namespaces().equals(ids)) {
                groups.put(group.getKey(), new AnaGroupDescriptor(group.getKey(), nextCount, state, ids));
                changed = true;
            }
        }
        if (changed) {
            changeCount = nextCount;
        }
    }

    /** The log page, its groups and their namespaces in increasing order. */
    AnaLog page() {
        return new AnaLog(changeCount, List.copyOf(groups.values()));
    }
}
