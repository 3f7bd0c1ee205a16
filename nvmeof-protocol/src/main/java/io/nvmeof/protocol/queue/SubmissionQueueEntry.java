package io.nvmeof.protocol.queue;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * A command: the 64 bytes a host submits (NVMe Base 2.1, Submission Queue Entry, Common Command Format).
 *
 * <p>Flyweight: holds no field but the segment it was last wrapped over, and is valid until that segment is reused.
 * Nothing here is validated; every value is the peer's.
 */
public final class SubmissionQueueEntry {
    /** The wire layout; names are the specification's abbreviations, the data pointer read as one SGL descriptor. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("OPC"),
            U8.withName("FLAGS"),
            LE16.withName("CID"),
            LE32.withName("NSID"),
            LE32.withName("CDW2"),
            LE32.withName("CDW3"),
            LE64.withName("MPTR"),
            LE64.withName("DPTR-ADDR"),
            LE32.withName("DPTR-LEN"),
            MemoryLayout.paddingLayout(3),
            U8.withName("DPTR-TYPE"),
            LE32.withName("CDW10"),
            LE32.withName("CDW11"),
            LE32.withName("CDW12"),
            LE32.withName("CDW13"),
            LE32.withName("CDW14"),
            LE32.withName("CDW15"));

    /** Bytes of an entry. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** Bits 7:6 of the flags, PSDT: PRPs (which fabrics forbid). */
    public static final int PSDT_PRP = 0;
    /** PSDT: SGLs, the metadata pointer being the address of a contiguous buffer; what fabrics hosts set. */
    public static final int PSDT_SGL = 1;
    /** PSDT: SGLs, the metadata pointer being the address of an SGL segment. */
    public static final int PSDT_SGL_METADATA_SGL = 2;

    /** Bits 1:0 of the flags, FUSE: a normal command. */
    public static final int FUSE_NORMAL = 0;
    /** FUSE: the first of two fused commands. */
    public static final int FUSE_FIRST = 1;
    /** FUSE: the second of two fused commands. */
    public static final int FUSE_SECOND = 2;

    private static final int DWORDS = SIZE / Integer.BYTES;
    private static final int PSDT_SHIFT = 6;
    private static final long SGL_LAST_DWORD = LAYOUT.byteOffset(groupElement("DPTR-TYPE")) - 3;

    private static final VarHandle OPC = field("OPC");
    private static final VarHandle FLAGS = field("FLAGS");
    private static final VarHandle CID = field("CID");
    private static final VarHandle NSID = field("NSID");
    private static final VarHandle MPTR = field("MPTR");
    private static final VarHandle DPTR_ADDR = field("DPTR-ADDR");
    private static final VarHandle DPTR_LEN = field("DPTR-LEN");
    private static final VarHandle DPTR_TYPE = field("DPTR-TYPE");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 64 bytes of {@code segment} that start at {@code base} from now on. */
    public SubmissionQueueEntry wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /** Zeroes all 64 bytes, so that a reused buffer never bleeds onto the wire. */
    public SubmissionQueueEntry clear() {
        // Not by a slice, which is garbage for each command where the compiler cannot remove it.
        for (int at = 0; at < SIZE; at += Long.BYTES) {
            segment.set(LE64, base + at, 0);
        }
        return this;
    }

    /** The opcode, 0 to 255. */
    public int opcode() {
        return Byte.toUnsignedInt((byte) OPC.get(segment, base));
    }

    /** Sets the opcode. */
    public SubmissionQueueEntry opcode(int opcode) {
        OPC.set(segment, base, (byte) opcode);
        return this;
    }

    /** Byte 1: FUSE in bits 1:0, PSDT in bits 7:6. */
    public int flags() {
        return Byte.toUnsignedInt((byte) FLAGS.get(segment, base));
    }

    /** Sets byte 1. */
    public SubmissionQueueEntry flags(int flags) {
        FLAGS.set(segment, base, (byte) flags);
        return this;
    }

    /** Fused operation, 0 to 3. */
    public int fuse() {
        return flags() & 0x3;
    }

    /** PRP or SGL for Data Transfer, 0 to 3. */
    public int psdt() {
        return flags() >>> PSDT_SHIFT;
    }

    /** Sets PSDT, and FUSE to {@link #FUSE_NORMAL}. */
    public SubmissionQueueEntry psdt(int psdt) {
        return flags(psdt << PSDT_SHIFT);
    }

    /** The command identifier, 0 to 65535. */
    public int commandId() {
        return Short.toUnsignedInt((short) CID.get(segment, base));
    }

    /** Sets the command identifier. */
    public SubmissionQueueEntry commandId(int commandId) {
        CID.set(segment, base, (short) commandId);
        return this;
    }

    /** The namespace identifier, unsigned: FFFFFFFFh (all namespaces) comes as -1. */
    public int namespaceId() {
        return (int) NSID.get(segment, base);
    }

    /** Sets the namespace identifier. */
    public SubmissionQueueEntry namespaceId(int namespaceId) {
        NSID.set(segment, base, namespaceId);
        return this;
    }

    /** The metadata pointer. */
    public long metadataPointer() {
        return (long) MPTR.get(segment, base);
    }

    /** Sets the metadata pointer. */
    public SubmissionQueueEntry metadataPointer(long metadataPointer) {
        MPTR.set(segment, base, metadataPointer);
        return this;
    }

    /** The SGL descriptor's identifier byte: type in bits 7:4, sub type in bits 3:0; see {@code SglDescriptor}. */
    public int sglType() {
        return Byte.toUnsignedInt((byte) DPTR_TYPE.get(segment, base));
    }

    /** The SGL descriptor's address, or the offset into the capsule for sub type 1; all 64 bits are the peer's. */
    public long sglAddress() {
        return (long) DPTR_ADDR.get(segment, base);
    }

    /** The SGL descriptor's length in bytes. */
    public long sglLength() {
        return Integer.toUnsignedLong((int) DPTR_LEN.get(segment, base));
    }

    /** Makes the data pointer one SGL descriptor; {@code length} is in bytes, below 2^32. */
    public SubmissionQueueEntry sgl(int type, long address, long length) {
        DPTR_ADDR.set(segment, base, address);
        DPTR_LEN.set(segment, base, (int) length);
        // The three reserved bytes below the identifier too.
        segment.set(LE32, base + SGL_LAST_DWORD, type << 24);
        return this;
    }

    /** Command dword {@code n} of the entry, 0 to 15; dword 1 is the namespace identifier. */
    public int commandDword(int n) {
        return segment.get(LE32, base + dwordOffset(n));
    }

    /** Sets command dword {@code n}, 0 to 15. */
    public SubmissionQueueEntry commandDword(int n, int value) {
        segment.set(LE32, base + dwordOffset(n), value);
        return this;
    }

    /** Dwords {@code n} (low half) and {@code n + 1} (high half) as one number, as a starting LBA. */
    public long commandQword(int n) {
        return segment.get(LE64, base + dwordOffset(n));
    }

    /** Sets dwords {@code n} (low half) and {@code n + 1} (high half). */
    public SubmissionQueueEntry commandQword(int n, long value) {
        segment.set(LE64, base + dwordOffset(n), value);
        return this;
    }

    /** Copies all 64 bytes of another entry. */
    public SubmissionQueueEntry copyFrom(MemorySegment from, long fromOffset) {
        MemorySegment.copy(from, fromOffset, segment, base, SIZE);
        return this;
    }

    @Override
    public String toString() {
        return "SQE[opc=%#04x flags=%#04x cid=%#06x nsid=%#x sgl=%#04x len=%d cdw10=%#x cdw11=%#x cdw12=%#x]".formatted(
                opcode(), flags(), commandId(), namespaceId(), sglType(), sglLength(),
                commandDword(10), commandDword(11), commandDword(12));
    }

    private static long dwordOffset(int n) {
        assert n >= 0 && n < DWORDS : n;
        return (long) n * Integer.BYTES;
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
