package io.nvmeof.transport.tcp;

import java.util.ArrayDeque;

/**
 * Arrays in which the records of one loop's connections are sealed and opened, and in which the beginning of a record
 * waits for its end. Owned by the loop.
 */
final class TlsScratch {
    /** Arrays kept when they are not in use. */
    private static final int IDLE_PARTIALS_MAX = 64;

    final byte[] plain = new byte[TlsRecord.BYTES_MAX];
    final byte[] sealed = new byte[TlsRecord.BYTES_MAX];
    private final ArrayDeque<byte[]> partials = new ArrayDeque<>();

    /** Room for one record of a connection. */
    byte[] takePartial() {
        byte[] partial = partials.pollLast();
        return partial == null ? new byte[TlsRecord.BYTES_MAX] : partial;
    }

    void giveBack(byte[] partial) {
        if (partials.size() < IDLE_PARTIALS_MAX) {
            partials.addLast(partial);
        }
    }
}
