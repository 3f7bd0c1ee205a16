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
 * Initialize Connection Request: the first PDU of a connection, from the host (NVMe/TCP Transport 1.1, ICReq).
 *
 * <p>Flyweight: holds no field but the segment it was last wrapped over, and is valid until that segment is reused. The
 * common header is read with {@link PduHeader}.
 */
public final class IcReqPdu {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("PDU-Type"),
            U8.withName("FLAGS"),
            U8.withName("HLEN"),
            U8.withName("PDO"),
            LE32.withName("PLEN"),
            LE16.withName("PFV"),
            U8.withName("HPDA"),
            U8.withName("DGST"),
            LE32.withName("MAXR2T"),
            MemoryLayout.paddingLayout(112));

    /** Bytes of the header, without digest: HLEN. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** The only PDU format version there is. */
    public static final int PDU_FORMAT_VERSION = 0;
    /** DGST bit: header digests. */
    public static final int HDGST_ENABLE = 1;
    /** DGST bit: data digests. */
    public static final int DDGST_ENABLE = 1 << 1;

    /** Byte offset of PFV. */
    public static final int PFV_OFFSET = (int) LAYOUT.byteOffset(groupElement("PFV"));
    /** Byte offset of HPDA. */
    public static final int HPDA_OFFSET = (int) LAYOUT.byteOffset(groupElement("HPDA"));
    /** Byte offset of DGST. */
    public static final int DGST_OFFSET = (int) LAYOUT.byteOffset(groupElement("DGST"));
    /** Byte offset of MAXR2T. */
    public static final int MAXR2T_OFFSET = (int) LAYOUT.byteOffset(groupElement("MAXR2T"));

    private static final VarHandle PFV = field("PFV");
    private static final VarHandle HPDA = field("HPDA");
    private static final VarHandle DGST = field("DGST");
    private static final VarHandle MAXR2T = field("MAXR2T");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 128 bytes of {@code segment} that start at {@code base} from now on. */
    public IcReqPdu wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /**
     * Writes all 128 bytes, with PDU format version 0.
     *
     * @param hpda the alignment of data the host wants, 0's based dwords, 0 to 31
     * @param digests {@link #HDGST_ENABLE}, {@link #DDGST_ENABLE} or both
     * @param maxR2t outstanding R2Ts per command the host allows, 0's based
     */
    public IcReqPdu encode(int hpda, int digests, long maxR2t) {
        PduHeader.begin(segment, base, PduType.IC_REQ, 0, 0, 1);
        PFV.set(segment, base, (short) PDU_FORMAT_VERSION);
        HPDA.set(segment, base, (byte) hpda);
        DGST.set(segment, base, (byte) digests);
        MAXR2T.set(segment, base, (int) maxR2t);
        return this;
    }

    /** PFV, 0 to 65535. */
    public int pduFormatVersion() {
        return Short.toUnsignedInt((short) PFV.get(segment, base));
    }

    /** HPDA: the alignment of data the host wants, 0's based dwords, 0 to 31. */
    public int hpda() {
        return Byte.toUnsignedInt((byte) HPDA.get(segment, base));
    }

    /** DGST, the whole byte: bits 7:2 are reserved. */
    public int digests() {
        return Byte.toUnsignedInt((byte) DGST.get(segment, base));
    }

    /** Whether DGST has {@link #HDGST_ENABLE}. */
    public boolean headerDigest() {
        return (digests() & HDGST_ENABLE) != 0;
    }

    /** Whether DGST has {@link #DDGST_ENABLE}. */
    public boolean dataDigest() {
        return (digests() & DDGST_ENABLE) != 0;
    }

    /** MAXR2T: outstanding R2Ts per command the host allows, 0's based. */
    public long maxR2t() {
        return Integer.toUnsignedLong((int) MAXR2T.get(segment, base));
    }

    @Override
    public String toString() {
        return "IcReq[pfv=%d hpda=%d dgst=%#04x maxr2t=%d]".formatted(
                pduFormatVersion(), hpda(), digests(), maxR2t());
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
