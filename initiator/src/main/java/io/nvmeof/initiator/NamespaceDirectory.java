package io.nvmeof.initiator;

import io.nvmeof.protocol.admin.IdentifyCns;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.NamespaceIdentificationDescriptors;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.status.GenericStatus;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The namespaces of a controller that somebody has asked for, one object each, kept up to date.
 *
 * <p>Owned by the loop of the admin queue, but for {@link #list} and {@link #find}, which are for any thread.
 */
final class NamespaceDirectory {
    /** Most namespaces of one controller that are listed; what comes behind is a mistake or malice. */
    static final int NAMESPACE_COUNT_MAX = 64 * NamespaceList.MAX_ENTRIES;

    /** How often a namespace is identified that changes meanwhile. */
    private static final int FIND_TRIES_MAX = 10;

    private static final Logger LOG = LoggerFactory.getLogger(NamespaceDirectory.class);

    private final HostController controller;
    private final AdminQueue admin;
    private final Map<Integer, RemoteNamespace> known = new HashMap<>();
    /** How often namespaces have changed. Written on the loop. */
    private volatile int changeCount;

    NamespaceDirectory(HostController controller, AdminQueue admin) {
        this.controller = controller;
        this.admin = admin;
    }

    /** The identifiers of all active namespaces, in order. */
    CompletableFuture<List<Integer>> list() {
        return listAfter(0, new ArrayList<>());
    }

    private CompletableFuture<List<Integer>> listAfter(int last, List<Integer> found) {
        return admin.identify(IdentifyCns.ACTIVE_NAMESPACE_LIST, last).thenCompose(page -> {
            NamespaceList list = activeList(page);
            int highest = last;
            for (int id : list.namespaceIds()) {
                if (Integer.compareUnsigned(id, highest) <= 0) {
                    throw new IllegalStateException("the active namespace list after " + Integer.toUnsignedString(last)
                            + " begins with " + Integer.toUnsignedString(id));
                }
                found.add(id);
                highest = id;
            }
            boolean more = list.full() && found.size() < NAMESPACE_COUNT_MAX;
            return more ? listAfter(highest, found) : CompletableFuture.completedFuture(List.copyOf(found));
        });
    }

    /** A list that is not one is the controller's fault, not an argument's of our caller. */
    private static NamespaceList activeList(MemorySegment page) {
        try {
            return NamespaceList.decode(page, 0);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("the active namespace list is garbled: " + e.getMessage(), e);
        }
    }

    /** One namespace, identified anew; always the same object for the same identifier. */
    CompletableFuture<RemoteNamespace> find(int id) {
        return find(id, FIND_TRIES_MAX);
    }

    /** What was read before a change may be wrong by now, and nobody would look at it again. */
    private CompletableFuture<RemoteNamespace> find(int id, int triesLeft) {
        int changesBefore = changeCount;
        CompletableFuture<IdentifyNamespace> identify = admin.identify(IdentifyCns.NAMESPACE, id)
                .thenApply(page -> IdentifyNamespace.decode(page, 0))
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        saysInvalidNamespace(failure) ? noSuchNamespace(id) : failure));
        return identify.thenCompose(structure -> {
            if (structure.capacityBlocks() == 0 && structure.sizeBlocks() == 0) {
                throw noSuchNamespace(id);
            }
            return admin.identify(IdentifyCns.NAMESPACE_IDENTIFICATION_DESCRIPTORS, id)
                    .handle((page, failure) -> descriptors(id, page, failure))
                    .thenComposeAsync(names -> changeCount != changesBefore && triesLeft > 1
                            ? find(id, triesLeft - 1)
                            : CompletableFuture.completedFuture(update(id, structure, names)),
                            controller.loop()::execute);
        });
    }

    private NoSuchElementException noSuchNamespace(int id) {
        return new NoSuchElementException("there is no active namespace " + Integer.toUnsignedString(id) + " at "
                + controller);
    }

    private static boolean saysInvalidNamespace(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof CommandException command
                && command.status().matches(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
    }

    /** A controller that gives no names, or garbled ones, still has a usable namespace. */
    private NamespaceIdentificationDescriptors descriptors(int id, MemorySegment page, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause != null && !(cause instanceof CommandException)) {
            throw new CompletionException(cause);
        }
        if (cause != null) {
            return null;
        }
        try {
            return NamespaceIdentificationDescriptors.decode(page, 0);
        } catch (IllegalArgumentException e) {
            LOG.warn("namespace {} of {} has an invalid descriptor list: {}", Integer.toUnsignedString(id), controller,
                    e.getMessage());
            return null;
        }
    }

    private RemoteNamespace update(int id, IdentifyNamespace structure,
            NamespaceIdentificationDescriptors descriptors) {
        RemoteNamespace namespace = known.get(id);
        RemoteNamespace updated = namespace != null ? namespace : new RemoteNamespace(controller, id);
        updated.update(structure, descriptors);
        known.put(id, updated);
        return updated;
    }

    /**
     * The controller says that namespaces changed: identifies those again that somebody holds.
     *
     * @param changedList the Changed Attached Namespace List log page, or {@code null} if it could not be read
     * @return the identifiers that changed, those nobody holds included
     */
    CompletableFuture<List<Integer>> refresh(MemorySegment changedList) {
        changeCount++;
        List<Integer> changed = changedList == null ? null : decode(changedList);
        if (changed != null) {
            return refresh(changed);
        }
        return list().thenComposeAsync(active -> {
            List<Integer> all = new ArrayList<>(active);
            known.keySet().stream().filter(id -> !active.contains(id)).forEach(all::add);
            return refresh(all);
        }, controller.loop()::execute);
    }

    /**
     * The identifiers, or {@code null} if there were too many for the list, or it is garbled: then any may have
     * changed.
     */
    private static List<Integer> decode(MemorySegment changedList) {
        try {
            int[] ids = NamespaceList.decode(changedList, 0).namespaceIds();
            boolean tooMany = ids.length > 0 && ids[0] == NamespaceList.TOO_MANY_CHANGED;
            return tooMany ? null : Arrays.stream(ids).boxed().toList();
        } catch (IllegalArgumentException e) {
            LOG.warn("invalid Changed Namespace List: {}", e.getMessage());
            return null;
        }
    }

    private CompletableFuture<List<Integer>> refresh(List<Integer> changed) {
        CompletableFuture<?>[] refreshed = changed.stream().filter(known::containsKey)
                .map(id -> find(id).handleAsync((namespace, failure) -> {
                    detachIfGone(id, failure);
                    return namespace;
                }, controller.loop()::execute)).toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(refreshed).thenApply(x -> List.copyOf(changed));
    }

    private void detachIfGone(int id, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        boolean gone = cause instanceof NoSuchElementException;
        if (gone || cause instanceof UnsupportedOperationException) {
            RemoteNamespace namespace = known.remove(id);
            if (namespace != null) {
                namespace.detach();
            }
        }
        if (cause != null && !gone && !(cause instanceof ConnectionLostException)) {
            LOG.warn("cannot identify namespace {} of {} again: {}", Integer.toUnsignedString(id), controller,
                    cause.getMessage());
        }
    }
}
