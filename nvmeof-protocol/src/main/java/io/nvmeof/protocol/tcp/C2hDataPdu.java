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
 * Controller to Host Data Transfer: some or all of the data a command returns (NVMe/TCP Transport 1.1, C2HData).
 *
 * <p>Flyweight: holds no field but the segment it was last wrapped over, and is valid until that segment is reused. The
 * common header is read with {@link PduHeader}.
 */
public final class C2hDataPdu {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("PDU-Type"),
            U8.withName("FLAGS"),
            U8.withName("HLEN"),
            U8.withName("PDO"),
            LE32.withName("PLEN"),
            LE16.withName("CCCID"),
            MemoryLayout.paddingLayout(2),
            LE32.withName("DATAO"),
            LE32.withName("DATAL"),
            MemoryLayout.paddingLayout(4));

    /** Bytes of the header, without digest: HLEN. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** Byte offset of CCCID. */
    public static final int CCCID_OFFSET = (int) LAYOUT.byteOffset(groupElement("CCCID"));
    /** Byte offset of DATAO. */
    public static final int DATAO_OFFSET = (int) LAYOUT.byteOffset(groupElement("DATAO"));
    /** Byte offset of DATAL. */
    public static final int DATAL_OFFSET = (int) LAYOUT.byteOffset(groupElement("DATAL"));

    private static final VarHandle CCCID = field("CCCID");
    private static final VarHandle DATAO = field("DATAO");
    private static final VarHandle DATAL = field("DATAL");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 24 bytes of {@code segment} that start at {@code base} from now on. */
    public C2hDataPdu wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /**
     * Writes the header, and zeroes room for its digest and the padding up to the data.
     *
     * @param flags {@link PduHeader#HDGSTF}, {@link PduHeader#DDGSTF}, {@link PduHeader#LAST_PDU},
     *     {@link PduHeader#SUCCESS}
     * @param dataOffset where this data starts in the command's data, in bytes
     * @param dataLength bytes of data, not 0
     * @param alignmentBytes what the host asked for: {@link PduHeader#alignmentBytes} of HPDA
     */
    public C2hDataPdu encode(int flags, int commandId, long dataOffset, long dataLength, int alignmentBytes) {
        PduHeader.begin(segment, base, PduType.C2H_DATA, flags, dataLength, alignmentBytes);
        CCCID.set(segment, base, (short) commandId);
        DATAO.set(segment, base, (int) dataOffset);
        DATAL.set(segment, base, (int) dataLength);
        return this;
    }

    /** The identifier of the command whose data this is. */
    public int commandId() {
        return Short.toUnsignedInt((short) CCCID.get(segment, base));
    }

    /** DATAO: where this data starts in the command's data, in bytes. */
    public long dataOffset() {
        return Integer.toUnsignedLong((int) DATAO.get(segment, base));
    }

    /** DATAL: bytes of data in this PDU. */
    public long dataLength() {
        return Integer.toUnsignedLong((int) DATAL.get(segment, base));
    }

    /** Whether this is the last PDU of its transfer. */
    public boolean lastPdu() {
        return (segment.get(U8, base + PduHeader.FLAGS_OFFSET) & PduHeader.LAST_PDU) != 0;
    }

    /** Whether the command has succeeded and no response capsule follows. */
    public boolean success() {
        return (segment.get(U8, base + PduHeader.FLAGS_OFFSET) & PduHeader.SUCCESS) != 0;
    }

    @Override
    public String toString() {
        return "C2hData[cccid=%#06x datao=%d datal=%d]".formatted(
                commandId(), dataOffset(), dataLength());
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
