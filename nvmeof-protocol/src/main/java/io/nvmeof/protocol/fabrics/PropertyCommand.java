package io.nvmeof.protocol.fabrics;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.sgl.SglDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * Property Get and Property Set (NVMe Base 2.1). The value a Get returns is the completion's result.
 *
 * <p>Flyweight over a submission queue entry: holds no field but the segment it was last wrapped over, and is valid
 * until that segment is reused.
 */
public final class PropertyCommand {
    /** The wire layout; names are the specification's abbreviations. VALUE is Property Set's alone. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("OPC"),
            U8.withName("FLAGS"),
            LE16.withName("CID"),
            U8.withName("FCTYPE"),
            MemoryLayout.paddingLayout(35),
            U8.withName("ATTRIB"),
            MemoryLayout.paddingLayout(3),
            LE32.withName("OFST"),
            LE64.withName("VALUE"),
            MemoryLayout.paddingLayout(8));

    /** Where ATTRIB is, for error locations. */
    public static final int ATTRIB_OFFSET = (int) LAYOUT.byteOffset(groupElement("ATTRIB"));
    /** Where OFST is, for error locations. */
    public static final int OFST_OFFSET = (int) LAYOUT.byteOffset(groupElement("OFST"));

    private static final int SIZE_MASK = 0x7;
    private static final int SIZE_4_BYTES = 0;
    private static final int SIZE_8_BYTES = 1;

    private static final VarHandle FCTYPE = field("FCTYPE");
    private static final VarHandle ATTRIB = field("ATTRIB");
    private static final VarHandle OFST = field("OFST");
    private static final VarHandle VALUE = field("VALUE");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 64 bytes of {@code segment} that start at {@code base} from now on. */
    public PropertyCommand wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /** Writes all 64 bytes of a Property Get. */
    public PropertyCommand encodeGet(int commandId, Property property) {
        return encode(commandId, FabricsCommandType.PROPERTY_GET, property, 0);
    }

    /** Writes all 64 bytes of a Property Set. */
    public PropertyCommand encodeSet(int commandId, Property property, long value) {
        return encode(commandId, FabricsCommandType.PROPERTY_SET, property, value);
    }

    /** The property, or null if OFST is none's, or the size is not that property's. */
    public Property property() {
        Property property = Property.ofOffset(offset());
        return property != null && property.sizeBytes() == sizeBytes() ? property : null;
    }

    /** OFST: byte offset of the property. */
    public long offset() {
        return Integer.toUnsignedLong((int) OFST.get(segment, base));
    }

    /** The size ATTRIB asks for, 4 or 8 bytes; 0 if it is reserved. */
    public int sizeBytes() {
        return switch ((byte) ATTRIB.get(segment, base) & SIZE_MASK) {
            case SIZE_4_BYTES -> Integer.BYTES;
            case SIZE_8_BYTES -> Long.BYTES;
            default -> 0;
        };
    }

    /** The value to set. */
    public long value() {
        return (long) VALUE.get(segment, base);
    }

    private PropertyCommand encode(int commandId, FabricsCommandType type, Property property, long value) {
        SubmissionQueueEntry entry = new SubmissionQueueEntry().wrap(segment, base).clear()
                .opcode(AdminOpcode.FABRICS.code()).psdt(SubmissionQueueEntry.PSDT_SGL).commandId(commandId);
        SglDescriptor.transport(entry, 0);
        FCTYPE.set(segment, base, (byte) type.code());
        ATTRIB.set(segment, base, (byte) (property.sizeBytes() == Long.BYTES ? SIZE_8_BYTES : SIZE_4_BYTES));
        OFST.set(segment, base, property.offset());
        VALUE.set(segment, base, value);
        return this;
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
