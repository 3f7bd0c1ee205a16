package io.nvmeof.protocol;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes for tests: written as hex with any spacing, and segments full of leftovers. */
public final class Bytes {
    private static final byte LEFTOVER = (byte) 0xAA;

    private Bytes() {}

    /** The bytes of a hex dump; white space is ignored. */
    public static byte[] hex(String dump) {
        return HexFormat.of().parseHex(dump.replaceAll("\\s", ""));
    }

    /** A heap segment of the bytes of a hex dump. */
    public static MemorySegment segment(String dump) {
        return MemorySegment.ofArray(hex(dump));
    }

    /** A heap segment where every byte is AAh, so that an encoder which forgets one is seen. */
    public static MemorySegment dirty(int size) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, LEFTOVER);
        return MemorySegment.ofArray(bytes);
    }

    /** All bytes of a segment as hex. */
    public static String toHex(MemorySegment segment) {
        return HexFormat.of().formatHex(segment.toArray(ValueLayout.JAVA_BYTE));
    }
}
