package io.nvmeof.protocol.tcp;

/**
 * How the host's end of NVMe/TCP connections behaves.
 *
 * @param pduDataAlignment HPDA, from 0 to 31: controllers align data to this many dwords and one more; kernel nvmet
 *     takes 0 only
 * @param stallTimeoutNanos how long a controller may leave a PDU unfinished or the output untaken
 * @param outputBytesMax bytes waiting to be sent above which data asked for by R2T waits in the caller's memory
 */
public record HostConnectionOptions(int pduDataAlignment, long stallTimeoutNanos, int outputBytesMax) {
    private static final long SECOND_NANOS = 1_000_000_000;

    public HostConnectionOptions {
        if (pduDataAlignment < 0 || pduDataAlignment > ControllerConnectionOptions.PDU_DATA_ALIGNMENT_MAX) {
            throw new IllegalArgumentException("pduDataAlignment " + pduDataAlignment + ": allowed from 0 to "
                    + ControllerConnectionOptions.PDU_DATA_ALIGNMENT_MAX);
        }
        if (stallTimeoutNanos <= 0 || outputBytesMax <= 0) {
            throw new IllegalArgumentException("stallTimeoutNanos and outputBytesMax must be above 0");
        }
    }

    /**
     * 512 KiB waiting to be sent: data is copied on its way out, and what is copied long before the system takes it has
     * left the processor's cache by then (docs/performance.md).
     */
    public static HostConnectionOptions defaults() {
        return new HostConnectionOptions(0, 30 * SECOND_NANOS, 512 << 10);
    }

    public HostConnectionOptions withPduDataAlignment(int hpda) {
        return new HostConnectionOptions(hpda, stallTimeoutNanos, outputBytesMax);
    }

    public HostConnectionOptions withStallTimeoutNanos(long nanos) {
        return new HostConnectionOptions(pduDataAlignment, nanos, outputBytesMax);
    }

    public HostConnectionOptions withOutputBytesMax(int bytes) {
        return new HostConnectionOptions(pduDataAlignment, stallTimeoutNanos, bytes);
    }
}
