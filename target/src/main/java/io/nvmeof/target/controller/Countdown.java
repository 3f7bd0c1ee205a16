package io.nvmeof.target.controller;

/** Runs something when the last of several has arrived; at once if there is none to wait for. Owned by one loop. */
final class Countdown {
    private final Runnable then;
    private int remaining;

    Countdown(int count, Runnable then) {
        this.then = then;
        this.remaining = count;
        if (count == 0) {
            then.run();
        }
    }

    void arrive() {
        if (--remaining == 0) {
            then.run();
        }
    }
}
