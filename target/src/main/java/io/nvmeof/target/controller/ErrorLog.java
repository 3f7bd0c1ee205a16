package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.ErrorInformationLogEntry;
import io.nvmeof.protocol.fabrics.TransportType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The Error Information log page: the newest errors, newest first. One for a host of a subsystem and not for each of
 * its controllers, so that what went wrong can be read after a reconnect. Any thread may call; the locks are held for a
 * moment, and only where commands failed.
 */
final class ErrorLog {
    private static final int ENTRY_COUNT = TargetLimits.ERROR_LOG_ENTRIES + 1; // ELPE is 0's based.
    private static final int FAULTY_BIT_SHIFT = 8;

    private final Deque<ErrorInformationLogEntry> entries = new ArrayDeque<>();
    private long errorCount;

    /** @param transport how the host came */
    synchronized void add(CommandError error, TransportType transport) {
        errorCount++;
        if (entries.size() == ENTRY_COUNT) {
            entries.removeLast();
        }
        int location = error.faultyByte() == CommandError.NO_LOCATION
                ? ErrorInformationLogEntry.NOT_APPLICABLE
                : error.faultyByte() | error.faultyBit() << FAULTY_BIT_SHIFT;
        entries.addFirst(new ErrorInformationLogEntry(errorCount, error.queueId(), error.commandId(),
                error.statusField(), location, error.startingBlock(), error.namespaceId(), 0, transport.code(), 0,
                error.opcode(), 0, 0));
    }

    /** Errors that there was no room for on their way here: they count, but say nothing. */
    synchronized void addUnseen(long count) {
        errorCount += count;
    }

    /** How many errors there were. */
    synchronized long errorCount() {
        return errorCount;
    }

    /** The log page: all entries, those never used being zero. */
    synchronized MemorySegment page() {
        MemorySegment page = MemorySegment.ofArray(new byte[ENTRY_COUNT * ErrorInformationLogEntry.SIZE]);
        long offset = 0;
        for (ErrorInformationLogEntry entry : entries) {
            entry.encode(page, offset);
            offset += ErrorInformationLogEntry.SIZE;
        }
        return page;
    }
}
