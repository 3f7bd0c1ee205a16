package io.nvmeof.cli.shared;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/** Bytes as people compare them: sixteen a line, with their offset. */
public final class HexDump {
    /** Bytes of a line. */
    public static final int LINE_BYTES = 16;

    private HexDump() {}

    /**
     * Appends lines.
     *
     * @param title the beginning of each line
     * @param base where the dumped thing begins in the memory
     * @param from first byte of it, a multiple of {@link #LINE_BYTES}
     * @param to end, exclusive
     */
    public static void append(StringBuilder text, String title, MemorySegment memory, long base, long from, long to) {
        for (long line = from; line < to; line += LINE_BYTES) {
            text.append(title).append(String.format(Locale.ROOT, "%06x ", line));
            for (long i = line; i < Math.min(to, line + LINE_BYTES); i++) {
                int value = Byte.toUnsignedInt(memory.get(ValueLayout.JAVA_BYTE, base + i));
                text.append(String.format(Locale.ROOT, " %02x", value));
            }
            text.append('\n');
        }
    }
}
