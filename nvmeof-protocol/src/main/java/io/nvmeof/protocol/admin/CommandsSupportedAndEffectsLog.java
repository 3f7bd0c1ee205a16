package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import io.nvmeof.protocol.layout.WireStructure;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * Commands Supported and Effects log page, LID 05h: per opcode whether there is such a command and what it may change,
 * 32 bits each (NVMe Base 2.1, Commands Supported and Effects).
 */
public final class CommandsSupportedAndEffectsLog extends WireStructure {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            MemoryLayout.sequenceLayout(256, LE32).withName("ACS"),
            MemoryLayout.sequenceLayout(256, LE32).withName("IOCS"),
            MemoryLayout.paddingLayout(2048));

    /** Bytes of the log page. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** The command is supported; without it the other bits mean nothing. */
    public static final int SUPPORTED = 1;
    /** It may change logical block content. */
    public static final int LOGICAL_BLOCK_CONTENT_CHANGE = 1 << 1;
    /** It may change the capabilities of one namespace. */
    public static final int NAMESPACE_CAPABILITY_CHANGE = 1 << 2;
    /** It may change the namespaces of the subsystem. */
    public static final int NAMESPACE_INVENTORY_CHANGE = 1 << 3;
    /** It may change the controller's capabilities. */
    public static final int CONTROLLER_CAPABILITY_CHANGE = 1 << 4;

    /** It acts on one namespace. */
    public static final int SCOPE_NAMESPACE = 1 << 20;
    /** It acts on one controller. */
    public static final int SCOPE_CONTROLLER = 1 << 21;
    /** It acts on the NVM subsystem. */
    public static final int SCOPE_SUBSYSTEM = 1 << 25;

    private static final long ADMIN = LAYOUT.byteOffset(groupElement("ACS"));
    private static final long IO = LAYOUT.byteOffset(groupElement("IOCS"));

    private CommandsSupportedAndEffectsLog(MemorySegment from, long base) {
        super(from, base, SIZE);
    }

    /** Copies the bytes at {@code base}, whatever they are. */
    public static CommandsSupportedAndEffectsLog decode(MemorySegment from, long base) {
        return new CommandsSupportedAndEffectsLog(from, base);
    }

    /** Starts a page without a command. */
    public static Builder builder() {
        return new Builder();
    }

    /** The 32 bits of an admin opcode, 0 to 255. */
    public int adminCommand(int opcode) {
        return flags32(ADMIN + at(opcode));
    }

    /** The 32 bits of an I/O opcode, 0 to 255. */
    public int ioCommand(int opcode) {
        return flags32(IO + at(opcode));
    }

    private static long at(int opcode) {
        if ((opcode & ~0xFF) != 0) {
            throw new IllegalArgumentException("opcode " + opcode);
        }
        return (long) opcode * Integer.BYTES;
    }

    /** Puts a page together. */
    public static final class Builder extends WireStructure.Builder {
        private Builder() {
            super(SIZE);
        }

        /** Lists an admin command with its effects; {@link #SUPPORTED} is added. */
        public Builder adminCommand(int opcode, int effects) {
            putFlags32(ADMIN + at(opcode), effects | SUPPORTED);
            return this;
        }

        /** Lists an I/O command with its effects; {@link #SUPPORTED} is added. */
        public Builder ioCommand(int opcode, int effects) {
            putFlags32(IO + at(opcode), effects | SUPPORTED);
            return this;
        }

        /** The page as set so far. */
        public CommandsSupportedAndEffectsLog build() {
            return new CommandsSupportedAndEffectsLog(bytes(), 0);
        }
    }
}
