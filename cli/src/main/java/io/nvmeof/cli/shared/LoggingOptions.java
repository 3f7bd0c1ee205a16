package io.nvmeof.cli.shared;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** Options of every command: help, and how much is logged to standard error. */
public final class LoggingOptions {
    private static final int DETAIL_EVERYTHING = 2;

    @Option(names = {"-v", "--verbose"}, description = "log more to standard error; -vv logs everything")
    private boolean[] verbosity = {};

    @Option(names = "--log-format", paramLabel = "FORMAT", defaultValue = "text",
            description = "text or json (one object a line); default ${DEFAULT-VALUE}")
    private LogFormat format = LogFormat.TEXT;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "print this text")
    private boolean help;

    /** How a line of the log looks. */
    public enum LogFormat {
        /** For people. */
        TEXT,
        /** One JSON object a line. */
        JSON
    }

    /** Those of a command that has them as the mixin "logging". */
    public static LoggingOptions of(CommandLine command) {
        return (LoggingOptions) command.getCommandSpec().mixins().get("logging").userObject();
    }

    /** Whether the causes of failures are wanted too. */
    public boolean verbose() {
        return verbosity.length > 0;
    }

    /**
     * Sets levels and form of the log of this process.
     *
     * @param service whether the command serves for long, so that its ordinary events are of interest
     */
    public void apply(boolean service) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(verbosity.length >= DETAIL_EVERYTHING ? Level.DEBUG : verbose() ? Level.INFO : Level.WARN);
        context.getLogger("io.nvmeof").setLevel(
                verbosity.length >= DETAIL_EVERYTHING ? Level.TRACE
                        : verbose() ? Level.DEBUG : service ? Level.INFO : Level.WARN);
        if (format == LogFormat.JSON
                && root.getAppender(LogSetup.APPENDER) instanceof ConsoleAppender<?> appender) {
            LogSetup.encodeAsJson(context, appender);
        }
    }
}
