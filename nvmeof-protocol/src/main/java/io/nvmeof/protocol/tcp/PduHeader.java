package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * The 8 bytes every PDU starts with (NVMe/TCP Transport 1.1, PDU Common Header).
 *
 * <p>Flyweight: holds no field but the segment it was last wrapped over, and is valid until that segment is reused.
 */
public final class PduHeader {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("PDU-Type"),
            U8.withName("FLAGS"),
            U8.withName("HLEN"),
            U8.withName("PDO"),
            LE32.withName("PLEN"));

    /** Bytes of the common header. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** Flag: a header digest follows the header. */
    public static final int HDGSTF = 1;
    /** Flag: a data digest follows the data. */
    public static final int DDGSTF = 1 << 1;
    /** Flag of H2CData and C2HData: the last PDU of this transfer. */
    public static final int LAST_PDU = 1 << 2;
    /** Flag of C2HData: the command succeeded and no response capsule follows. Only with {@link #LAST_PDU}. */
    public static final int SUCCESS = 1 << 3;

    /** Bytes of a header or data digest. */
    public static final int DIGEST_SIZE = 4;

    /** Byte offsets of the fields, for the Fatal Error Information of a terminate request. */
    public static final int TYPE_OFFSET = 0;
    public static final int FLAGS_OFFSET = 1;
    public static final int HLEN_OFFSET = 2;
    public static final int PDO_OFFSET = 3;
    public static final int PLEN_OFFSET = 4;

    private static final VarHandle TYPE = field("PDU-Type");
    private static final VarHandle FLAGS = field("FLAGS");
    private static final VarHandle HLEN = field("HLEN");
    private static final VarHandle PDO = field("PDO");
    private static final VarHandle PLEN = field("PLEN");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 8 bytes of {@code segment} that start at {@code base} from now on. */
    public PduHeader wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /** Writes all 8 bytes; each value is taken as it is. */
    public PduHeader encode(int type, int flags, int headerLength, int pduDataOffset, long pduLength) {
        TYPE.set(segment, base, (byte) type);
        FLAGS.set(segment, base, (byte) flags);
        HLEN.set(segment, base, (byte) headerLength);
        PDO.set(segment, base, (byte) pduDataOffset);
        PLEN.set(segment, base, (int) pduLength);
        return this;
    }

    /** The PDU-Type byte, 0 to 255; see {@link PduType#ofCode}. */
    public int type() {
        return Byte.toUnsignedInt((byte) TYPE.get(segment, base));
    }

    /** The type, or null if the byte names none. */
    public PduType pduType() {
        return PduType.ofCode(type());
    }

    /** The flags byte. */
    public int flags() {
        return Byte.toUnsignedInt((byte) FLAGS.get(segment, base));
    }

    /** Whether {@link #HDGSTF} is set. */
    public boolean headerDigest() {
        return (flags() & HDGSTF) != 0;
    }

    /** Whether {@link #DDGSTF} is set. */
    public boolean dataDigest() {
        return (flags() & DDGSTF) != 0;
    }

    /** Whether {@link #LAST_PDU} is set. */
    public boolean lastPdu() {
        return (flags() & LAST_PDU) != 0;
    }

    /** Whether {@link #SUCCESS} is set. */
    public boolean success() {
        return (flags() & SUCCESS) != 0;
    }

    /** HLEN: bytes of the header, its digest not included. */
    public int headerLength() {
        return Byte.toUnsignedInt((byte) HLEN.get(segment, base));
    }

    /** PDO: bytes from the start of the PDU to its data; reserved (0) without data. */
    public int pduDataOffset() {
        return Byte.toUnsignedInt((byte) PDO.get(segment, base));
    }

    /** PLEN: bytes of the whole PDU, digests and padding included. */
    public long pduLength() {
        return Integer.toUnsignedLong((int) PLEN.get(segment, base));
    }

    /**
     * Where data begins behind a header of {@code headerLength} bytes, its digest if the flags have one, and padding.
     *
     * @param alignmentBytes what the receiver asked for with HPDA or CPDA: {@link #alignmentBytes}
     */
    public static int dataStart(int headerLength, int flags, int alignmentBytes) {
        int end = headerLength + ((flags & HDGSTF) != 0 ? DIGEST_SIZE : 0);
        return (end + alignmentBytes - 1) / alignmentBytes * alignmentBytes;
    }

    /** The alignment in bytes, 4 to 128, that an HPDA or CPDA value (0's based dwords, 0 to 31) asks for. */
    public static int alignmentBytes(int pda) {
        return (pda + 1) * Integer.BYTES;
    }

    /**
     * Writes the common header of a PDU with {@code dataLength} bytes of data, and zeroes the rest of it up to the
     * data: type specific fields, room for the header digest, padding.
     */
    static void begin(MemorySegment segment, long base, PduType type, int flags, long dataLength, int alignmentBytes) {
        int headerLength = type.headerLength();
        // Without data there is nothing a data digest could cover: PDO and the flag stay zero.
        int validFlags = dataLength != 0 ? flags : flags & ~DDGSTF;
        int start = dataLength != 0
                ? dataStart(headerLength, flags, alignmentBytes)
                : dataStart(headerLength, flags, 1);
        long length = start + dataLength + ((validFlags & DDGSTF) != 0 ? DIGEST_SIZE : 0);
        clear(segment, base, start);
        TYPE.set(segment, base, (byte) type.code());
        FLAGS.set(segment, base, (byte) validFlags);
        HLEN.set(segment, base, (byte) headerLength);
        PDO.set(segment, base, (byte) (dataLength != 0 ? start : 0));
        PLEN.set(segment, base, (int) length);
    }

    /** Zeroes bytes, a multiple of 4. Not by a slice, which is garbage wherever the compiler cannot remove it. */
    private static void clear(MemorySegment segment, long base, int length) {
        int at = 0;
        for (; at <= length - Long.BYTES; at += Long.BYTES) {
            segment.set(LE64, base + at, 0);
        }
        for (; at < length; at += Integer.BYTES) {
            segment.set(LE32, base + at, 0);
        }
    }

    @Override
    public String toString() {
        return "PDU[type=%#04x flags=%#04x hlen=%d pdo=%d plen=%d]".formatted(
                type(), flags(), headerLength(), pduDataOffset(), pduLength());
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
