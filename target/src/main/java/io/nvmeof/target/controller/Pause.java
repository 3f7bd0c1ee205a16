package io.nvmeof.target.controller;

import java.util.LinkedHashSet;
import java.util.Set;

/** A subsystem of which no I/O command may begin. Owned by the control loop. */
final class Pause {
    private final NamespaceHolds holds;
    private final ChangeQueue.Change change;
    private final Set<NamespaceCore> held = new LinkedHashSet<>();
    private final Set<NamespaceCore> busy = new LinkedHashSet<>();

    /** @param change to be completed when no command is at work any more */
    Pause(NamespaceHolds holds, ChangeQueue.Change change) {
        this.holds = holds;
        this.change = change;
    }

    void begin(NamespaceTable namespaces) {
        namespaces.namespaces().forEach(namespace -> add(namespace.core()));
        completeIfQuiet();
    }

    /** The subsystem has this namespace too, from now on. */
    void add(NamespaceCore core) {
        held.add(core);
        busy.add(core);
        holds.hold(core, () -> onQuiet(core));
    }

    /** The namespace is removed: who waits is told that it is not there. */
    void drop(NamespaceCore core) {
        if (held.remove(core)) {
            holds.release(core);
            onQuiet(core);
        }
    }

    private void onQuiet(NamespaceCore core) {
        busy.remove(core);
        completeIfQuiet();
    }

    private void completeIfQuiet() {
        if (busy.isEmpty()) {
            change.complete();
        }
    }

    /** Commands go on. A pause that was not quiet by then never will be. */
    void end() {
        held.forEach(holds::release);
        held.clear();
        change.fail(new IllegalStateException("resumed before the last command was done"));
    }
}
