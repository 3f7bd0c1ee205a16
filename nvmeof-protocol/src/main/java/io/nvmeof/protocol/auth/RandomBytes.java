package io.nvmeof.protocol.auth;

/** Where challenges and private exponents come from: {@code SecureRandom::nextBytes}, or a test's known bytes. */
@FunctionalInterface
public interface RandomBytes {
    /** Fills the array with bytes nobody can guess; called in the queue's event loop. */
    void fill(byte[] bytes);
}
