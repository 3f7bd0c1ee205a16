package io.nvmeof.interop.hostile;

import io.nvmeof.interop.hostile.RawHost.Stage;
import java.io.IOException;

/**
 * A line of the table in {@code docs/protocol-errors.md}: what an attacker does after a legal beginning, and what it
 * gets.
 *
 * @param id its number in the table; several variants of one line share it
 * @param input what is sent, for people
 * @param variant which of the variants this is, or an empty text
 * @param stage how far the legal session goes before
 * @param digests what the legal session agrees on
 * @param attack sends it
 * @param answer what must come back, and what must be so afterwards
 */
record Row(String id, String input, String variant, Stage stage, Digests digests, Attack attack, Expectation answer) {
    /** What the attacker sends. */
    @FunctionalInterface
    interface Attack {
        void run(RawHost host) throws IOException;
    }

    static Row of(String id, String input, Stage stage, Attack attack, Expectation answer) {
        return new Row(id, input, "", stage, Digests.NONE, attack, answer);
    }

    static Row of(String id, String input, Stage stage, Digests digests, Attack attack, Expectation answer) {
        return new Row(id, input, "", stage, digests, attack, answer);
    }

    Row variant(Object value) {
        return new Row(id, input, String.valueOf(value), stage, digests, attack, answer);
    }

    void run(int port) throws IOException {
        try (RawHost host = RawHost.open(port, stage, digests)) {
            attack.run(host);
            answer.check(host);
        }
    }

    /** This line as the document has it. */
    String line() {
        return "| " + id + " | " + input + " | " + answer.text() + " |";
    }

    @Override
    public String toString() {
        return id + " " + input + (variant.isEmpty() ? "" : " [" + variant + "]");
    }
}
