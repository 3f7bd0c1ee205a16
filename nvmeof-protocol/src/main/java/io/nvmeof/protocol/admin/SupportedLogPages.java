package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import io.nvmeof.protocol.layout.WireStructure;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/** Supported Log Pages log page, LID 00h: 32 bits per log page identifier (NVMe Base 2.1, Supported Log Pages). */
public final class SupportedLogPages extends WireStructure {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT =
            MemoryLayout.structLayout(MemoryLayout.sequenceLayout(256, LE32).withName("LIDS"));

    /** Bytes of the log page. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** The log page is supported. */
    public static final int SUPPORTED = 1;
    /** Get Log Page takes an index offset for it. */
    public static final int INDEX_OFFSET_SUPPORTED = 1 << 1;

    private static final long LIDS = LAYOUT.byteOffset(groupElement("LIDS"));

    private SupportedLogPages(MemorySegment from, long base) {
        super(from, base, SIZE);
    }

    /** Copies the bytes at {@code base}, whatever they are. */
    public static SupportedLogPages decode(MemorySegment from, long base) {
        return new SupportedLogPages(from, base);
    }

    /** A page that lists these. */
    public static SupportedLogPages of(LogPageIdentifier... logPages) {
        Builder builder = new Builder();
        for (LogPageIdentifier logPage : logPages) {
            builder.add(logPage);
        }
        return new SupportedLogPages(builder.segment(), 0);
    }

    /** The 32 bits of a log page identifier, 0 to 255. */
    public int flags(int logPage) {
        if ((logPage & ~0xFF) != 0) {
            throw new IllegalArgumentException("log page " + logPage);
        }
        return flags32(LIDS + (long) logPage * Integer.BYTES);
    }

    /** Whether the log page is supported. */
    public boolean supports(LogPageIdentifier logPage) {
        return (flags(logPage.code()) & SUPPORTED) != 0;
    }

    private static final class Builder extends WireStructure.Builder {
        Builder() {
            super(SIZE);
        }

        void add(LogPageIdentifier logPage) {
            putFlags32(LIDS + (long) logPage.code() * Integer.BYTES, SUPPORTED);
        }

        MemorySegment segment() {
            return bytes();
        }
    }
}
