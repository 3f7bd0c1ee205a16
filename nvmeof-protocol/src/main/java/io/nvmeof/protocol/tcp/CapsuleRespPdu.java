package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.U8;

import io.nvmeof.protocol.queue.CompletionQueueEntry;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * Response Capsule: one completion queue entry (NVMe/TCP Transport 1.1, CapsuleResp). The entry is at
 * {@link #CQE_OFFSET}; wrap a {@link CompletionQueueEntry} there.
 *
 * <p>Flyweight: holds no field but the segment it was last wrapped over, and is valid until that segment is reused. The
 * common header is read with {@link PduHeader}.
 */
public final class CapsuleRespPdu {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("PDU-Type"),
            U8.withName("FLAGS"),
            U8.withName("HLEN"),
            U8.withName("PDO"),
            LE32.withName("PLEN"),
            CompletionQueueEntry.LAYOUT.withName("RCCQE"));

    /** Bytes of the header, without digest: HLEN. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** Where the completion queue entry starts. */
    public static final int CQE_OFFSET = PduHeader.SIZE;

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 24 bytes of {@code segment} that start at {@code base} from now on. */
    public CapsuleRespPdu wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /**
     * Writes the common header and zeroes the rest, the entry included: fill the entry afterwards.
     *
     * @param flags {@link PduHeader#HDGSTF} if negotiated, else 0
     */
    public CapsuleRespPdu encode(int flags) {
        PduHeader.begin(segment, base, PduType.CAPSULE_RESP, flags, 0, 1);
        return this;
    }

    /** Points {@code entry} at this capsule's completion and returns it. */
    public CompletionQueueEntry entry(CompletionQueueEntry entry) {
        return entry.wrap(segment, base + CQE_OFFSET);
    }

    @Override
    public String toString() {
        return "CapsuleResp" + new CompletionQueueEntry().wrap(segment, base + CQE_OFFSET);
    }
}
