package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.GenericStatus;
import java.util.ArrayList;
import java.util.List;

/** Keeps the commands of a preempted host away from a namespace (NVMe Base 2.1, Reservations: Preempt and Abort). */
final class Preemption {
    private Preemption() {}

    /**
     * Aborts the commands of a queue that wait, and waits for those that the storage has. One whose data is still on
     * its way will be aborted when that is there, and is not waited for: its host may be dead.
     */
    static void of(Request[] requests, NamespaceCore core, Runnable whenDone) {
        List<Request> inside = new ArrayList<>();
        for (Request request : requests) {
            if (request.namespace != null && request.namespace.namespace().core() == core) {
                if (request.inside()) {
                    inside.add(request);
                } else {
                    request.fail(GenericStatus.COMMAND_ABORTED_PREEMPT_AND_ABORT);
                }
            }
        }
        Countdown countdown = new Countdown(inside.size(), whenDone);
        inside.forEach(request -> request.whenEnded(countdown::arrive));
    }
}
