package io.nvmeof.protocol.tcp;

/**
 * How the controller's end of NVMe/TCP connections behaves.
 *
 * @param maxH2cDataBytes MAXH2CDATA: most data a host may put in one H2CData PDU; from 4096, a multiple of 4
 * @param inCapsuleDataBytes most data inside a command capsule of an I/O queue, a multiple of 16 as IOCCSZ counts; 0
 *     for none. Fabrics and Admin commands may always carry 8 KiB
 * @param dataTransferBytesMax most data of one command (MDTS)
 * @param headerDigestAllowed whether hosts that ask for header digests get them
 * @param dataDigestAllowed whether hosts that ask for data digests get them
 * @param pduDataAlignment CPDA, from 0 to 31: hosts align data to this many dwords and one more; Linux takes 0 only
 * @param icTimeoutNanos how long the initialize connection exchange may take, from the first tick or byte
 * @param stallTimeoutNanos how long a host may leave a PDU unfinished, an R2T unanswered, or the output untaken
 * @param outputBytesMax bytes waiting to be sent above which no new commands are taken
 */
public record ControllerConnectionOptions(int maxH2cDataBytes, int inCapsuleDataBytes, int dataTransferBytesMax,
        boolean headerDigestAllowed, boolean dataDigestAllowed, int pduDataAlignment, long icTimeoutNanos,
        long stallTimeoutNanos, int outputBytesMax) {
    /** The least MAXH2CDATA (NVMe/TCP Transport 1.1, ICResp). */
    public static final int MAX_H2C_DATA_BYTES_MIN = 4096;
    /** The greatest CPDA and HPDA. */
    public static final int PDU_DATA_ALIGNMENT_MAX = 31;

    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int IOCCSZ_UNIT_BYTES = 16;
    private static final int BYTES_MAX = 1 << 30;

    public ControllerConnectionOptions {
        require(maxH2cDataBytes, MAX_H2C_DATA_BYTES_MIN, BYTES_MAX, Integer.BYTES, "maxH2cDataBytes");
        require(inCapsuleDataBytes, 0, BYTES_MAX, IOCCSZ_UNIT_BYTES, "inCapsuleDataBytes");
        require(dataTransferBytesMax, 4096, BYTES_MAX, 4096, "dataTransferBytesMax");
        require(pduDataAlignment, 0, PDU_DATA_ALIGNMENT_MAX, 1, "pduDataAlignment");
        require(outputBytesMax, 1, Integer.MAX_VALUE, 1, "outputBytesMax");
        if (icTimeoutNanos <= 0 || stallTimeoutNanos <= 0) {
            throw new IllegalArgumentException("time limits must be above 0");
        }
    }

    /**
     * 1 MiB transfers, each in one H2CData PDU if the host can (nothing is buffered for it); 16 KiB in the capsule, as
     * kernel nvmet, which saves small and database writes the round trip of an R2T; digests if asked for.
     */
    public static ControllerConnectionOptions defaults() {
        return new ControllerConnectionOptions(1 << 20, 16 << 10, 1 << 20, true, true, 0,
                10 * SECOND_NANOS, 30 * SECOND_NANOS, 4 << 20);
    }

    public ControllerConnectionOptions withMaxH2cDataBytes(int bytes) {
        return new ControllerConnectionOptions(bytes, inCapsuleDataBytes, dataTransferBytesMax, headerDigestAllowed,
                dataDigestAllowed, pduDataAlignment, icTimeoutNanos, stallTimeoutNanos, outputBytesMax);
    }

    public ControllerConnectionOptions withInCapsuleDataBytes(int bytes) {
        return new ControllerConnectionOptions(maxH2cDataBytes, bytes, dataTransferBytesMax, headerDigestAllowed,
                dataDigestAllowed, pduDataAlignment, icTimeoutNanos, stallTimeoutNanos, outputBytesMax);
    }

    public ControllerConnectionOptions withDataTransferBytesMax(int bytes) {
        return new ControllerConnectionOptions(maxH2cDataBytes, inCapsuleDataBytes, bytes, headerDigestAllowed,
                dataDigestAllowed, pduDataAlignment, icTimeoutNanos, stallTimeoutNanos, outputBytesMax);
    }

    public ControllerConnectionOptions withDigestsAllowed(boolean header, boolean data) {
        return new ControllerConnectionOptions(maxH2cDataBytes, inCapsuleDataBytes, dataTransferBytesMax, header, data,
                pduDataAlignment, icTimeoutNanos, stallTimeoutNanos, outputBytesMax);
    }

    public ControllerConnectionOptions withPduDataAlignment(int cpda) {
        return new ControllerConnectionOptions(maxH2cDataBytes, inCapsuleDataBytes, dataTransferBytesMax,
                headerDigestAllowed, dataDigestAllowed, cpda, icTimeoutNanos, stallTimeoutNanos, outputBytesMax);
    }

    public ControllerConnectionOptions withTimeouts(long icNanos, long stallNanos) {
        return new ControllerConnectionOptions(maxH2cDataBytes, inCapsuleDataBytes, dataTransferBytesMax,
                headerDigestAllowed, dataDigestAllowed, pduDataAlignment, icNanos, stallNanos, outputBytesMax);
    }

    public ControllerConnectionOptions withOutputBytesMax(int bytes) {
        return new ControllerConnectionOptions(maxH2cDataBytes, inCapsuleDataBytes, dataTransferBytesMax,
                headerDigestAllowed, dataDigestAllowed, pduDataAlignment, icTimeoutNanos, stallTimeoutNanos, bytes);
    }

    private static void require(int value, int min, int max, int multiple, String name) {
        if (value < min || value > max || value % multiple != 0) {
            throw new IllegalArgumentException(name + " " + value + ": allowed from " + min + " to " + max
                    + (multiple > 1 ? ", a multiple of " + multiple : ""));
        }
    }
}
