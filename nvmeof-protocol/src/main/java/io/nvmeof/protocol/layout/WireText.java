package io.nvmeof.protocol.layout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The two kinds of text NVMe has: ASCII padded with spaces, and UTF-8 ended by a NUL. */
public final class WireText {
    private static final char SPACE = ' ';
    private static final char FIRST_PRINTABLE = ' ';
    private static final char LAST_PRINTABLE = '~';
    private static final Pattern CONTROL_CHARACTER = Pattern.compile("\\p{Cntrl}", Pattern.UNICODE_CHARACTER_CLASS);

    private WireText() {}

    /**
     * Writes {@code text} left justified and pads it with spaces to {@code length} bytes.
     *
     * @throws IllegalArgumentException if it is longer, or has a character outside 20h to 7Eh
     */
    public static void putAscii(MemorySegment into, long offset, int length, String text) {
        if (text.length() > length) {
            throw new IllegalArgumentException("longer than " + length + " characters: \"" + text + '"');
        }
        for (int i = 0; i < length; i++) {
            char c = i < text.length() ? text.charAt(i) : SPACE;
            if (c < FIRST_PRINTABLE || c > LAST_PRINTABLE) {
                throw new IllegalArgumentException("not printable ASCII: \"" + text + '"');
            }
            into.set(ValueLayout.JAVA_BYTE, offset + i, (byte) c);
        }
    }

    /**
     * Reads ASCII that a peer wrote: up to the first NUL, without padding at the end. Bytes outside 20h to 7Eh become
     * '?', so that no peer can write to a terminal; nothing throws.
     */
    public static String ascii(MemorySegment from, long offset, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            int c = Byte.toUnsignedInt(from.get(ValueLayout.JAVA_BYTE, offset + i));
            if (c == 0) {
                break;
            }
            text.append(c < FIRST_PRINTABLE || c > LAST_PRINTABLE ? '?' : (char) c);
        }
        return text.toString().stripTrailing();
    }

    /**
     * Writes {@code text} in UTF-8, zero filled to {@code length} bytes, of which at least one is the NUL.
     *
     * @throws IllegalArgumentException if it does not fit or holds a NUL
     */
    public static void putUtf8(MemorySegment into, long offset, int length, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= length) {
            throw new IllegalArgumentException("longer than " + (length - 1) + " bytes: \"" + text + '"');
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL inside \"" + text + '"');
        }
        MemorySegment field = into.asSlice(offset, length);
        field.fill((byte) 0);
        MemorySegment.copy(bytes, 0, field, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }

    /**
     * Reads UTF-8 that a peer wrote: up to the first NUL, or all of the field. Malformed bytes become U+FFFD, and
     * control characters '?', so that no peer can write to a terminal; nothing throws.
     */
    public static String utf8(MemorySegment from, long offset, int length) {
        byte[] bytes = from.asSlice(offset, nulOrEnd(from, offset, length)).toArray(ValueLayout.JAVA_BYTE);
        return CONTROL_CHARACTER.matcher(new String(bytes, StandardCharsets.UTF_8)).replaceAll("?");
    }

    /**
     * Reads UTF-8 up to the NUL that must be there.
     *
     * @throws IllegalArgumentException if there is no NUL in the field, or the bytes before it are not UTF-8
     */
    public static String strictUtf8(MemorySegment from, long offset, int length) {
        int end = nulOrEnd(from, offset, length);
        if (end == length) {
            throw new IllegalArgumentException("text of " + length + " bytes without a NUL");
        }
        byte[] bytes = from.asSlice(offset, end).toArray(ValueLayout.JAVA_BYTE);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not UTF-8", e);
        }
    }

    private static int nulOrEnd(MemorySegment from, long offset, int length) {
        int end = 0;
        while (end < length && from.get(ValueLayout.JAVA_BYTE, offset + end) != 0) {
            end++;
        }
        return end;
    }
}
