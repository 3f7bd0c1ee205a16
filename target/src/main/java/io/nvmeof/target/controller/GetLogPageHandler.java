package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.LogPageIdentifier;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import java.lang.foreign.MemorySegment;

/**
 * Get Log Page (NVMe Base 2.1), of both kinds of controllers: a part of a page, from any offset within it. What is
 * asked for beyond its end is zeroes.
 */
final class GetLogPageHandler implements CommandHandler {
    private static final int LID_BYTE = 40;
    private static final int NUMBER_OF_DWORDS_BYTE = 42;
    private static final int OFFSET_BYTE = 48;
    private static final int OFFSET_TYPE_BYTE = 58;
    private static final int COMMAND_SET_BYTE = 59;
    private static final int LID_MASK = 0xFF;
    private static final int SPECIFIC_SHIFT = 8;
    private static final int SPECIFIC_MASK = 0x7F;
    private static final int RETAIN_ASYNCHRONOUS_EVENT = 1 << 15;
    private static final int OFFSET_TYPE = 1 << 23;
    private static final int OFFSET_TYPE_BIT = 7;
    private static final int COMMAND_SET_SHIFT = 24;

    @Override
    public void parse(Request request) {
        LogPageIdentifier logPage = logPage(request);
        if (!LogPages.supported(request.queue().controller(), logPage)) {
            request.reject(CommandSpecificStatus.INVALID_LOG_PAGE, LID_BYTE);
            return;
        }
        if (logPage == LogPageIdentifier.SMART_HEALTH_INFORMATION && request.namespaceId() != 0
                && request.namespaceId() != 0xFFFFFFFF) {
            // LPA says that there is no such log page per namespace.
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, IoAdmission.NAMESPACE_ID_BYTE);
            return;
        }
        if (!LogPages.supportsCommandSet(logPage, commandSet(request))) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, COMMAND_SET_BYTE);
            return;
        }
        if ((request.dword(14) & OFFSET_TYPE) != 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, OFFSET_TYPE_BYTE, OFFSET_TYPE_BIT);
            return;
        }
        if ((request.qword(12) & Integer.BYTES - 1) != 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, OFFSET_BYTE);
            return;
        }
        long length = length(request);
        if (length > request.queue().dataTransferBytesMax()) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, NUMBER_OF_DWORDS_BYTE);
            return;
        }
        request.provideData((int) length);
    }

    @Override
    public void execute(Request request) {
        Controller controller = request.queue().controller();
        LogPageIdentifier logPage = logPage(request);
        MemorySegment page = LogPages.page(controller, logPage,
                request.dword(10) >>> SPECIFIC_SHIFT & SPECIFIC_MASK, commandSet(request));
        long offset = request.qword(12);
        if (Long.compareUnsigned(offset, page.byteSize()) > 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, OFFSET_BYTE);
            return;
        }
        int length = request.dataLength();
        int present = (int) Math.min(length, page.byteSize() - offset);
        MemorySegment into = request.data().segment();
        MemorySegment.copy(page, offset, into, 0, present);
        into.asSlice(present, length - present).fill((byte) 0);
        if ((request.dword(10) & RETAIN_ASYNCHRONOUS_EVENT) == 0) {
            controller.events().onLogPageRead(logPage.code());
            if (logPage == LogPageIdentifier.CHANGED_ATTACHED_NAMESPACE_LIST) {
                ((IoController) controller).forgetChangedNamespaces();
            } else if (logPage == LogPageIdentifier.RESERVATION_NOTIFICATION) {
                ((IoController) controller).onReservationLogRead();
            }
        }
        request.completeWithData(length);
    }

    private static LogPageIdentifier logPage(Request request) {
        return LogPageIdentifier.ofCode(request.dword(10) & LID_MASK);
    }

    private static int commandSet(Request request) {
        return request.dword(14) >>> COMMAND_SET_SHIFT;
    }

    /** NUMDL and NUMDU, 0's based, in dwords. */
    private static long length(Request request) {
        long numberOfDwords = request.dword(10) >>> 16 | (request.dword(11) & 0xFFFFL) << 16;
        return (numberOfDwords + 1) * Integer.BYTES;
    }
}
