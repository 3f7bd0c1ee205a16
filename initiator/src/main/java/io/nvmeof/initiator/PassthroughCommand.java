package io.nvmeof.initiator;

import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import java.lang.foreign.MemorySegment;
import java.util.Locale;

/**
 * A command put together by hand: an opcode, a namespace, command dwords, and memory for its data. The command
 * identifier, the flags and the data pointer are filled in when it is sent.
 *
 * <pre>{@code
 * // Get Log Page, SMART / Health Information
 * PassthroughCommand.of(0x02).namespaceId(0xFFFF_FFFF).dword(10, 127 << 16 | 0x02).dataIn(memory)
 * }</pre>
 */
public final class PassthroughCommand {
    private static final int DWORD_COUNT = SubmissionQueueEntry.SIZE / Integer.BYTES;

    private final int[] dwords = new int[DWORD_COUNT];
    private final int opcode;
    private String text;
    private Direction direction = Direction.NONE;
    private MemorySegment memory = MemorySegment.NULL;
    private long timeoutNanos = -1;

    private PassthroughCommand(int opcode) {
        if (opcode < 0 || opcode > 0xFF) {
            throw new IllegalArgumentException("opcode " + opcode + ": allowed from 0 to 255");
        }
        this.opcode = opcode;
        this.text = String.format(Locale.ROOT, "command with opcode %02Xh", opcode);
    }

    /** A command with this opcode, 0 to 255, and everything else zero. */
    public static PassthroughCommand of(int opcode) {
        return new PassthroughCommand(opcode);
    }

    /** Sets the namespace identifier; FFFFFFFFh means all. */
    public PassthroughCommand namespaceId(int namespaceId) {
        dwords[1] = namespaceId;
        return this;
    }

    /** Sets command dword 2, 3 or 10 to 15. */
    public PassthroughCommand dword(int index, int value) {
        if (index != 2 && index != 3 && (index < 10 || index >= DWORD_COUNT)) {
            throw new IllegalArgumentException("command dword " + index + ": allowed are 2, 3 and 10 to 15");
        }
        dwords[index] = value;
        return this;
    }

    /** Sets command dwords {@code index} (low half) and {@code index + 1}. */
    public PassthroughCommand qword(int index, long value) {
        return dword(index, (int) value).dword(index + 1, (int) (value >>> Integer.SIZE));
    }

    /** Where the controller's data goes: off-heap memory, lent until the command has completed. */
    public PassthroughCommand dataIn(MemorySegment into) {
        return data(Direction.CONTROLLER_TO_HOST, DataChecks.checkWritable(into));
    }

    /** The data for the controller: off-heap memory, lent until the command has completed. */
    public PassthroughCommand dataOut(MemorySegment from) {
        return data(Direction.HOST_TO_CONTROLLER, DataChecks.checkNative(from));
    }

    /** How long the answer may take, instead of the queue's usual limit; then the controller is given up. */
    public PassthroughCommand timeoutMillis(long millis) {
        if (millis < 1 || millis > 3_600_000) {
            throw new IllegalArgumentException("command timeout ms " + millis + ": allowed from 1 to 3600000");
        }
        return timeoutNanos(millis * 1_000_000);
    }

    /** What an exception calls the command. */
    public PassthroughCommand named(String name) {
        text = name;
        return this;
    }

    /** In nanoseconds; 0 is for ever, a negative number the queue's usual limit. */
    PassthroughCommand timeoutNanos(long nanos) {
        timeoutNanos = nanos;
        return this;
    }

    private PassthroughCommand data(Direction way, MemorySegment segment) {
        if (segment.byteSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("data of " + segment.byteSize() + " bytes: at most 2^31 - 1");
        }
        direction = way;
        memory = segment;
        return this;
    }

    String text() {
        return text;
    }

    boolean sendOn(HostQueuePair queue, CommandCallback callback) {
        if (memory.byteSize() > 0) {
            DataChecks.checkAccess(memory);
        }
        SubmissionQueueEntry entry = queue.prepare(opcode, dwords[1]);
        entry.commandDword(2, dwords[2]).commandDword(3, dwords[3]);
        for (int i = 10; i < DWORD_COUNT; i++) {
            entry.commandDword(i, dwords[i]);
        }
        int length = (int) memory.byteSize();
        if (timeoutNanos < 0) {
            return queue.submit(direction, memory, 0, length, callback);
        }
        int ticks = timeoutNanos == 0 ? HostQueuePair.NO_TIMEOUT : queue.ticks(timeoutNanos);
        return queue.submit(direction, memory, 0, length, callback, ticks);
    }
}
