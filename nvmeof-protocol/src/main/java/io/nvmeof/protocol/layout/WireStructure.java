package io.nvmeof.protocol.layout;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static io.nvmeof.protocol.layout.WireLayouts.U8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * A large structure that is sent or received once in a while, kept as the bytes it is on the wire: immutable, and every
 * byte survives a round trip, also those of newer revisions and vendors that no accessor names.
 */
public abstract class WireStructure {
    private final byte[] array;
    private final MemorySegment bytes;

    /**
     * Copies the structure out of a buffer.
     *
     * @throws IndexOutOfBoundsException if the buffer has fewer than {@code size} bytes from {@code base} on
     */
    protected WireStructure(MemorySegment from, long base, long size) {
        array = from.asSlice(base, size).toArray(ValueLayout.JAVA_BYTE);
        bytes = MemorySegment.ofArray(array).asReadOnly();
    }

    /** Writes all bytes of the structure to {@code into}, from {@code base} on. */
    public final void encode(MemorySegment into, long base) {
        MemorySegment.copy(bytes, 0, into, base, array.length);
    }

    /** The bytes of the structure, read only. */
    public final MemorySegment bytes() {
        return bytes;
    }

    /** The unsigned byte at {@code offset}. */
    protected final int u8(long offset) {
        return Byte.toUnsignedInt(bytes.get(U8, offset));
    }

    /** The unsigned 16-bit number at {@code offset}. */
    protected final int u16(long offset) {
        return Short.toUnsignedInt(bytes.get(LE16, offset));
    }

    /** The unsigned 32-bit number at {@code offset}. */
    protected final long u32(long offset) {
        return Integer.toUnsignedLong(bytes.get(LE32, offset));
    }

    /** The 32 flags at {@code offset}. */
    protected final int flags32(long offset) {
        return bytes.get(LE32, offset);
    }

    /** The 64-bit number at {@code offset}; values from 2^63 on come as negative. */
    protected final long u64(long offset) {
        return bytes.get(LE64, offset);
    }

    /** The unsigned 128-bit number at {@code offset}. */
    protected final BigInteger u128(long offset) {
        byte[] bigEndian = new byte[2 * Long.BYTES];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[bigEndian.length - 1 - i] = bytes.get(U8, offset + i);
        }
        return new BigInteger(1, bigEndian);
    }

    /** A copy of {@code length} bytes at {@code offset}. */
    protected final byte[] raw(long offset, int length) {
        return bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Space padded ASCII; see {@link WireText#ascii}. */
    protected final String ascii(long offset, int length) {
        return WireText.ascii(bytes, offset, length);
    }

    /** NUL terminated UTF-8; see {@link WireText#utf8}. */
    protected final String utf8(long offset, int length) {
        return WireText.utf8(bytes, offset, length);
    }

    @Override
    public final boolean equals(Object other) {
        return other != null && other.getClass() == getClass() && Arrays.equals(array, ((WireStructure) other).array);
    }

    @Override
    public final int hashCode() {
        return Arrays.hashCode(array);
    }

    /** The bytes of a structure while it is put together. Every setter refuses what its field cannot hold. */
    public abstract static class Builder {
        private final MemorySegment bytes;

        /** Starts with {@code size} zero bytes. */
        protected Builder(long size) {
            bytes = MemorySegment.ofArray(new byte[Math.toIntExact(size)]);
        }

        /** Starts with the bytes of another structure. */
        protected Builder(WireStructure from) {
            bytes = MemorySegment.ofArray(from.array.clone());
        }

        /** The bytes so far. */
        protected final MemorySegment bytes() {
            return bytes;
        }

        /** Writes an unsigned byte. */
        protected final void put8(long offset, int value) {
            bytes.set(U8, offset, (byte) checked(value, Byte.SIZE));
        }

        /** Writes an unsigned 16-bit number. */
        protected final void put16(long offset, int value) {
            bytes.set(LE16, offset, (short) checked(value, Short.SIZE));
        }

        /** Writes an unsigned 32-bit number. */
        protected final void put32(long offset, long value) {
            bytes.set(LE32, offset, (int) checked(value, Integer.SIZE));
        }

        /** Writes 32 flags. */
        protected final void putFlags32(long offset, int value) {
            bytes.set(LE32, offset, value);
        }

        /** Writes a 64-bit number as it is. */
        protected final void put64(long offset, long value) {
            bytes.set(LE64, offset, value);
        }

        /** Writes an unsigned 128-bit number. */
        protected final void put128(long offset, BigInteger value) {
            if (value.signum() < 0 || value.bitLength() > 2 * Long.SIZE) {
                throw new IllegalArgumentException("not an unsigned number of 128 bits: " + value);
            }
            bytes.set(LE64, offset, value.longValue());
            bytes.set(LE64, offset + Long.BYTES, value.shiftRight(Long.SIZE).longValue());
        }

        /** Writes exactly {@code length} bytes. */
        protected final void putRaw(long offset, int length, byte[] value) {
            if (value.length != length) {
                throw new IllegalArgumentException(value.length + " bytes instead of " + length);
            }
            MemorySegment.copy(value, 0, bytes, U8, offset, length);
        }

        /** Writes space padded ASCII; see {@link WireText#putAscii}. */
        protected final void putAscii(long offset, int length, String value) {
            WireText.putAscii(bytes, offset, length, value);
        }

        /** Writes NUL terminated UTF-8; see {@link WireText#putUtf8}. */
        protected final void putUtf8(long offset, int length, String value) {
            WireText.putUtf8(bytes, offset, length, value);
        }

        private static long checked(long value, int bits) {
            if (value >>> bits != 0) {
                throw new IllegalArgumentException("not an unsigned number of " + bits + " bits: " + value);
            }
            return value;
        }
    }
}
