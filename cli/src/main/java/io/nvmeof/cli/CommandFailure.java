package io.nvmeof.cli;

/** Ends a command with one line for the person at the terminal: what went wrong, and what to do about it. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    private CommandFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** The command was right, but could not do its work. */
    public static CommandFailure failed(String message) {
        return new CommandFailure(Nvmeof.EXIT_FAILED, message, null);
    }

    /** The command was right, but could not do its work because of {@code cause}, which is shown with {@code -v}. */
    public static CommandFailure failed(String message, Throwable cause) {
        return new CommandFailure(Nvmeof.EXIT_FAILED, message, cause);
    }

    /** Options or a configuration file ask for something that is not allowed. */
    public static CommandFailure usage(String message) {
        return new CommandFailure(Nvmeof.EXIT_USAGE, message, null);
    }

    /** The exit status of the process. */
    public int exitCode() {
        return exitCode;
    }
}
