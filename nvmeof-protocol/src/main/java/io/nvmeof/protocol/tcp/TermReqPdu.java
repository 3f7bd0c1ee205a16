package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * Terminate Connection Request of either side: why, and up to 128 bytes of the header at fault (NVMe/TCP Transport 1.1,
 * H2CTermReq and C2HTermReq).
 *
 * <p>Flyweight: holds no field but the segment it was last wrapped over, and is valid until that segment is reused. The
 * common header is read with {@link PduHeader}.
 */
public final class TermReqPdu {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("PDU-Type"),
            U8.withName("FLAGS"),
            U8.withName("HLEN"),
            U8.withName("PDO"),
            LE32.withName("PLEN"),
            LE16.withName("FES"),
            LE32.withName("FEI"),
            MemoryLayout.paddingLayout(10));

    /** Bytes of the header, without digest: HLEN. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** Most bytes of the offending header that may follow. */
    public static final int MAX_OFFENDING = 128;
    /** Longest PDU of this kind. */
    public static final int MAX_SIZE = SIZE + MAX_OFFENDING;

    private static final VarHandle FES = field("FES");
    private static final VarHandle FEI = field("FEI");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 24 bytes of {@code segment} that start at {@code base} from now on. */
    public TermReqPdu wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /**
     * Writes the header and the offending one behind it.
     *
     * @param type {@link PduType#H2C_TERM_REQ} or {@link PduType#C2H_TERM_REQ}
     * @param information FEI: a byte offset or a digest, as {@link FatalErrorStatus} says; 32 bits
     * @param offending the header at fault; what is beyond {@link #MAX_OFFENDING} bytes is left out
     * @param offendingOffset where it starts
     * @param offendingLength how many bytes of it there are, 0 if none
     */
    public TermReqPdu encode(PduType type, FatalErrorStatus status, int information, MemorySegment offending,
            long offendingOffset, long offendingLength) {
        assert type == PduType.H2C_TERM_REQ || type == PduType.C2H_TERM_REQ : type;
        long length = Math.min(offendingLength, MAX_OFFENDING);
        // Copied first: the offending header may be in the buffer this is written to.
        MemorySegment.copy(offending, offendingOffset, segment, base + SIZE, length);
        PduHeader.begin(segment, base, type, 0, 0, 1);
        segment.set(LE32, base + PduHeader.PLEN_OFFSET, SIZE + (int) length);
        FES.set(segment, base, (short) status.code());
        FEI.set(segment, base, information);
        return this;
    }

    /** FES, 0 to 65535; see {@link FatalErrorStatus#ofCode}, which knows not all of them. */
    public int status() {
        return Short.toUnsignedInt((short) FES.get(segment, base));
    }

    /** FEI: all 32 bits, meaning what {@link #status()} says. */
    public int information() {
        return (int) FEI.get(segment, base);
    }

    /** Bytes of the offending header behind this one, clamped to what is allowed; they start at {@link #SIZE}. */
    public int offendingLength() {
        long plen = Integer.toUnsignedLong(segment.get(LE32, base + PduHeader.PLEN_OFFSET));
        return Math.clamp(plen - SIZE, 0, MAX_OFFENDING);
    }

    @Override
    public String toString() {
        return "TermReq[fes=%d fei=%#x offending=%d bytes]".formatted(status(), information(), offendingLength());
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
