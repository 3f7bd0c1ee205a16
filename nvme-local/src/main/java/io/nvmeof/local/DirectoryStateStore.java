package io.nvmeof.local;

import io.nvmeof.target.storage.StateStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps each content in a file of its own in one directory, for the owner alone. A file is replaced as a whole: written
 * under another name, forced to the disk, renamed, and the name forced to the disk, too; so whenever the power fails,
 * either the old content is there or the new one.
 *
 * <p>A thread of its own does the writing, in the order of the calls; of several saves of one key that wait, only the
 * last is written, and ends all of them. One process at a time may use a directory.
 */
public final class DirectoryStateStore implements StateStore, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryStateStore.class);
    private static final Pattern KEY = Pattern.compile("[a-zA-Z0-9._-]{1,200}");
    private static final String SUFFIX = ".state";
    /** No key has this character, so that no key's file is another's unfinished one. */
    private static final String UNFINISHED = "~";
    private static final String LOCK_FILE = "lock";

    private final Path directory;
    private final StateFiles files;
    private final FileChannel lock;
    private final Thread worker;
    /** What is to be written, the oldest first. Guarded by this, as all that follows. */
    private final Map<String, Pending> waiting = new LinkedHashMap<>();
    private String writing;
    private boolean closed;

    /** A content that is to be written, and everybody who wants to know when it is. */
    private record Pending(byte[] content, List<CompletableFuture<Void>> saves) {}

    private DirectoryStateStore(Path directory, StateFiles files, FileChannel lock) {
        this.directory = directory;
        this.files = files;
        this.lock = lock;
        this.worker = Thread.ofPlatform().daemon().name("state-store").start(this::work);
    }

    /**
     * Opens a directory, which is made if it is not there; its parent has to be. Blocks.
     *
     * @throws IOException naming the directory, if it is not ours to use or another process uses it
     */
    public static DirectoryStateStore open(Path directory) throws IOException {
        return open(directory, new StateFiles());
    }

    static DirectoryStateStore open(Path directory, StateFiles files) throws IOException {
        Path absolute = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute)) {
            Files.createDirectory(absolute,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            files.synchronizeDirectory(absolute.getParent());
        }
        FileChannel lock = lock(absolute);
        return new DirectoryStateStore(absolute, files, lock);
    }

    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(LOCK_FILE), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            LOG.debug("{} is in use by this very process", directory, e);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new IOException("state directory " + directory + ": is in use by another target; each needs its own");
        }
        return channel;
    }

    // ---- Load

    @Override
    public Optional<byte[]> load(String key) throws IOException {
        Path file = file(key);
        awaitWritten(key);
        Optional<byte[]> bytes = files.read(file, StateRecord.HEADER_BYTES + CONTENT_BYTES_MAX);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(StateRecord.decode(bytes.get()));
        } catch (IOException e) {
            throw new IOException("state file " + file + " is damaged: it " + e.getMessage() + ". Bring back a copy of "
                    + "it, or remove it if nothing depends on what it kept, and start the target again", e);
        }
    }

    /** What was saved before this call is to be found by it. */
    private synchronized void awaitWritten(String key) throws IOException {
        try {
            while (key.equals(writing) || waiting.containsKey(key)) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + directory + " was written to", e);
        }
    }

    private Path file(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("key \"" + key + "\": allowed are 1 to 200 of a-z A-Z 0-9 . _ -");
        }
        return directory.resolve(key + SUFFIX);
    }

    // ---- Save

    @Override
    public CompletableFuture<Void> save(String key, byte[] content) {
        file(key);
        if (content.length > CONTENT_BYTES_MAX) {
            throw new IllegalArgumentException(content.length + " bytes: at most " + CONTENT_BYTES_MAX);
        }
        CompletableFuture<Void> save = new CompletableFuture<>();
        synchronized (this) {
            if (closed) {
                return CompletableFuture.failedFuture(new IOException("state directory " + directory + " is closed"));
            }
            Pending before = waiting.get(key);
            List<CompletableFuture<Void>> saves = before == null ? new ArrayList<>() : before.saves();
            saves.add(save);
            waiting.put(key, new Pending(content.clone(), saves));
            notifyAll();
        }
        return save;
    }

    private void work() {
        Map.Entry<String, Pending> next;
        while ((next = take()) != null) {
            Throwable failure = write(next.getKey(), next.getValue().content());
            synchronized (this) {
                writing = null;
                notifyAll();
            }
            for (CompletableFuture<Void> save : next.getValue().saves()) {
                if (failure == null) {
                    save.complete(null);
                } else {
                    save.completeExceptionally(failure);
                }
            }
        }
    }

    private synchronized Map.Entry<String, Pending> take() {
        while (waiting.isEmpty() && !closed) {
            try {
                wait();
            } catch (InterruptedException e) {
                LOG.warn("the thread of state directory {} is not meant to be interrupted", directory, e);
            }
        }
        if (waiting.isEmpty()) {
            return null;
        }
        String key = waiting.keySet().iterator().next();
        writing = key;
        return Map.entry(key, waiting.remove(key));
    }

    /** Returns what went wrong, or {@code null}. */
    private Throwable write(String key, byte[] content) {
        Path file = file(key);
        Path unfinished = directory.resolve(key + SUFFIX + UNFINISHED);
        try {
            files.writeDurably(unfinished, StateRecord.encode(content));
            files.rename(unfinished, file);
            files.synchronizeDirectory(directory);
            return null;
        } catch (IOException | RuntimeException e) {
            return new IOException("state file " + file + " cannot be saved: " + e, e);
        }
    }

    /** Waits until everything is saved, and lets another process use the directory. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        boolean interrupted = false;
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true; // What was promised to be saved is saved first.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        lock.close();
    }

    @Override
    public String toString() {
        return "state directory " + directory;
    }
}
