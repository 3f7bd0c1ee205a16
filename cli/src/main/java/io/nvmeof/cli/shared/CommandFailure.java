package io.nvmeof.cli.shared;

/** Ends a command with one line for the person at the terminal: what went wrong, and what to do about it. */
public final class CommandFailure extends RuntimeException {
    /** Exit status: could not do what was asked. */
    public static final int EXIT_FAILED = 1;
    /** Exit status: what was asked is not allowed. */
    public static final int EXIT_USAGE = 2;

    private static final long serialVersionUID = 1;

    private final int exitCode;

    private CommandFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The command was right, but could not do its work. */
    public static CommandFailure failed(String message) {
        return new CommandFailure(EXIT_FAILED, message, null);
    }

    /** The command was right, but could not do its work because of {@code cause}, which is shown with {@code -v}. */
    public static CommandFailure failed(String message, Throwable cause) {
        return new CommandFailure(EXIT_FAILED, message, cause);
    }

    /** Options or a configuration file ask for something that is not allowed. */
    public static CommandFailure usage(String message) {
        return new CommandFailure(EXIT_USAGE, message, null);
    }

    /** The exit status of the process. */
    public int exitCode() {
        return exitCode;
    }
}
