package io.nvmeof.protocol.queue;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import io.nvmeof.protocol.status.StatusCode;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * A completion: the 16 bytes that answer a command (NVMe Base 2.1, Completion Queue Entry).
 *
 * <p>Flyweight: holds no field but the segment it was last wrapped over, and is valid until that segment is reused.
 */
public final class CompletionQueueEntry {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LE32.withName("DW0"),
            LE32.withName("DW1"),
            LE16.withName("SQHD"),
            LE16.withName("SQID"),
            LE16.withName("CID"),
            LE16.withName("STATUS"));

    /** Bytes of an entry. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    private static final VarHandle DW0 = field("DW0");
    private static final VarHandle DW1 = field("DW1");
    private static final VarHandle SQHD = field("SQHD");
    private static final VarHandle SQID = field("SQID");
    private static final VarHandle CID = field("CID");
    private static final VarHandle STATUS = field("STATUS");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 16 bytes of {@code segment} that start at {@code base} from now on. */
    public CompletionQueueEntry wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /**
     * Writes all 16 bytes.
     *
     * @param result dword 0 in the low half, dword 1 in the high half
     * @param statusField as {@link StatusCode#field} makes it
     */
    public CompletionQueueEntry encode(long result, int sqHead, int sqId, int commandId, int statusField) {
        DW0.set(segment, base, (int) result);
        DW1.set(segment, base, (int) (result >>> Integer.SIZE));
        SQHD.set(segment, base, (short) sqHead);
        SQID.set(segment, base, (short) sqId);
        CID.set(segment, base, (short) commandId);
        STATUS.set(segment, base, (short) statusField);
        return this;
    }

    /** The command specific result in dword 0. */
    public int dword0() {
        return (int) DW0.get(segment, base);
    }

    /** The command specific result in dword 1. */
    public int dword1() {
        return (int) DW1.get(segment, base);
    }

    /** Dwords 0 (low half) and 1 (high half): Property Get answers 64 bits. */
    public long result() {
        return Integer.toUnsignedLong(dword0()) | (long) dword1() << Integer.SIZE;
    }

    /** How far the controller has consumed the submission queue; FFFFh when flow control is disabled. */
    public int sqHead() {
        return Short.toUnsignedInt((short) SQHD.get(segment, base));
    }

    /** The submission queue identifier; reserved (0) in a response capsule. */
    public int sqId() {
        return Short.toUnsignedInt((short) SQID.get(segment, base));
    }

    /** The identifier of the command this completes. */
    public int commandId() {
        return Short.toUnsignedInt((short) CID.get(segment, base));
    }

    /** The status field with DNR in bit 15 and the phase tag in bit 0; read it with {@link StatusCode#ofField}. */
    public int statusField() {
        return Short.toUnsignedInt((short) STATUS.get(segment, base));
    }

    @Override
    public String toString() {
        return "CQE[cid=%#06x status=%#06x result=%#x sqhd=%d sqid=%d]".formatted(
                commandId(), statusField(), result(), sqHead(), sqId());
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
