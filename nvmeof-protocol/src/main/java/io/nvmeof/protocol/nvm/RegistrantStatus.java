package io.nvmeof.protocol.nvm;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import io.nvmeof.protocol.fabrics.HostIdentifier;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * One registrant of a namespace, as Reservation Report tells of it (NVMe Base 2.1, Registrant and Registrant Extended
 * data structures).
 *
 * @param controllerId CNTLID, a controller of the host; {@link #NO_CONTROLLER} if it has none now
 * @param statusBits RCSTS, 0 to 255: {@link #HOLDS_RESERVATION}
 * @param hostIdentifier who; an identifier of 64 bits is its first 8 bytes, and zeroes follow
 * @param key RKEY, any 64 bits
 */
public record RegistrantStatus(int controllerId, int statusBits, HostIdentifier hostIdentifier, long key) {
    /** The wire layout with host identifiers of 64 bits; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LE16.withName("CNTLID"),
            U8.withName("RCSTS"),
            MemoryLayout.paddingLayout(5),
            LE64.withName("HOSTID"),
            LE64.withName("RKEY"));
    /** The wire layout with host identifiers of 128 bits. */
    public static final StructLayout EXTENDED_LAYOUT = MemoryLayout.structLayout(
            LE16.withName("CNTLID"),
            U8.withName("RCSTS"),
            MemoryLayout.paddingLayout(5),
            LE64.withName("RKEY"),
            MemoryLayout.sequenceLayout(HostIdentifier.SIZE, U8).withName("HOSTID"),
            MemoryLayout.paddingLayout(32));

    /** CNTLID of a registrant that no controller is associated with. */
    public static final int NO_CONTROLLER = 0xFFFF;
    /** RCSTS: the host holds the reservation. */
    public static final int HOLDS_RESERVATION = 1;

    /** Refuses what the fields cannot hold. */
    public RegistrantStatus {
        if ((controllerId & ~0xFFFF | statusBits & ~0xFF) != 0) {
            throw new IllegalArgumentException("controller " + controllerId + " with status " + statusBits);
        }
    }

    /** Whether the host holds the reservation, alone or as one of all registrants. */
    public boolean holdsReservation() {
        return (statusBits & HOLDS_RESERVATION) != 0;
    }

    static long size(boolean extended) {
        return extended ? EXTENDED_LAYOUT.byteSize() : LAYOUT.byteSize();
    }

    static RegistrantStatus decode(MemorySegment from, long base, boolean extended) {
        MemorySegment bytes = from.asSlice(base, size(extended));
        HostIdentifier host = extended
                ? HostIdentifier.decode(bytes, EXTENDED_LAYOUT.byteOffset(groupElement("HOSTID")))
                : new HostIdentifier(new UUID(shortIdentifier(bytes).getLong(0), 0));
        StructLayout layout = extended ? EXTENDED_LAYOUT : LAYOUT;
        return new RegistrantStatus(Short.toUnsignedInt(bytes.get(LE16, layout.byteOffset(groupElement("CNTLID")))),
                Byte.toUnsignedInt(bytes.get(U8, layout.byteOffset(groupElement("RCSTS")))), host,
                bytes.get(LE64, layout.byteOffset(groupElement("RKEY"))));
    }

    private static ByteBuffer shortIdentifier(MemorySegment bytes) {
        return ByteBuffer.wrap(bytes.asSlice(LAYOUT.byteOffset(groupElement("HOSTID")), Long.BYTES).toArray(U8));
    }

    void encode(MemorySegment into, long base, boolean extended) {
        MemorySegment bytes = into.asSlice(base, size(extended)).fill((byte) 0);
        StructLayout layout = extended ? EXTENDED_LAYOUT : LAYOUT;
        bytes.set(LE16, layout.byteOffset(groupElement("CNTLID")), (short) controllerId);
        bytes.set(U8, layout.byteOffset(groupElement("RCSTS")), (byte) statusBits);
        bytes.set(LE64, layout.byteOffset(groupElement("RKEY")), key);
        long hostOffset = layout.byteOffset(groupElement("HOSTID"));
        if (extended) {
            hostIdentifier.encode(bytes, hostOffset);
        } else {
            byte[] first = ByteBuffer.allocate(Long.BYTES)
                    .putLong(hostIdentifier.uuid().getMostSignificantBits()).array();
            MemorySegment.copy(first, 0, bytes, U8, hostOffset, first.length);
        }
    }
}
