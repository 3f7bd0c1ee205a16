package io.nvmeof.local;

/**
 * An io_uring submission queue, as far as file operations need it. An interface so that tests can make a device fail.
 */
interface Ring {
    /** Told of completions, on the ring's loop. */
    interface Listener {
        /** Calls may be submitted from now on. */
        void onReady();

        /** A call is done. @param result what the system call returns, a failure as a negative error number */
        void onComplete(int tag, int result);

        /** The loop shuts down, or never had a place for us: nothing can be submitted any more. */
        void onClosed();
    }

    /** The most calls under way at once; tags go from 0 to this, exclusive. */
    int capacity();

    /**
     * Submits a call.
     *
     * @param length of the transfer; 0 for a call without one
     * @param flags of the read, write or fsync
     * @return {@code false} if the ring takes nothing just now
     */
    boolean submit(byte opcode, int fd, long offset, long addressOrLength, int length, int flags, int tag);

    /** Gives the place on the ring up; only when nothing is under way. */
    void close();
}
