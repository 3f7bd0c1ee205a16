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
 * Ready To Transfer: the controller asks the host for {@link #length()} bytes of a command's data, starting at
 * {@link #offset()} (NVMe/TCP Transport 1.1, R2T).
 *
 * <p>Flyweight: holds no field but the segment it was last wrapped over, and is valid until that segment is reused. The
 * common header is read with {@link PduHeader}.
 */
public final class R2tPdu {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("PDU-Type"),
            U8.withName("FLAGS"),
            U8.withName("HLEN"),
            U8.withName("PDO"),
            LE32.withName("PLEN"),
            LE16.withName("CCCID"),
            LE16.withName("TTAG"),
            LE32.withName("R2TO"),
            LE32.withName("R2TL"),
            MemoryLayout.paddingLayout(4));

    /** Bytes of the header, without digest: HLEN. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** Byte offset of CCCID. */
    public static final int CCCID_OFFSET = (int) LAYOUT.byteOffset(groupElement("CCCID"));
    /** Byte offset of TTAG. */
    public static final int TTAG_OFFSET = (int) LAYOUT.byteOffset(groupElement("TTAG"));
    /** Byte offset of R2TO. */
    public static final int R2TO_OFFSET = (int) LAYOUT.byteOffset(groupElement("R2TO"));
    /** Byte offset of R2TL. */
    public static final int R2TL_OFFSET = (int) LAYOUT.byteOffset(groupElement("R2TL"));

    private static final VarHandle CCCID = field("CCCID");
    private static final VarHandle TTAG = field("TTAG");
    private static final VarHandle R2TO = field("R2TO");
    private static final VarHandle R2TL = field("R2TL");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 24 bytes of {@code segment} that start at {@code base} from now on. */
    public R2tPdu wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /**
     * Writes the header, and zeroes room for its digest.
     *
     * @param flags {@link PduHeader#HDGSTF} if negotiated, else 0
     * @param offset where the wanted data starts in the command's data, in bytes
     * @param length bytes wanted, not 0
     */
    public R2tPdu encode(int flags, int commandId, int transferTag, long offset, long length) {
        PduHeader.begin(segment, base, PduType.R2T, flags, 0, 1);
        CCCID.set(segment, base, (short) commandId);
        TTAG.set(segment, base, (short) transferTag);
        R2TO.set(segment, base, (int) offset);
        R2TL.set(segment, base, (int) length);
        return this;
    }

    /** The identifier of the command whose data is wanted. */
    public int commandId() {
        return Short.toUnsignedInt((short) CCCID.get(segment, base));
    }

    /** The tag the host is to put in every H2CData that answers this. */
    public int transferTag() {
        return Short.toUnsignedInt((short) TTAG.get(segment, base));
    }

    /** R2TO: where the wanted data starts in the command's data, in bytes. */
    public long offset() {
        return Integer.toUnsignedLong((int) R2TO.get(segment, base));
    }

    /** R2TL: bytes wanted. */
    public long length() {
        return Integer.toUnsignedLong((int) R2TL.get(segment, base));
    }

    @Override
    public String toString() {
        return "R2T[cccid=%#06x ttag=%#06x r2to=%d r2tl=%d]".formatted(commandId(), transferTag(), offset(), length());
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
