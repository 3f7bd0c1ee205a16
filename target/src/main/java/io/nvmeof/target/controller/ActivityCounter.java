package io.nvmeof.target.controller;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A number that one loop increases and any thread may read, a moment late; as cheap for the loop as a plain field. */
final class ActivityCounter {
    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(ActivityCounter.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // Through the VarHandle.
    private long value;

    void add(long amount) {
        VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + amount);
    }

    long get() {
        return (long) VALUE.getOpaque(this);
    }
}
