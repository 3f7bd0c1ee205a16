package io.nvmeof.protocol.transport;

/**
 * What a host asks of a new connection.
 *
 * @param slotCount how many commands may be outstanding: command identifiers go from 0 to slotCount - 1
 * @param headerDigest whether PDU headers carry a CRC32C
 * @param dataDigest whether data carries a CRC32C
 * @param connectTimeoutNanos how long connecting may take, from the first packet to the last of the transport's own
 *     handshake
 */
public record HostQueueOptions(int slotCount, boolean headerDigest, boolean dataDigest, long connectTimeoutNanos) {
    public HostQueueOptions {
        if (slotCount < 1 || slotCount > 65_535) {
            throw new IllegalArgumentException("slot count " + slotCount + ": allowed from 1 to 65535");
        }
    }
}
