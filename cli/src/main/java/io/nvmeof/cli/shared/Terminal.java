package io.nvmeof.cli.shared;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress on standard error: bars if a person looks at it, else nothing. */
public final class Terminal {
    private static final int UPDATE_MILLIS = 200;

    private Terminal() {}

    /** Whether standard error is a terminal, as the launcher has found out. */
    public static boolean interactive() {
        return Boolean.getBoolean("nvmeof.stderr.terminal");
    }

    /** A bar for work of so many bytes; {@code null} if nobody would see it. Close it in any case. */
    public static ProgressBar bytes(String task, long totalBytes) {
        return interactive() ? builder(task, totalBytes).setUnit(" MiB", 1L << 20).showSpeed().build() : null;
    }

    /** A bar for work of so many seconds, with room for figures; {@code null} if nobody would see it. */
    public static ProgressBar seconds(String task, long totalSeconds) {
        return interactive() ? builder(task, totalSeconds).setUnit(" s", 1).hideEta().build() : null;
    }

    /** "12.3k", "1.20M": a number in three digits. */
    public static String compact(double number) {
        if (number < 1000) {
            return String.format(Locale.ROOT, "%.0f", number);
        }
        boolean millions = number >= 999_500;
        double scaled = number / (millions ? 1e6 : 1e3);
        return String.format(Locale.ROOT, scaled >= 100 ? "%.0f%s" : scaled >= 10 ? "%.1f%s" : "%.2f%s", scaled,
                millions ? "M" : "k");
    }

    private static ProgressBarBuilder builder(String task, long total) {
        return new ProgressBarBuilder().setTaskName(task).setInitialMax(total).setUpdateIntervalMillis(UPDATE_MILLIS)
                .setStyle(ProgressBarStyle.ASCII).setSpeedUnit(java.time.temporal.ChronoUnit.SECONDS);
    }

    /** Seconds as a number with a fraction. */
    public static double seconds(long nanos) {
        return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
