package io.nvmeof.transport.tcp;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections there may be at a time, and how many that have not shown yet that they are hosts. */
final class ConnectionLimit {
    private final int openMax;
    private final int uninitializedMax;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger uninitialized = new AtomicInteger();

    ConnectionLimit(int openMax, int uninitializedMax) {
        this.openMax = openMax;
        this.uninitializedMax = uninitializedMax;
    }

    int openCount() {
        return open.get();
    }

    int uninitializedCount() {
        return uninitialized.get();
    }

    /** Lets a connection in, or returns {@code null}. */
    Admission admit() {
        if (open.incrementAndGet() > openMax) {
            open.decrementAndGet();
            return null;
        }
        if (uninitialized.incrementAndGet() > uninitializedMax) {
            uninitialized.decrementAndGet();
            open.decrementAndGet();
            return null;
        }
        return new Admission();
    }

    /** The place of one connection; used by one thread after the other. */
    final class Admission {
        private boolean initialized;
        private boolean over;

        private Admission() {}

        /** The connection is a host's. */
        void onInitialized() {
            if (!initialized && !over) {
                initialized = true;
                uninitialized.decrementAndGet();
            }
        }

        /** The connection is gone. */
        void onClosed() {
            if (!over) {
                onInitialized();
                over = true;
                open.decrementAndGet();
            }
        }
    }
}
