package io.nvmeof.transport.tcp;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Messages that a peer can cause at will: of those alike, one in a while is written and the others are counted, so
 * that nobody fills a disk with our log. Any thread may call.
 */
final class CollapsingLog {
    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Different warnings remembered at a time; beyond that all are forgotten, and may be written once more. */
    private static final int KEY_COUNT_MAX = 1024;

    private final Logger log;
    private final Map<String, Window> windows = new HashMap<>();

    CollapsingLog(Logger log) {
        this.log = log;
    }

    /**
     * Writes a warning, or counts it.
     *
     * @param key what makes two warnings alike
     * @param sentence what to write
     */
    void warn(String key, String sentence) {
        int suppressed = admit(key, System.nanoTime());
        if (suppressed >= 0) {
            log.warn("{}{}", sentence, others(suppressed));
        }
    }

    /** Writes an error with its stack trace, or counts it. */
    void error(String key, String sentence, Throwable cause) {
        int suppressed = admit(key, System.nanoTime());
        if (suppressed >= 0) {
            log.error("{}{}", sentence, others(suppressed), cause);
        }
    }

    synchronized int keyCount() {
        return windows.size();
    }

    private static String others(int suppressed) {
        return suppressed == 0 ? "" : " (" + suppressed + " more like this since the last such line)";
    }

    /** How many were left out before this one, or -1 to leave this one out too. */
    synchronized int admit(String key, long nowNanos) {
        Window window = windows.get(key);
        if (window == null) {
            if (windows.size() >= KEY_COUNT_MAX) {
                windows.clear();
            }
            windows.put(key, new Window(nowNanos));
            return 0;
        }
        if (nowNanos - window.openedNanos < WINDOW_NANOS) {
            window.suppressed++;
            return -1;
        }
        int suppressed = window.suppressed;
        window.openedNanos = nowNanos;
        window.suppressed = 0;
        return suppressed;
    }

    private static final class Window {
        private long openedNanos;
        private int suppressed;

        private Window(long openedNanos) {
            this.openedNanos = openedNanos;
        }
    }
}
