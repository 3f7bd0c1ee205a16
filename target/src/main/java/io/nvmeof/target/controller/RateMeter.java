package io.nvmeof.target.controller;

import io.nvmeof.target.RateLimit;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Measures one rate limit by the generic cell rate algorithm: a command takes up as much time as it would at the full
 * rate, commands stand in line one behind the other on that time scale, and the line may begin as far in the past as
 * there may be a burst. A place in the line is taken by one compare-and-set, whichever loop it is on; nobody waits for
 * anybody.
 */
final class RateMeter {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final VarHandle COMMANDS_END;
    private static final VarHandle BYTES_END;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            COMMANDS_END = lookup.findVarHandle(RateMeter.class, "commandsEnd", long.class);
            BYTES_END = lookup.findVarHandle(RateMeter.class, "bytesEnd", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long nanosPerCommand;
    private final long bytesPerSecond;
    private final long burstNanos;
    /** Where the line of commands ends, in the loops' time. */
    @SuppressWarnings({"unused", "FieldMayBeFinal"}) // Through the VarHandle.
    private long commandsEnd = Long.MIN_VALUE;
    /** Where the line of bytes ends. */
    @SuppressWarnings({"unused", "FieldMayBeFinal"}) // Through the VarHandle.
    private long bytesEnd = Long.MIN_VALUE;

    RateMeter(RateLimit limit) {
        nanosPerCommand = limit.iops() == 0 ? 0 : Math.max(1, (NANOS_PER_SECOND + limit.iops() / 2) / limit.iops());
        bytesPerSecond = limit.bytesPerSecond();
        burstNanos = limit.burstMillis() * NANOS_PER_MILLI;
    }

    /**
     * Takes a place for a command.
     *
     * @param now the loops' time
     * @param bytes how much data it moves
     * @return when it may begin: now, if that is not in the future
     */
    long take(long now, long bytes) {
        long begin = now;
        if (nanosPerCommand > 0) {
            begin = Math.max(begin, take(COMMANDS_END, now, nanosPerCommand));
        }
        if (bytesPerSecond > 0 && bytes > 0) {
            begin = Math.max(begin, take(BYTES_END, now, nanos(bytes)));
        }
        return begin;
    }

    /** Gives back the place of a command that will not be executed; those behind it come sooner. */
    void giveBack(long bytes) {
        if (nanosPerCommand > 0) {
            long unused = (long) COMMANDS_END.getAndAdd(this, -nanosPerCommand);
        }
        if (bytesPerSecond > 0 && bytes > 0) {
            long unused = (long) BYTES_END.getAndAdd(this, -nanos(bytes));
        }
    }

    private long take(VarHandle line, long now, long nanos) {
        while (true) {
            long end = (long) line.getVolatile(this);
            long begin = Math.max(end, now - burstNanos);
            if (line.compareAndSet(this, end, begin + nanos)) {
                return begin;
            }
        }
    }

    private long nanos(long bytes) {
        return bytes * NANOS_PER_SECOND / bytesPerSecond;
    }
}
