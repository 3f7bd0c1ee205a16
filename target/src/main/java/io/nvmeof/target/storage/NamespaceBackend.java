package io.nvmeof.target.storage;

import io.nvmeof.protocol.loop.EventLoop;

/**
 * Storage behind a namespace: an array of logical blocks. One backend serves all loops; each loop that uses it opens a
 * channel of its own. Any thread may call.
 */
public interface NamespaceBackend extends AutoCloseable {
    /** The size of a logical block in bytes: a power of two from 512 to 65,536. */
    int blockSizeBytes();

    /** How many logical blocks there are; at least one. */
    long blockCount();

    BackendCapabilities capabilities();

    /** What this is and where, for a person: "file /data/a.img, O_DIRECT". */
    String describe();

    /** Opens this backend for a loop; called on that loop. */
    BackendChannel open(EventLoop loop);

    /** Gives up files and memory; every channel is closed already. */
    @Override
    void close();
}
