package io.nvmeof.interop.process;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a command said (both its streams, in order) and how it ended.
 *
 * @param command  what ran, for messages
 * @param exitCode its exit code
 * @param output   all its output
 */
public record CommandResult(String command, int exitCode, String output) {

    /** The output of a command that must succeed; the failure shows all that the command said. */
    public String succeeded() {
        assertThat(exitCode).withFailMessage("exit code %d of: %s%n%s", exitCode, command, output).isZero();
        return output;
    }

    /** The output of a command that must fail. */
    public String failed() {
        assertThat(exitCode).withFailMessage("this succeeded and must not: %s%n%s", command, output).isNotZero();
        return output;
    }
}
