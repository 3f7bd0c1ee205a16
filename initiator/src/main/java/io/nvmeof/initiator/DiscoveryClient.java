package io.nvmeof.initiator;

import io.nvmeof.protocol.admin.LogPageIdentifier;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Reads the discovery log page of a discovery controller, whole and from one moment: the header, the entries, and the
 * header again, until the generation counter was the same before and after (NVMe Base 2.1, Discovery Log Page). Then
 * disconnects.
 */
final class DiscoveryClient {
    /** How often a page that changes while it is read is read again. */
    static final int ATTEMPT_COUNT_MAX = 10;
    /** Most entries that are read: more is a mistake or malice. */
    static final int ENTRY_COUNT_MAX = 16_384;

    private final HostController controller;
    private final AdminQueue admin;

    DiscoveryClient(HostController controller) {
        this.controller = controller;
        this.admin = controller.admin();
    }

    CompletableFuture<DiscoveryLogPage> read() {
        CompletableFuture<DiscoveryLogPage> result = new CompletableFuture<>();
        attempt(1).whenComplete((page, failure) ->
                // The page is good whether or not the controller shuts down as it should.
                controller.disconnect().whenComplete((x, unclean) -> {
                    if (failure == null) {
                        result.complete(page);
                    } else {
                        result.completeExceptionally(translate(failure));
                    }
                }));
        return result;
    }

    private CompletableFuture<DiscoveryLogPage> attempt(int number) {
        return header().thenCompose(header -> {
            long count = checkedCount(header);
            return entries(header, (int) count);
        }).thenCompose(page -> header().thenCompose(after -> {
            if (DiscoveryLogPage.generationCounter(after, 0) == DiscoveryLogPage.generationCounter(page, 0)) {
                return CompletableFuture.completedFuture(DiscoveryLogPage.decode(page, 0, page.byteSize()));
            }
            if (number == ATTEMPT_COUNT_MAX) {
                throw refuse("the log page changed each of " + number + " times while it was read");
            }
            return attempt(number + 1);
        }));
    }

    private CompletableFuture<MemorySegment> header() {
        return admin.logPage(LogPageIdentifier.DISCOVERY.code(), 0, 0, DiscoveryLogPage.HEADER_SIZE, false);
    }

    private long checkedCount(MemorySegment header) {
        int format = DiscoveryLogPage.recordFormat(header, 0);
        if (format != 0) {
            throw refuse("the log page has record format " + format + ", only 0 is known");
        }
        long count = DiscoveryLogPage.numberOfRecords(header, 0);
        if (count < 0 || count > ENTRY_COUNT_MAX) {
            throw refuse("the log page claims " + Long.toUnsignedString(count) + " entries, at most " + ENTRY_COUNT_MAX
                    + " are read");
        }
        return count;
    }

    /** The header and all entries in one piece of memory; a controller that has fewer than it said sends zeroes. */
    private CompletableFuture<MemorySegment> entries(MemorySegment header, int count) {
        MemorySegment page = Arena.ofAuto().allocate(header.byteSize() + (long) count * DiscoveryLogEntry.SIZE);
        page.copyFrom(header);
        if (count == 0) {
            return CompletableFuture.completedFuture(page);
        }
        return admin.logPage(LogPageIdentifier.DISCOVERY.code(), 0, header.byteSize(), count * DiscoveryLogEntry.SIZE,
                false)
                .thenApply(entries -> {
                    page.asSlice(header.byteSize()).copyFrom(entries);
                    return page;
                });
    }

    private CompletionException refuse(String why) {
        return new CompletionException(exception(why, null));
    }

    private ConnectException translate(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause()
                : failure;
        return switch (cause) {
            case ConnectException ours -> ours;
            case CommandException command -> exception(ConnectRequest.inWords(command), command);
            default -> exception(cause.getMessage(), cause);
        };
    }

    private ConnectException exception(String why, Throwable cause) {
        return new ConnectException(controller.options().address(), controller.options().subsystem(),
                ConnectStep.READ_DISCOVERY_LOG, why, cause);
    }
}
