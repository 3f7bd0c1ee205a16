package io.nvmeof.local;

import io.netty.channel.IoEventLoop;
import io.nvmeof.local.posix.LinuxSystemCalls;
import io.nvmeof.local.posix.SystemCalls;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.target.storage.BackendCapabilities;
import io.nvmeof.target.storage.BackendChannel;
import io.nvmeof.target.storage.NamespaceBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A namespace in a regular file or on a block device.
 *
 * <p>Locked while open (flock), so that no two targets serve one file. Announces a volatile write cache, with O_DIRECT
 * too: behind it is the device's own cache. A file that is sparse stays so; deallocated blocks become holes where the
 * file system can make them.
 */
public final class FileBackend implements NamespaceBackend {
    private static final Logger LOGGER = LoggerFactory.getLogger(FileBackend.class);

    private final BackingFile file;
    private final FileBackendOptions options;
    private final BackendCapabilities capabilities;
    private final boolean created;
    private boolean toldOfWorkers;
    private boolean closed;

    private FileBackend(BackingFile file, FileBackendOptions options, boolean created) {
        this.file = file;
        this.options = options;
        this.created = created;
        BackingFile.Facts facts = file.facts();
        this.capabilities = new BackendCapabilities(!facts.readOnly(), facts.punchHole(), facts.readOnly(),
                Math.max(1, facts.preferredBytes() / options.blockSizeBytes()),
                options.shared() ? 1 : Math.max(1, BlockGuard.ATOMIC_BYTES / options.blockSizeBytes()), 0);
    }

    /**
     * Opens, and creates if asked to; when it returns a new file, that and its size are durable. Blocks: not for a
     * loop.
     *
     * @throws IOException naming the path, the option at fault and what is allowed; nothing has been created or changed
     */
    public static FileBackend open(FileBackendOptions options) throws IOException {
        return open(options, LinuxSystemCalls.instance());
    }

    static FileBackend open(FileBackendOptions options, SystemCalls calls) throws IOException {
        FileOpener opener = new FileOpener(calls, options);
        FileBackend backend = new FileBackend(opener.open(), options, opener.created());
        LOGGER.info("{}: {} blocks of {} bytes, deallocate {}", backend.describe(), backend.blockCount(),
                backend.blockSizeBytes(), backend.capabilities.deallocate() ? "gives storage back" : "not supported");
        return backend;
    }

    /** Whether the file was not there before and is new. */
    public boolean created() {
        return created;
    }

    @Override
    public int blockSizeBytes() {
        return options.blockSizeBytes();
    }

    @Override
    public long blockCount() {
        return file.faults().sizeBytes() / options.blockSizeBytes();
    }

    @Override
    public long actualBlockCount() {
        return file.actualBytes() / options.blockSizeBytes();
    }

    /** A regular file is cut or extended, by a hole; of a block device the size can only be taken over. */
    @Override
    public synchronized void resize(long blockCount) {
        long formerCount = blockCount();
        file.resize(Math.multiplyExact(blockCount, (long) options.blockSizeBytes()), options.blockSizeBytes());
        LOGGER.info("{}: {} blocks instead of {}", describe(), blockCount, formerCount);
    }

    @Override
    public void setGoneListener(Consumer<String> listener) {
        file.faults().setGoneListener(listener);
    }

    @Override
    public BackendCapabilities capabilities() {
        return capabilities;
    }

    @Override
    public String describe() {
        BackingFile.Facts facts = file.facts();
        return (facts.regular() ? "file " : "block device ") + facts.path() + (facts.direct() ? ", O_DIRECT" : "")
                + (facts.readOnly() ? ", read-only" : "");
    }

    /**
     * Opens a channel, on the loop's ring if it has one.
     *
     * @throws UncheckedIOException if no descriptor is to be had, or the options insist on io_uring and this loop has
     *     none
     */
    @Override
    public BackendChannel open(EventLoop loop) {
        IoEventLoop netty = loop.unwrap(IoEventLoop.class);
        boolean ring = NettyRing.supports(netty);
        if (options.engine() == FileEngine.IO_URING && !ring) {
            throw new UncheckedIOException(new IOException(options.path()
                    + ": engine IO_URING: this event loop has no io_uring; use engine AUTO or POSITIONAL, or run the "
                    + "loops on io_uring"));
        }
        if (ring && options.engine() != FileEngine.POSITIONAL) {
            return new UringChannel(file, loop, options.blockSizeBytes(), netty);
        }
        tellOfWorkers(ring);
        return new PositionalChannel(file, loop, options.blockSizeBytes());
    }

    private synchronized void tellOfWorkers(boolean ring) {
        if (!toldOfWorkers) {
            toldOfWorkers = true;
            LOGGER.info("{}: positional I/O on {} worker threads, because {}", describe(), WorkerPool.THREAD_COUNT,
                    ring ? "engine is POSITIONAL" : "the event loop has no io_uring");
        }
    }

    /** Lets the file go as soon as no channel uses it any more, and its lock with it. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        int channelCount = file.channelCount();
        if (channelCount > 0) {
            LOGGER.warn("{}: closed while {} channels are still open or have operations outstanding; the file stays "
                    + "open and locked until they are done", describe(), channelCount);
        }
        file.release();
    }
}
