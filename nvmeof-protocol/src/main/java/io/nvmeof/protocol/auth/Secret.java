package io.nvmeof.protocol.auth;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Bytes nobody may see: they are compared in constant time, never printed, and overwritten by {@link #destroy()}.
 * Immutable but for that, so it may be read from any thread.
 */
public final class Secret {
    private final byte[] bytes;
    private volatile boolean destroyed;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A secret of its own copy of {@code bytes}; wiping the argument is the caller's business. */
    public static Secret copyOf(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    /** A secret that is {@code bytes} itself: nobody else may hold or change them any more. */
    static Secret owning(byte[] bytes) {
        return new Secret(bytes);
    }

    /** How many bytes it has. */
    public int length() {
        return bytes.length;
    }

    /**
     * A copy of the bytes, which the caller must overwrite when done.
     *
     * @throws IllegalStateException if the secret was destroyed
     */
    public byte[] bytes() {
        return usable().clone();
    }

    /** Another secret with the same bytes, which outlives this one. */
    public Secret copy() {
        return new Secret(usable().clone());
    }

    /** Overwrites the bytes with zeroes. Doing so again changes nothing. */
    public void destroy() {
        destroyed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    /** Whether {@link #destroy()} was called. */
    public boolean isDestroyed() {
        return destroyed;
    }

    /** The bytes themselves, for computing with them inside this package. */
    byte[] usable() {
        if (destroyed) {
            throw new IllegalStateException("the secret was destroyed");
        }
        return bytes;
    }

    /** Whether both have the same bytes; takes the same time wherever they differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(usable(), that.usable());
    }

    /** The length: a hash of the bytes would tell something about them. */
    @Override
    public int hashCode() {
        return bytes.length;
    }

    /** Tells the length alone. */
    @Override
    public String toString() {
        return "Secret[" + bytes.length + " bytes]";
    }
}
