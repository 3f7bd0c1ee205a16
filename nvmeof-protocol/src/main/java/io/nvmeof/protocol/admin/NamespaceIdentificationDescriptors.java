package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.U8;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * Namespace Identification Descriptor list, CNS 03h: the names by which hosts know that two paths lead to one namespace
 * (NVMe Base 2.1, Namespace Identification Descriptor). At most one of each type; absent ones are null.
 */
public final class NamespaceIdentificationDescriptors {
    /** Bytes of the list on the wire. */
    public static final int SIZE = 4096;

    /** NIDT and NIDL of the four types. */
    static final int TYPE_EUI64 = 1;
    static final int TYPE_NGUID = 2;
    static final int TYPE_UUID = 3;
    static final int TYPE_CSI = 4;
    static final int LENGTH_EUI64 = 8;
    static final int LENGTH_NGUID = 16;
    static final int LENGTH_UUID = 16;
    static final int LENGTH_CSI = 1;

    private static final int HEADER_SIZE = 4;
    private static final int LAST_TYPE = TYPE_CSI;

    /** Identifier bytes as on the wire, by type; index 0 is unused. */
    private final byte[][] identifiers;

    private NamespaceIdentificationDescriptors(byte[][] identifiers) {
        this.identifiers = identifiers;
    }

    /** Starts an empty list. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the {@link #SIZE} bytes at {@code base}. Descriptors of unknown types are skipped: newer targets have them.
     *
     * @throws IllegalArgumentException if a known type has a wrong length or comes twice, or a descriptor runs past
     *     the end
     */
    public static NamespaceIdentificationDescriptors decode(MemorySegment from, long base) {
        byte[][] identifiers = new byte[LAST_TYPE + 1][];
        int at = 0;
        while (at + HEADER_SIZE <= SIZE) {
            int type = Byte.toUnsignedInt(from.get(U8, base + at));
            int length = Byte.toUnsignedInt(from.get(U8, base + at + 1));
            if (length == 0) {
                break; // The list ends with the first zero length.
            }
            if (at + HEADER_SIZE + length > SIZE) {
                throw new IllegalArgumentException("descriptor at byte " + at + " runs past the end");
            }
            if (type > 0 && type <= LAST_TYPE) {
                if (length != lengthOf(type) || identifiers[type] != null) {
                    throw new IllegalArgumentException("descriptor type " + type + " with " + length + " bytes");
                }
                identifiers[type] = from.asSlice(base + at + HEADER_SIZE, length).toArray(U8);
            }
            at += HEADER_SIZE + length;
        }
        return new NamespaceIdentificationDescriptors(identifiers);
    }

    /** Writes all {@link #SIZE} bytes. */
    public void encode(MemorySegment into, long base) {
        into.asSlice(base, SIZE).fill((byte) 0);
        long at = base;
        for (int type = 1; type <= LAST_TYPE; type++) {
            byte[] identifier = identifiers[type];
            if (identifier != null) {
                into.set(U8, at, (byte) type);
                into.set(U8, at + 1, (byte) identifier.length);
                MemorySegment.copy(identifier, 0, into, U8, at + HEADER_SIZE, identifier.length);
                at += HEADER_SIZE + identifier.length;
            }
        }
    }

    /** The EUI-64, 8 bytes big endian. */
    public Optional<byte[]> eui64() {
        return Optional.ofNullable(identifiers[TYPE_EUI64]).map(byte[]::clone);
    }

    /** The NGUID, 16 bytes big endian. */
    public Optional<byte[]> nguid() {
        return Optional.ofNullable(identifiers[TYPE_NGUID]).map(byte[]::clone);
    }

    /** The UUID. */
    public Optional<UUID> uuid() {
        return Optional.ofNullable(identifiers[TYPE_UUID]).map(NamespaceIdentificationDescriptors::uuidOf);
    }

    /** The Command Set Identifier: 0 is NVM. */
    public Optional<Integer> commandSetIdentifier() {
        return Optional.ofNullable(identifiers[TYPE_CSI]).map(bytes -> Byte.toUnsignedInt(bytes[0]));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NamespaceIdentificationDescriptors that
                && Arrays.deepEquals(identifiers, that.identifiers);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(identifiers);
    }

    @Override
    public String toString() {
        return "NamespaceIdentificationDescriptors[eui64=" + eui64().map(HexFormat.of()::formatHex).orElse("none")
                + " nguid=" + nguid().map(HexFormat.of()::formatHex).orElse("none")
                + " uuid=" + uuid().map(UUID::toString).orElse("none")
                + " csi=" + commandSetIdentifier().map(Object::toString).orElse("none") + ']';
    }

    private static UUID uuidOf(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    private static int lengthOf(int type) {
        return switch (type) {
            case TYPE_EUI64 -> LENGTH_EUI64;
            case TYPE_NGUID -> LENGTH_NGUID;
            case TYPE_UUID -> LENGTH_UUID;
            default -> LENGTH_CSI;
        };
    }

    /** Puts a list together. */
    public static final class Builder {
        private final byte[][] identifiers = new byte[LAST_TYPE + 1][];

        private Builder() {}

        /** Sets the EUI-64, 8 bytes big endian. */
        public Builder eui64(byte[] eui64) {
            return set(TYPE_EUI64, eui64);
        }

        /** Sets the NGUID, 16 bytes big endian. */
        public Builder nguid(byte[] nguid) {
            return set(TYPE_NGUID, nguid);
        }

        /** Sets the UUID. */
        public Builder uuid(UUID uuid) {
            return set(TYPE_UUID, ByteBuffer.allocate(LENGTH_UUID).putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits()).array());
        }

        /** Sets the Command Set Identifier, 0 to 255. */
        public Builder commandSetIdentifier(int csi) {
            if ((csi & ~0xFF) != 0) {
                throw new IllegalArgumentException("command set identifier " + csi);
            }
            return set(TYPE_CSI, new byte[] {(byte) csi});
        }

        /** The list as set so far. */
        public NamespaceIdentificationDescriptors build() {
            return new NamespaceIdentificationDescriptors(identifiers.clone());
        }

        private Builder set(int type, byte[] identifier) {
            if (identifier.length != lengthOf(type)) {
                throw new IllegalArgumentException(identifier.length + " bytes for descriptor type " + type);
            }
            identifiers[type] = identifier.clone();
            return this;
        }
    }
}
