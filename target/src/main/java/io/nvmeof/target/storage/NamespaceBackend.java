package io.nvmeof.target.storage;

import io.nvmeof.protocol.loop.EventLoop;
import java.util.function.Consumer;

/**
 * Storage behind a namespace: an array of logical blocks. One backend serves all loops; each loop that uses it opens a
 * channel of its own. Any thread may call.
 */
public interface NamespaceBackend extends AutoCloseable {
    /** The size of a logical block in bytes: a power of two from 512 to 65,536. */
    int blockSizeBytes();

    /** How many logical blocks there are; at least one. Changes only by {@link #resize}. */
    long blockCount();

    /**
     * How many whole logical blocks the storage could hold by now, which somebody else may have made larger or smaller;
     * {@link #blockCount()} where nobody can. Blocks: not for a loop.
     */
    default long actualBlockCount() {
        return blockCount();
    }

    /**
     * Makes the storage larger or smaller, durably; of a new block the content is zeroes. While it becomes smaller no
     * operation is outstanding. From then on the channels, those that are open too, refuse what lies beyond with LBA
     * Out of Range. Blocks: not for a loop.
     *
     * @param blockCount at least one
     * @throws UnsupportedOperationException if this storage cannot be given this size; nothing has changed
     * @throws IllegalArgumentException if no storage of this kind can be that large; nothing has changed
     * @throws java.io.UncheckedIOException if it failed; nothing has changed
     */
    default void resize(long blockCount) {
        if (blockCount != blockCount()) {
            throw new UnsupportedOperationException(describe() + " cannot be resized");
        }
    }

    /**
     * Sets who is told, and why, whenever the storage is found to be gone: a device that was pulled out, and not one
     * whose blocks fail here and there. Any thread tells; operations fail with a path status then. A backend that
     * cannot find out never tells.
     */
    default void setGoneListener(Consumer<String> listener) {}

    BackendCapabilities capabilities();

    /** What this is and where, for a person: "file /data/a.img, O_DIRECT". */
    String describe();

    /** Opens this backend for a loop; called on that loop. */
    BackendChannel open(EventLoop loop);

    /** Gives up files and memory; every channel is closed already. */
    @Override
    void close();
}
