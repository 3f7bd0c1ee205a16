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
 * Initialize Connection Response: the controller's answer to ICReq (NVMe/TCP Transport 1.1, ICResp).
 *
 * <p>Flyweight: holds no field but the segment it was last wrapped over, and is valid until that segment is reused. The
 * common header is read with {@link PduHeader}.
 */
public final class IcRespPdu {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("PDU-Type"),
            U8.withName("FLAGS"),
            U8.withName("HLEN"),
            U8.withName("PDO"),
            LE32.withName("PLEN"),
            LE16.withName("PFV"),
            U8.withName("CPDA"),
            U8.withName("DGST"),
            LE32.withName("MAXH2CDATA"),
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
    /** Byte offset of CPDA. */
    public static final int CPDA_OFFSET = (int) LAYOUT.byteOffset(groupElement("CPDA"));
    /** Byte offset of DGST. */
    public static final int DGST_OFFSET = (int) LAYOUT.byteOffset(groupElement("DGST"));
    /** Byte offset of MAXH2CDATA. */
    public static final int MAXH2CDATA_OFFSET = (int) LAYOUT.byteOffset(groupElement("MAXH2CDATA"));

    private static final VarHandle PFV = field("PFV");
    private static final VarHandle CPDA = field("CPDA");
    private static final VarHandle DGST = field("DGST");
    private static final VarHandle MAXH2CDATA = field("MAXH2CDATA");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 128 bytes of {@code segment} that start at {@code base} from now on. */
    public IcRespPdu wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /**
     * Writes all 128 bytes, with PDU format version 0.
     *
     * @param cpda the alignment of data the controller wants, 0's based dwords, 0 to 31
     * @param digests {@link #HDGST_ENABLE}, {@link #DDGST_ENABLE} or both
     * @param maxH2cData bytes of data the controller takes in one H2CData PDU; at least 4096, a multiple of 4
     */
    public IcRespPdu encode(int cpda, int digests, long maxH2cData) {
        PduHeader.begin(segment, base, PduType.IC_RESP, 0, 0, 1);
        PFV.set(segment, base, (short) PDU_FORMAT_VERSION);
        CPDA.set(segment, base, (byte) cpda);
        DGST.set(segment, base, (byte) digests);
        MAXH2CDATA.set(segment, base, (int) maxH2cData);
        return this;
    }

    /** PFV, 0 to 65535. */
    public int pduFormatVersion() {
        return Short.toUnsignedInt((short) PFV.get(segment, base));
    }

    /** CPDA: the alignment of data the controller wants, 0's based dwords, 0 to 31. */
    public int cpda() {
        return Byte.toUnsignedInt((byte) CPDA.get(segment, base));
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

    /** MAXH2CDATA: bytes of data the controller takes in one H2CData PDU; at least 4096, a multiple of 4. */
    public long maxH2cData() {
        return Integer.toUnsignedLong((int) MAXH2CDATA.get(segment, base));
    }

    @Override
    public String toString() {
        return "IcResp[pfv=%d cpda=%d dgst=%#04x maxh2cdata=%d]".formatted(
                pduFormatVersion(), cpda(), digests(), maxH2cData());
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
