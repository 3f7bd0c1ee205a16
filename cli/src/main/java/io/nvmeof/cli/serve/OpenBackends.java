package io.nvmeof.cli.serve;

import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.FileFailure;
import io.nvmeof.local.FileBackend;
import io.nvmeof.local.FileBackendOptions;
import io.nvmeof.target.storage.FaultBackend;
import io.nvmeof.target.storage.MemoryBackend;
import io.nvmeof.target.storage.NamespaceBackend;
import io.nvmeof.target.storage.NullBackend;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The backends this process has opened, and what each was opened from. The target closes them too, which is no harm.
 * Any thread may call.
 */
final class OpenBackends implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenBackends.class);

    private final Map<NamespaceBackend, NamespacePlan> plans = new IdentityHashMap<>();
    /** New files and folders, in the order they were made: what fails leaves none. */
    private final Deque<Path> created = new ArrayDeque<>();

    /** Opens the storage of a namespace; a failure ends the command with exit status 1. */
    synchronized NamespaceBackend open(NamespacePlan plan) {
        NamespaceBackend backend;
        try {
            backend = openPlain(plan.backing());
        } catch (IOException e) {
            throw CommandFailure.failed(plan.pathKey() + FileFailure.describe(e), e);
        }
        if (plan.backing().faults().isPresent()) {
            FaultBackend faults = new FaultBackend(backend, plan.backing().faults().get().seed());
            faults.setRules(plan.backing().faults().get().rules());
            backend = faults;
        }
        plans.put(backend, plan);
        LOG.info("namespace {}: {}, {} in blocks of {} bytes", plan.id(), backend.describe(),
                ByteSize.format(backend.blockCount() * backend.blockSizeBytes()), backend.blockSizeBytes());
        return backend;
    }

    /** What a backend was opened from; empty if it is not one of these. */
    synchronized Optional<NamespacePlan> planOf(NamespaceBackend backend) {
        return Optional.ofNullable(plans.get(backend));
    }

    /** A backend is closed: its file may be used again. */
    synchronized void forget(NamespaceBackend backend) {
        plans.remove(backend);
    }

    /** Closes a backend that nobody has used, and removes its file if {@link #open} has created it. */
    synchronized void undo(NamespaceBackend backend) {
        NamespacePlan plan = plans.remove(backend);
        Path path = plan.backing().path();
        if (path != null && created.remove(path)) {
            delete(path);
        }
        backend.close();
    }

    /** Everything that was created is wanted. */
    synchronized void keep() {
        created.clear();
    }

    /** A folder has been made, and what is in it now, that is of no use if the start fails. */
    synchronized void created(Path folder) throws IOException {
        created.push(folder);
        try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
            inside.forEach(created::push);
        }
    }

    /** Removes the new files; while they are open and locked nobody else can have begun to use them. */
    synchronized void removeCreated() {
        while (!created.isEmpty()) {
            delete(created.pop());
        }
    }

    private NamespaceBackend openPlain(Backing backing) throws IOException {
        int block = backing.effectiveBlockSizeBytes();
        return switch (backing.kind()) {
            case MEMORY -> new MemoryBackend(backing.sizeBytes(), block);
            case NULL -> new NullBackend(backing.sizeBytes(), block);
            case FILE -> openFile(backing, block);
        };
    }

    private NamespaceBackend openFile(Backing backing, int block) throws IOException {
        Path folder = backing.path().toAbsolutePath().getParent();
        if (backing.path().equals(TargetPlan.DEFAULT_FILE) && !Files.exists(folder)) {
            Files.createDirectory(folder);
            created.push(folder);
        }
        FileBackend backend = FileBackend.open(FileBackendOptions.of(backing.path()).withSizeBytes(backing.sizeBytes())
                .withBlockSizeBytes(block).withDirect(backing.direct()).withReadOnly(backing.readOnly())
                .withShared(backing.shared()));
        if (backend.created()) {
            created.push(backing.path());
        }
        return backend;
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            LOG.warn("cannot remove {}, which has just been created: {}", path, FileFailure.reason(e));
        }
    }

    @Override
    public void close() {
        List<NamespaceBackend> backends;
        synchronized (this) {
            backends = new ArrayList<>(plans.keySet());
            plans.clear();
        }
        backends.forEach(NamespaceBackend::close);
    }
}
