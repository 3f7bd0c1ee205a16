package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.U8;

import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * Command Capsule: one submission queue entry, in-capsule data may follow (NVMe/TCP Transport 1.1, CapsuleCmd). The
 * entry is at {@link #SQE_OFFSET}; wrap a {@link SubmissionQueueEntry} there.
 *
 * <p>Flyweight: holds no field but the segment it was last wrapped over, and is valid until that segment is reused. The
 * common header is read with {@link PduHeader}.
 */
public final class CapsuleCmdPdu {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("PDU-Type"),
            U8.withName("FLAGS"),
            U8.withName("HLEN"),
            U8.withName("PDO"),
            LE32.withName("PLEN"),
            SubmissionQueueEntry.LAYOUT.withName("CCSQE"));

    /** Bytes of the header, without digest: HLEN. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** Where the submission queue entry starts. */
    public static final int SQE_OFFSET = PduHeader.SIZE;

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 72 bytes of {@code segment} that start at {@code base} from now on. */
    public CapsuleCmdPdu wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /**
     * Writes the common header and zeroes the rest up to the data, the entry included: fill the entry afterwards.
     *
     * @param flags {@link PduHeader#HDGSTF} and {@link PduHeader#DDGSTF} as negotiated; the latter is
     *     dropped without data
     * @param dataLength bytes of in-capsule data, 0 if none
     * @param alignmentBytes what the controller asked for: {@link PduHeader#alignmentBytes} of CPDA
     */
    public CapsuleCmdPdu encode(int flags, long dataLength, int alignmentBytes) {
        PduHeader.begin(segment, base, PduType.CAPSULE_CMD, flags, dataLength, alignmentBytes);
        return this;
    }

    /** Points {@code entry} at this capsule's command and returns it. */
    public SubmissionQueueEntry entry(SubmissionQueueEntry entry) {
        return entry.wrap(segment, base + SQE_OFFSET);
    }

    @Override
    public String toString() {
        return "CapsuleCmd" + new SubmissionQueueEntry().wrap(segment, base + SQE_OFFSET);
    }
}
