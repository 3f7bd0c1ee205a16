package io.nvmeof.cli.load;

import io.nvmeof.cli.host.QueueOptions;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.RemoteNamespace;

/** Checks that a load fits what the controller has granted. */
final class LoadLimits {
    private LoadLimits() {}

    /** Ends the command with exit status 2 if commands of {@code bytes} or the queues asked for cannot be. */
    static void check(HostController controller, RemoteNamespace namespace, long bytes, String option,
            QueueOptions queues) {
        int block = namespace.blockSizeBytes();
        long most = Math.min(controller.transferBytesMax(), namespace.blockCount() * block);
        if (bytes < block || bytes > most || bytes % block != 0) {
            throw CommandFailure.usage(option + ": " + bytes + " bytes; allowed for this namespace: a multiple of "
                    + block
                    + " from " + block + " to " + most);
        }
        if (controller.ioQueueCount() < queues.count()) {
            throw CommandFailure.usage("--nr-io-queues: " + queues.count() + "; the target grants "
                    + controller.ioQueueCount());
        }
        if (namespace.queue(0).depth() < queues.depth()) {
            throw CommandFailure.usage("--iodepth: " + queues.depth() + "; the target's queues hold "
                    + namespace.queue(0).depth() + " commands");
        }
    }
}
