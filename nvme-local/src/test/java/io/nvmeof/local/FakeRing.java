package io.nvmeof.local;

import java.util.ArrayList;
import java.util.List;

/** A ring whose completions a test makes up. */
final class FakeRing implements Ring {
    /** Submitted and not completed, oldest first. */
    final List<String> submitted = new ArrayList<>();
    private final List<Integer> tags = new ArrayList<>();
    Listener listener;
    boolean closed;

    FakeRing listenedBy(Listener listener) {
        this.listener = listener;
        return this;
    }

    void ready() {
        listener.onReady();
    }

    void complete(int index, int result) {
        submitted.remove(index);
        listener.onComplete(tags.remove(index), result);
    }

    @Override
    public int capacity() {
        return 4;
    }

    @Override
    public boolean submit(byte opcode, int fd, long offset, long addressOrLength, int length, int flags, int tag) {
        submitted.add(opcode + " off " + offset + " len " + length + " flags " + flags);
        tags.add(tag);
        return true;
    }

    @Override
    public void close() {
        closed = true;
    }
}
