package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.ControllerList;
import io.nvmeof.protocol.admin.IdentifyCns;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.layout.WireLayouts;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.NamespaceConfiguration;
import java.lang.foreign.MemorySegment;
import java.util.function.Predicate;

/**
 * Identify of a controller with namespaces (NVMe Base 2.1, 5.1.13). A namespace identifier that could be active (or
 * allocated) but is not gives zeroes; one that could never be is an error.
 */
final class IdentifyHandler implements CommandHandler {
    static final int SIZE = 4096;
    static final int CNS_BYTE = 40;
    private static final int CONTROLLER_ID_BYTE = 42;
    private static final int COMMAND_SET_BYTE = 47;
    private static final int CNS_MASK = 0xFF;
    private static final int CONTROLLER_ID_SHIFT = 16;
    private static final int COMMAND_SET_SHIFT = 24;
    private static final int COMMAND_SET_NVM = 0;
    /** CNTID: the controller that is asked. */
    private static final int THIS_CONTROLLER = 0xFFFF;
    /** The only combination of I/O command sets is the NVM Command Set by itself. */
    private static final long NVM_COMMAND_SET_VECTOR = 1L << COMMAND_SET_NVM;
    /** FFFFFFFEh and FFFFFFFFh are no place in a list of namespaces. */
    private static final int LIST_AFTER_MAX = 0xFFFFFFFD;
    private static final MemorySegment ZEROES = MemorySegment.ofArray(new byte[SIZE]).asReadOnly();

    @Override
    public void parse(Request request) {
        IoController controller = (IoController) request.queue().controller();
        int nsid = request.namespaceId();
        boolean valid = switch (cns(request)) {
            case NAMESPACE, IO_COMMAND_SET_INDEPENDENT_NAMESPACE, ALLOCATED_NAMESPACE,
                    INDEPENDENT_ALLOCATED_NAMESPACE -> checkNamespace(request, possible(nsid));
            case IO_COMMAND_SET_NAMESPACE, IO_COMMAND_SET_ALLOCATED_NAMESPACE ->
                checkCommandSet(request) && checkNamespace(request, possible(nsid));
            case NAMESPACE_IDENTIFICATION_DESCRIPTORS ->
                checkNamespace(request, controller.namespaces().find(nsid) != null);
            case NAMESPACE_CONTROLLER_LIST ->
                checkNamespace(request, controller.allocatedNamespaces().find(nsid) != null);
            case ACTIVE_NAMESPACE_LIST, ALLOCATED_NAMESPACE_LIST ->
                checkNamespace(request, Integer.compareUnsigned(nsid, LIST_AFTER_MAX) <= 0);
            case IO_COMMAND_SET_ACTIVE_NAMESPACE_LIST, IO_COMMAND_SET_ALLOCATED_NAMESPACE_LIST ->
                checkCommandSet(request)
                        && checkNamespace(request, Integer.compareUnsigned(nsid, LIST_AFTER_MAX) <= 0);
            case CONTROLLER, NVM_SET_LIST, CONTROLLER_LIST -> true;
            case IO_COMMAND_SET_CONTROLLER -> checkCommandSet(request);
            case IO_COMMAND_SETS -> checkController(request, controller);
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

    private static boolean checkController(Request request, IoController controller) {
        int id = controllerId(request);
        boolean known = id == THIS_CONTROLLER || controller.subsystem().controllerIds(each -> true).contains(id);
        if (!known) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, CONTROLLER_ID_BYTE);
        }
        return known;
    }

    private static int controllerId(Request request) {
        return request.dword(10) >>> CONTROLLER_ID_SHIFT;
    }

    @Override
    public void execute(Request request) {
        IoController controller = (IoController) request.queue().controller();
        MemorySegment into = request.data().segment();
        MemorySegment.copy(ZEROES, 0, into, 0, SIZE);
        int nsid = request.namespaceId();
        switch (cns(request)) {
            case CONTROLLER -> IdentifyPages.controller(controller).encode(into, 0);
            case ACTIVE_NAMESPACE_LIST, IO_COMMAND_SET_ACTIVE_NAMESPACE_LIST ->
                NamespaceList.above(nsid, controller.namespaces().ids()).encode(into, 0);
            case ALLOCATED_NAMESPACE_LIST, IO_COMMAND_SET_ALLOCATED_NAMESPACE_LIST ->
                NamespaceList.above(nsid, controller.allocatedNamespaces().ids()).encode(into, 0);
            case NAMESPACE_IDENTIFICATION_DESCRIPTORS, NAMESPACE, IO_COMMAND_SET_INDEPENDENT_NAMESPACE ->
                encode(cns(request), controller.namespaces().find(nsid), into);
            case ALLOCATED_NAMESPACE, INDEPENDENT_ALLOCATED_NAMESPACE ->
                encode(cns(request), controller.allocatedNamespaces().find(nsid), into);
            case NAMESPACE_CONTROLLER_LIST ->
                attached(request, controller, controller.allocatedNamespaces().find(nsid)).encode(into, 0);
            case CONTROLLER_LIST -> controllers(request, controller, each -> true).encode(into, 0);
            case IO_COMMAND_SETS -> into.set(WireLayouts.LE64, 0, NVM_COMMAND_SET_VECTOR);
            case IO_COMMAND_SET_CONTROLLER -> NvmCapabilities.limits().encode(into, 0);
            // No protection formats, and not one NVM Set.
            case IO_COMMAND_SET_NAMESPACE, IO_COMMAND_SET_ALLOCATED_NAMESPACE, NVM_SET_LIST -> {}
            case null, default -> throw new IllegalStateException("Identify was not checked");
        }
        request.completeWithData(SIZE);
    }

    /** @param namespace {@code null} if it is inactive, or went while the command waited for a buffer: zeroes */
    private static void encode(IdentifyCns cns, Namespace namespace, MemorySegment into) {
        if (namespace == null) {
            return;
        }
        switch (cns) {
            case NAMESPACE_IDENTIFICATION_DESCRIPTORS -> IdentifyPages.descriptors(namespace).encode(into, 0);
            case NAMESPACE, ALLOCATED_NAMESPACE -> IdentifyPages.namespace(namespace).encode(into, 0);
            default -> IdentifyPages.independentNamespace(namespace).encode(into, 0);
        }
    }

    /** The controllers a namespace is attached to: those of all hosts that see it. */
    private static ControllerList attached(Request request, IoController controller, Namespace namespace) {
        if (namespace == null || !namespace.configuration().enabled()) {
            return ControllerList.from(0);
        }
        return controllers(request, controller, each -> namespace.configuration().visibleTo(each.hostNqn()));
    }

    private static ControllerList controllers(Request request, IoController controller, Predicate<Controller> which) {
        return ControllerList.from(controllerId(request), controller.subsystem().controllerIds(which).stream()
                .mapToInt(Integer::intValue).toArray());
    }

    static IdentifyCns cns(Request request) {
        return IdentifyCns.ofCode(request.dword(10) & CNS_MASK);
    }
}
