package io.nvmeof.target.reservation;

import io.nvmeof.target.storage.StateStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A state store in memory whose saves wait until a test lets them go, or fail. For loops run by hand. */
public final class HeldStateStore implements StateStore {
    private record Save(String key, byte[] content, CompletableFuture<Void> done) {}

    private final Map<String, byte[]> contents = new HashMap<>();
    private final List<Save> held = new ArrayList<>();
    private boolean hold;
    private int saveCount;

    /** Whether saves wait from now on. */
    public void hold(boolean hold) {
        this.hold = hold;
    }

    public int heldCount() {
        return held.size();
    }

    public int saveCount() {
        return saveCount;
    }

    /** Ends the oldest save that waits. */
    public void release() {
        Save save = held.removeFirst();
        contents.put(save.key(), save.content());
        save.done().complete(null);
    }

    /** The oldest save that waits fails; its content may be there all the same, later. */
    public void fail(boolean written) {
        Save save = held.removeFirst();
        if (written) {
            contents.put(save.key(), save.content());
        }
        save.done().completeExceptionally(new IOException("no space"));
    }

    /** What was saved. */
    public Map<String, byte[]> contents() {
        return contents;
    }

    @Override
    public Optional<byte[]> load(String key) throws IOException {
        byte[] content = contents.get(key);
        if (content != null && content.length == 0) {
            throw new IOException("state file " + key + " is damaged");
        }
        return Optional.ofNullable(content);
    }

    @Override
    public CompletableFuture<Void> save(String key, byte[] content) {
        if (key.startsWith("smart-")) {
            contents.put(key, content); // Counters, which are not what is tested with this.
            return CompletableFuture.completedFuture(null);
        }
        saveCount++;
        CompletableFuture<Void> done = new CompletableFuture<>();
        held.add(new Save(key, content, done));
        if (!hold) {
            release();
        }
        return done;
    }
}
