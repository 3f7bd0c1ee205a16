package io.nvmeof.transport.tcp;

import java.util.ArrayDeque;

/** The transmit slabs of one loop. A connection holds some only while it has bytes on their way out. */
final class TransmitSlabPool {
    /** The size of a slab. A batch that needs more takes several. */
    static final int SLAB_BYTES = 64 * 1024;
    /** Slabs kept when they are not in use; what a burst needed beyond that goes back to the system. */
    private static final int IDLE_SLABS_MAX = 64;

    private final ArrayDeque<TransmitSlab> idle = new ArrayDeque<>();
    private int takenCount;

    /** Slabs that are out of the pool now. */
    int takenCount() {
        return takenCount;
    }

    int idleCount() {
        return idle.size();
    }

    TransmitSlab take() {
        TransmitSlab slab = idle.pollLast();
        if (slab == null) {
            slab = new TransmitSlab(this, SLAB_BYTES);
        }
        takenCount++;
        slab.open();
        return slab;
    }

    void giveBack(TransmitSlab slab) {
        takenCount--;
        if (idle.size() < IDLE_SLABS_MAX) {
            idle.addLast(slab);
        } else {
            slab.free();
        }
    }

    /** Gives what is idle back to the system. */
    void freeIdle() {
        while (!idle.isEmpty()) {
            idle.pollLast().free();
        }
    }
}
