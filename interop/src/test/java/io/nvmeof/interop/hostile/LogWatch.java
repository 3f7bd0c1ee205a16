package io.nvmeof.interop.hostile;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/**
 * Reads our log while it is open: what a hostile peer can cause is a warning of one line. Errors, stack traces and any
 * other warning are faults of ours.
 */
final class LogWatch implements AutoCloseable {
    private static final Pattern EXPECTED = Pattern.compile(
            "connection with .* ended: .*"
            + "|.* refused, there are .*"
            + "|lost .*: (protocol error|terminated by peer|peer closed|timeout|transport error): .*"
            + "|.*: not shut down (in order: .*|within \\d+ ms)"
            + "|.* does not report events: .*|no more events from .*|cannot read the log page of .*"
            + "|.* has an invalid descriptor list: .*"
            + "|connections are refused: .*"
            + "|.* its keep alive timer of \\d+ ms expired.*");

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final List<Appender<ILoggingEvent>> replaced = new ArrayList<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Queue<String> warnings = new ConcurrentLinkedQueue<>();
    private final Level level = root.getLevel();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            onEvent(event);
        }
    };

    private LogWatch() {}

    static LogWatch open() {
        LogWatch watch = new LogWatch();
        for (Iterator<Appender<ILoggingEvent>> i = watch.root.iteratorForAppenders(); i.hasNext();) {
            watch.replaced.add(i.next());
        }
        watch.replaced.forEach(watch.root::detachAppender);
        watch.appender.setContext(watch.root.getLoggerContext());
        watch.appender.start();
        watch.root.setLevel(Level.INFO);
        watch.root.addAppender(watch.appender);
        return watch;
    }

    private void onEvent(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            String line = event.getLevel() + " " + event.getLoggerName() + " " + event.getFormattedMessage();
            if (event.getThrowableProxy() != null) {
                faults.add(line + "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy()));
            } else if (event.getLevel() != Level.WARN || !EXPECTED.matcher(event.getFormattedMessage()).matches()) {
                faults.add(line);
            } else {
                warnings.add(event.getFormattedMessage());
            }
        } else if (event.getThrowableProxy() != null) {
            faults.add("stack trace at " + event.getLevel() + ": " + event.getFormattedMessage() + "\n"
                    + ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
    }

    /** What should not be in the log, since the last call. */
    List<String> faults() {
        List<String> taken = new ArrayList<>();
        for (String fault = faults.poll(); fault != null; fault = faults.poll()) {
            taken.add(fault);
        }
        return taken;
    }

    /** The expected warnings, since the last call. */
    List<String> warnings() {
        List<String> taken = new ArrayList<>();
        for (String warning = warnings.poll(); warning != null; warning = warnings.poll()) {
            taken.add(warning);
        }
        return taken;
    }

    @Override
    public void close() {
        root.detachAppender(appender);
        appender.stop();
        root.setLevel(level);
        replaced.forEach(root::addAppender);
    }
}
