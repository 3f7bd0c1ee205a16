package io.nvmeof.protocol.fabrics;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import io.nvmeof.protocol.layout.WireText;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * The data of a Connect command: who connects to what (NVMe Base 2.1, Connect Command - Data).
 *
 * @param hostIdentifier HOSTID
 * @param controllerId CNTLID wanted: {@link #DYNAMIC_CONTROLLER}, or the controller an I/O queue belongs to
 * @param subsystemNqn SUBNQN
 * @param hostNqn HOSTNQN
 */
public record ConnectData(HostIdentifier hostIdentifier, int controllerId, NvmeQualifiedName subsystemNqn,
        NvmeQualifiedName hostNqn) {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(16, U8).withName("HOSTID"),
            LE16.withName("CNTLID"),
            MemoryLayout.paddingLayout(238),
            MemoryLayout.sequenceLayout(256, U8).withName("SUBNQN"),
            MemoryLayout.sequenceLayout(256, U8).withName("HOSTNQN"),
            MemoryLayout.paddingLayout(256));

    /** Bytes of the data. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** CNTLID of an admin queue's Connect: any controller of the dynamic model. */
    public static final int DYNAMIC_CONTROLLER = 0xFFFF;
    /** CNTLID: any controller of the static model. */
    public static final int ANY_STATIC_CONTROLLER = 0xFFFE;

    /** Where HOSTID is, for {@link ConnectCommand#invalidParameterResult}. */
    public static final int HOSTID_OFFSET = (int) LAYOUT.byteOffset(groupElement("HOSTID"));
    /** Where CNTLID is. */
    public static final int CNTLID_OFFSET = (int) LAYOUT.byteOffset(groupElement("CNTLID"));
    /** Where SUBNQN is. */
    public static final int SUBNQN_OFFSET = (int) LAYOUT.byteOffset(groupElement("SUBNQN"));
    /** Where HOSTNQN is. */
    public static final int HOSTNQN_OFFSET = (int) LAYOUT.byteOffset(groupElement("HOSTNQN"));

    /** Refuses what the fields cannot hold. */
    public ConnectData {
        if ((controllerId & ~0xFFFF) != 0) {
            throw new IllegalArgumentException("controller " + controllerId);
        }
    }

    /**
     * Reads the {@link #SIZE} bytes at {@code base}. Bytes behind a name's NUL and reserved ones are ignored.
     *
     * @throws InvalidConnectDataException if a name is no text, empty, too long or not terminated; says which field
     */
    public static ConnectData decode(MemorySegment from, long base) {
        MemorySegment bytes = from.asSlice(base, SIZE);
        NvmeQualifiedName subsystemNqn = name(bytes, SUBNQN_OFFSET);
        NvmeQualifiedName hostNqn = name(bytes, HOSTNQN_OFFSET);
        return new ConnectData(HostIdentifier.decode(bytes, HOSTID_OFFSET),
                Short.toUnsignedInt(bytes.get(LE16, CNTLID_OFFSET)), subsystemNqn, hostNqn);
    }

    /** Writes all {@link #SIZE} bytes. */
    public void encode(MemorySegment into, long base) {
        MemorySegment bytes = into.asSlice(base, SIZE).fill((byte) 0);
        hostIdentifier.encode(bytes, HOSTID_OFFSET);
        bytes.set(LE16, CNTLID_OFFSET, (short) controllerId);
        WireText.putUtf8(bytes, SUBNQN_OFFSET, NvmeQualifiedName.FIELD_SIZE, subsystemNqn.toString());
        WireText.putUtf8(bytes, HOSTNQN_OFFSET, NvmeQualifiedName.FIELD_SIZE, hostNqn.toString());
    }

    private static NvmeQualifiedName name(MemorySegment bytes, int offset) {
        try {
            return NvmeQualifiedName.lenient(WireText.strictUtf8(bytes, offset, NvmeQualifiedName.FIELD_SIZE));
        } catch (IllegalArgumentException e) {
            throw new InvalidConnectDataException(offset, e);
        }
    }
}
