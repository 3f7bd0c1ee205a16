package io.nvmeof.target.controller;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.nio.ByteBuffer;

/**
 * What a subsystem has been through, for its SMART log: what it was told of earlier runs, and what happened since. Each
 * method says who may call it.
 */
final class Health {
    /** How long a failure of the storage counts as degraded reliability. */
    static final long DEGRADED_NANOS = 600_000_000_000L;

    private static final int VERSION = 1;

    /**
     * Sums over all runs of the target.
     *
     * @param readBytes data of Read, Compare and Verify commands
     * @param readCommands Read, Compare and Copy commands
     * @param writeBytes data of Write and Copy commands
     * @param writeCommands Write and Copy commands
     * @param mediaErrors commands that failed with an error of the medium
     * @param busyNanos how long a command was outstanding on an I/O queue
     * @param powerOnNanos how long the target ran
     * @param powerCycles how often it was started
     * @param unsafeShutdowns how often it ended without having been closed
     */
    record Totals(long readBytes, long readCommands, long writeBytes, long writeCommands, long mediaErrors,
            long busyNanos, long powerOnNanos, long powerCycles, long unsafeShutdowns) {
        /** The first start of all. */
        static final Totals FIRST_START = new Totals(0, 0, 0, 0, 0, 0, 0, 1, 0);
        private static final int SIZE = Integer.BYTES + 1 + 9 * Long.BYTES;

        /** @param clean whether these are the last words of a target that was closed */
        byte[] encode(boolean clean) {
            return ByteBuffer.allocate(SIZE).putInt(VERSION).put((byte) (clean ? 1 : 0)).putLong(readBytes)
                    .putLong(readCommands).putLong(writeBytes).putLong(writeCommands).putLong(mediaErrors)
                    .putLong(busyNanos).putLong(powerOnNanos).putLong(powerCycles).putLong(unsafeShutdowns).array();
        }

        /**
         * What a target begins with that found these bytes.
         *
         * @throws IllegalArgumentException if they are something else
         */
        static Totals decodeAtStart(byte[] bytes) {
            ByteBuffer from = ByteBuffer.wrap(bytes);
            if (bytes.length != SIZE || from.getInt() != VERSION) {
                throw new IllegalArgumentException(bytes.length + " bytes of another version");
            }
            boolean clean = from.get() == 1;
            return new Totals(from.getLong(), from.getLong(), from.getLong(), from.getLong(), from.getLong(),
                    from.getLong(), from.getLong(), from.getLong() + 1, from.getLong() + (clean ? 0 : 1));
        }
    }

    private final long startNanos;
    private final ActivityCounter busyNanos = new ActivityCounter();
    private volatile Totals before = Totals.FIRST_START;
    private volatile boolean failed;
    private volatile long failedNanos;

    Health(long startNanos) {
        this.startNanos = startNanos;
    }

    /** What earlier runs have left, this start included. */
    void continueFrom(Totals totals) {
        before = totals;
    }

    /** The control loop saw a command outstanding at the end of such a while. */
    void addBusy(long nanos) {
        busyNanos.add(nanos);
    }

    /** The storage failed. Any thread may call. */
    void onFailure(long nowNanos) {
        failedNanos = nowNanos;
        failed = true;
    }

    /** Whether the storage failed not long ago. Any thread may ask. */
    boolean degraded(long nowNanos) {
        return failed && nowNanos - failedNanos < DEGRADED_NANOS;
    }

    /** Whether such a status is about storage that can no longer be relied on. */
    static boolean degrades(StatusCode status) {
        return status instanceof MediaStatus && status != MediaStatus.COMPARE_FAILURE
                || status == GenericStatus.INTERNAL_ERROR || status == PathRelatedStatus.INTERNAL_PATH_ERROR;
    }

    /** The sums up to now. Any thread may ask. */
    Totals totals(Iterable<TransferCounters> counters, long nowNanos) {
        long readBytes = before.readBytes;
        long readCommands = before.readCommands;
        long writeBytes = before.writeBytes;
        long writeCommands = before.writeCommands;
        long mediaErrors = before.mediaErrors;
        for (TransferCounters each : counters) {
            readBytes += each.readBytes.get();
            readCommands += each.readCommands.get();
            writeBytes += each.writeBytes.get();
            writeCommands += each.writeCommands.get();
            mediaErrors += each.mediaErrors.get();
        }
        return new Totals(readBytes, readCommands, writeBytes, writeCommands, mediaErrors,
                before.busyNanos + busyNanos.get(), before.powerOnNanos + nowNanos - startNanos, before.powerCycles,
                before.unsafeShutdowns);
    }
}
