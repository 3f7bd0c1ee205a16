package io.nvmeof.protocol.transport;

/**
 * What a connection can carry. Differences between transports are values here, not methods.
 *
 * @param inCapsuleDataBytes most data inside a command capsule of an I/O queue, in bytes; Fabrics and Admin commands
 *     may always carry 8 KiB
 * @param dataTransferBytesMax most data of one command that this transport can move, in bytes
 * @param local our address as the peer sees it
 * @param peer the peer's address
 */
public record QueueLimits(int inCapsuleDataBytes, int dataTransferBytesMax, TransportAddress local,
        TransportAddress peer) {
    /** Most data inside the capsule of a Fabrics or Admin command, in bytes (NVMe/TCP Transport 1.1, 3.3.2.2). */
    public static final int ADMIN_IN_CAPSULE_DATA_BYTES = 8192;
}
