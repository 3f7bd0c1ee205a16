package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.LogPageIdentifier;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.status.GenericStatus;

/**
 * Get Log Page of a discovery controller (NVMe Base 2.1, Discovery Log Page). The discovery log page can be long and is
 * read in pieces: only the piece asked for is made.
 */
final class DiscoveryLogHandler implements CommandHandler {
    private static final int LID_MASK = 0xFF;
    private static final int SPECIFIC_BYTE = 41;
    private static final int SPECIFIC_SHIFT = 8;
    private static final int RETAIN_ASYNCHRONOUS_EVENT = 1 << 15;
    private static final int OFFSET_BYTE = 48;
    /**
     * What a host must not ask for, as Supported Log Pages says (EXTDLPES, PLEOS): to answer with other entries than it
     * asked for would be worse than to refuse. The entries of every subsystem (ALLSUBE) is what it gets anyway.
     */
    private static final int NOT_SUPPORTED =
            DiscoveryLogPage.LSP_EXTENDED_ENTRIES | DiscoveryLogPage.LSP_PORT_LOCAL_ENTRIES_ONLY;

    private final CommandHandler otherPages;

    /** @param otherPages for all other log pages, and for what all have in common */
    DiscoveryLogHandler(CommandHandler otherPages) {
        this.otherPages = otherPages;
    }

    @Override
    public void parse(Request request) {
        int refused = request.dword(10) >>> SPECIFIC_SHIFT & NOT_SUPPORTED;
        if (isDiscovery(request) && refused != 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, SPECIFIC_BYTE,
                    Integer.numberOfTrailingZeros(refused));
        } else {
            otherPages.parse(request);
        }
    }

    @Override
    public void execute(Request request) {
        if (!isDiscovery(request)) {
            otherPages.execute(request);
            return;
        }
        DiscoveryController controller = (DiscoveryController) request.queue().controller();
        long offset = request.qword(12);
        DiscoveryLogPage page = controller.pageToRead(offset);
        if (Long.compareUnsigned(offset, page.size()) > 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, OFFSET_BYTE);
            return;
        }
        page.encodePart(offset, request.data().segment().asSlice(0, request.dataLength()));
        // Who reads on in a page of the past has not seen what the event is about.
        if ((request.dword(10) & RETAIN_ASYNCHRONOUS_EVENT) == 0 && page == controller.page()) {
            controller.events().onLogPageRead(LogPageIdentifier.DISCOVERY.code());
        }
        request.completeWithData(request.dataLength());
    }

    private static boolean isDiscovery(Request request) {
        return (request.dword(10) & LID_MASK) == LogPageIdentifier.DISCOVERY.code();
    }
}
