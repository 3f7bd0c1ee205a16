package io.nvmeof.cli.load;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/** Bytes as people compare them: sixteen a line, with their offset in the block. */
final class HexDump {
    private static final int LINE_BYTES = 16;
    private static final int LINES = 4;

    private HexDump() {}

    /** Appends the lines from the one before {@code at}. */
    static void append(StringBuilder text, String title, MemorySegment memory, long offset, long at, int length) {
        long first = Math.max(0, at / LINE_BYTES - 1) * LINE_BYTES;
        for (long line = first; line < Math.min(length, first + LINES * LINE_BYTES); line += LINE_BYTES) {
            text.append(title).append(String.format(Locale.ROOT, "%06x ", line));
            for (long i = line; i < Math.min(length, line + LINE_BYTES); i++) {
                int value = Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, offset + i));
                text.append(String.format(Locale.ROOT, " %02x", value));
            }
            text.append('\n');
        }
    }
}
