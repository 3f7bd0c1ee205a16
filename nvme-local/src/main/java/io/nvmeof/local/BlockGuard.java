package io.nvmeof.local;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Keeps a block from being read while it is being written: a logical block is written whole or not at all, as other
 * commands see it (NVM Command Set 1.1, 2.1.4: a namespace's atomic unit is one block at least), and ext4's page cache
 * does not care. Shared by the channels of all loops; nobody blocks, who finds a conflict comes again.
 *
 * <p>One number for each page of a window that repeats over the file: how many read it, whether one writes it, and
 * whether a writer waits, which keeps new readers away so that its turn comes.
 */
final class BlockGuard {
    /**
     * Writes of up to this many bytes are seen whole or not at all: an operation has all its pages before it begins and
     * until it ends, however many calls it takes. What is announced is less than what is guarded, so that an operation
     * that is guarded meets only such as are, too.
     */
    static final int ATOMIC_BYTES = 128 << 10;

    /** Longer operations are not guarded: no host's read or write is, and it would take the loop too long. */
    private static final int PAGES_MAX = 4096;
    private static final int PAGE_SHIFT = 12;
    private static final int WINDOW_PAGES = 1 << 16;
    private static final int WRITTEN = 1 << 30;
    private static final int AWAITED = 1 << 31;

    private final AtomicIntegerArray pages = new AtomicIntegerArray(WINDOW_PAGES);

    /** Enters a range, if nobody is there who must not be. */
    boolean enter(boolean write, long offset, long length) {
        int count = pageCount(offset, length);
        for (int i = 0; i < count; i++) {
            int page = page(offset, i);
            if (write ? !enterForWriting(page) : !enterForReading(page)) {
                if (write) {
                    await(offset, i, count);
                } else {
                    leave(false, offset, i);
                }
                return false;
            }
        }
        return true;
    }

    /** Leaves a range that was entered. */
    void leave(boolean write, long offset, long length) {
        leave(write, offset, pageCount(offset, length));
    }

    private void leave(boolean write, long offset, int count) {
        for (int i = 0; i < count; i++) {
            int page = page(offset, i);
            if (write) {
                pages.getAndAccumulate(page, ~WRITTEN, (state, mask) -> state & mask);
            } else {
                pages.getAndDecrement(page);
            }
        }
    }

    private boolean enterForReading(int page) {
        int state;
        do {
            state = pages.get(page);
            if ((state & (WRITTEN | AWAITED)) != 0) {
                return false;
            }
        } while (!pages.compareAndSet(page, state, state + 1));
        return true;
    }

    private boolean enterForWriting(int page) {
        int state;
        do {
            state = pages.get(page);
            if ((state & ~AWAITED) != 0) {
                return false;
            }
        } while (!pages.compareAndSet(page, state, WRITTEN));
        return true;
    }

    /** Gives back what was entered and says on every page that a writer waits. */
    private void await(long offset, int enteredCount, int count) {
        for (int i = 0; i < count; i++) {
            int kept = i < enteredCount ? ~WRITTEN : ~0;
            pages.getAndAccumulate(page(offset, i), kept, (state, mask) -> state & mask | AWAITED);
        }
    }

    private static int page(long offset, int index) {
        return (int) ((offset >>> PAGE_SHIFT) + index) & WINDOW_PAGES - 1;
    }

    private static int pageCount(long offset, long length) {
        long count = (offset + length - 1 >>> PAGE_SHIFT) - (offset >>> PAGE_SHIFT) + 1;
        return count > PAGES_MAX ? 0 : (int) count;
    }
}
