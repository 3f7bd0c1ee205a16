package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.IdentifyCns;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.NamespaceConfiguration;
import java.lang.foreign.MemorySegment;

/**
 * Identify of a controller with namespaces (NVMe Base 2.1, Identify command). A namespace identifier that could be
 * active but is not gives zeroes; one that could never be is an error.
 */
final class IdentifyHandler implements CommandHandler {
    static final int SIZE = 4096;
    static final int CNS_BYTE = 40;
    private static final int COMMAND_SET_BYTE = 47;
    private static final int CNS_MASK = 0xFF;
    private static final int COMMAND_SET_SHIFT = 24;
    private static final int COMMAND_SET_NVM = 0;
    /** FFFFFFFEh and FFFFFFFFh are no place in a list of namespaces. */
    private static final int LIST_AFTER_MAX = 0xFFFFFFFD;

    @Override
    public void parse(Request request) {
        IoController controller = (IoController) request.queue().controller();
        int nsid = request.namespaceId();
        boolean valid = switch (cns(request)) {
            case NAMESPACE, IO_COMMAND_SET_INDEPENDENT_NAMESPACE -> checkNamespace(request, possible(nsid));
            case IO_COMMAND_SET_NAMESPACE ->
                checkCommandSet(request) && checkNamespace(request, possible(nsid));
            case NAMESPACE_IDENTIFICATION_DESCRIPTORS ->
                checkNamespace(request, controller.namespaces().find(nsid) != null);
            case ACTIVE_NAMESPACE_LIST ->
                checkNamespace(request, Integer.compareUnsigned(nsid, LIST_AFTER_MAX) <= 0);
            case IO_COMMAND_SET_ACTIVE_NAMESPACE_LIST -> checkCommandSet(request)
                    && checkNamespace(request, Integer.compareUnsigned(nsid, LIST_AFTER_MAX) <= 0);
            case CONTROLLER -> true;
            case IO_COMMAND_SET_CONTROLLER -> checkCommandSet(request);
            case null, default -> {
                request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, CNS_BYTE);
                yield false;
            }
        };
        if (valid) {
            request.provideData(SIZE);
        }
    }

    private static boolean possible(int nsid) {
        return nsid > 0 && nsid <= NamespaceConfiguration.ID_MAX;
    }

    private static boolean checkNamespace(Request request, boolean valid) {
        if (!valid) {
            request.reject(GenericStatus.INVALID_NAMESPACE_OR_FORMAT, IoAdmission.NAMESPACE_ID_BYTE);
        }
        return valid;
    }

    private static boolean checkCommandSet(Request request) {
        boolean nvm = request.dword(11) >>> COMMAND_SET_SHIFT == COMMAND_SET_NVM;
        if (!nvm) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, COMMAND_SET_BYTE);
        }
        return nvm;
    }

    @Override
    public void execute(Request request) {
        IoController controller = (IoController) request.queue().controller();
        MemorySegment into = request.data().segment();
        MemorySegment.copy(ZEROES, 0, into, 0, SIZE);
        Namespace namespace = controller.namespaces().find(request.namespaceId());
        switch (cns(request)) {
            case CONTROLLER -> IdentifyPages.controller(controller).encode(into, 0);
            case ACTIVE_NAMESPACE_LIST, IO_COMMAND_SET_ACTIVE_NAMESPACE_LIST ->
                NamespaceList.above(request.namespaceId(), controller.namespaces().ids()).encode(into, 0);
            case NAMESPACE_IDENTIFICATION_DESCRIPTORS -> {
                if (namespace != null) { // It may have gone while the command waited for a buffer.
                    IdentifyPages.descriptors(namespace).encode(into, 0);
                }
            }
            case NAMESPACE -> {
                if (namespace != null) {
                    IdentifyPages.namespace(namespace).encode(into, 0);
                }
            }
            case IO_COMMAND_SET_INDEPENDENT_NAMESPACE -> {
                if (namespace != null) {
                    IdentifyPages.independentNamespace(namespace).encode(into, 0);
                }
            }
            case IO_COMMAND_SET_CONTROLLER -> NvmCapabilities.limits().encode(into, 0);
            // No protection formats, nothing else to say.
            case IO_COMMAND_SET_NAMESPACE -> {}
            case null, default -> throw new IllegalStateException("Identify was not checked");
        }
        request.completeWithData(SIZE);
    }

    private static final MemorySegment ZEROES = MemorySegment.ofArray(new byte[SIZE]).asReadOnly();

    static IdentifyCns cns(Request request) {
        return IdentifyCns.ofCode(request.dword(10) & CNS_MASK);
    }
}
