package io.nvmeof.target.storage;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Small things that must survive a crash of the target and the loss of power: reservations, counters. Each key has one
 * content, replaced as a whole. Any thread may call.
 */
public interface StateStore {
    /** Longest content in bytes. */
    int CONTENT_BYTES_MAX = 1 << 20;

    /**
     * What was last saved under a key; may block.
     *
     * @param key up to 200 characters of {@code a-z A-Z 0-9 . _ -}
     * @throws IOException if it cannot be read, or was damaged: which must not be taken for "nothing was saved"
     */
    Optional<byte[]> load(String key) throws IOException;

    /**
     * Replaces what is kept under a key; never blocks. Saves of one key take effect in the order of the calls.
     *
     * @return done, on any thread, when the content would survive the loss of power; failed with an
     *     {@link IOException} when it may not: then either content may be found later
     */
    CompletableFuture<Void> save(String key, byte[] content);
}
