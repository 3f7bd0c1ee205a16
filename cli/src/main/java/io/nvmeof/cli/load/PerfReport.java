package io.nvmeof.cli.load;

import io.nvmeof.cli.shared.Terminal;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a measurement found.
 *
 * @param readNanos how long each Read took
 * @param writeNanos how long each Write took
 * @param ownCpuMicros CPU time of this process for each command
 * @param targetCpuMicros CPU time of the target's process for each command; NaN if it was not asked for
 * @param allocatedBytes bytes allocated on this process's loops for each command
 */
record PerfReport(PerfJob job, long commandBytes, Histogram readNanos, Histogram writeNanos, double ownCpuMicros,
        double targetCpuMicros, double allocatedBytes) {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};
    private static final double MEGABYTE = 1e6;

    /** Everything, for a program. */
    Map<String, Object> fields(String pattern) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("rw", pattern);
        fields.put("bs", commandBytes);
        fields.put("iodepth", job.depth());
        fields.put("nr_io_queues", job.queueCount());
        fields.put("seconds", seconds());
        fields.put("iops", rounded(iops(readNanos) + iops(writeNanos)));
        fields.put("mb_per_second", rounded((iops(readNanos) + iops(writeNanos)) * commandBytes / MEGABYTE));
        if (readNanos.getTotalCount() > 0) {
            fields.put("read", direction(readNanos));
        }
        if (writeNanos.getTotalCount() > 0) {
            fields.put("write", direction(writeNanos));
        }
        fields.put("cpu_us_per_io", rounded(ownCpuMicros));
        if (!Double.isNaN(targetCpuMicros)) {
            fields.put("target_cpu_us_per_io", rounded(targetCpuMicros));
        }
        fields.put("allocated_bytes_per_io", rounded(allocatedBytes));
        return fields;
    }

    /** The same for people. */
    void print(PrintWriter out) {
        out.println(String.format(Locale.ROOT, "%d queue%s, depth %d, %d bytes, %.0f s", job.queueCount(),
                job.queueCount() == 1 ? "" : "s", job.depth(), commandBytes, seconds()));
        out.println(String.format(Locale.ROOT, "%-6s %10s %10s %9s %9s %9s %9s %9s %9s", "", "IOPS", "MB/s", "min us",
                "p50",
                "p90", "p99", "p99.9", "max"));
        print(out, "read", readNanos);
        print(out, "write", writeNanos);
        out.println(String.format(Locale.ROOT, "CPU per I/O: %.2f us here%s; allocated per I/O: %.1f bytes",
                ownCpuMicros,
                Double.isNaN(targetCpuMicros) ? "" : String.format(Locale.ROOT, ", %.2f us target", targetCpuMicros),
                allocatedBytes));
    }

    private void print(PrintWriter out, String name, Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return;
        }
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-6s %10.0f %10.1f %9.1f", name, iops(nanos),
                iops(nanos) * commandBytes / MEGABYTE, nanos.getMinValue() / 1e3));
        for (double percentile : PERCENTILES) {
            line.append(String.format(Locale.ROOT, " %9.1f", nanos.getValueAtPercentile(percentile) / 1e3));
        }
        out.println(line.append(String.format(Locale.ROOT, " %9.1f", nanos.getMaxValue() / 1e3)));
    }

    private Map<String, Object> direction(Histogram nanos) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("iops", rounded(iops(nanos)));
        fields.put("mb_per_second", rounded(iops(nanos) * commandBytes / MEGABYTE));
        Map<String, Object> latency = new LinkedHashMap<>();
        latency.put("min", rounded(nanos.getMinValue() / 1e3));
        for (double percentile : PERCENTILES) {
            latency.put("p" + (percentile == Math.rint(percentile) ? String.valueOf((long) percentile)
                    : String.valueOf(percentile)), rounded(nanos.getValueAtPercentile(percentile) / 1e3));
        }
        latency.put("max", rounded(nanos.getMaxValue() / 1e3));
        fields.put("latency_us", latency);
        return fields;
    }

    private double seconds() {
        return Terminal.seconds(job.measureNanos());
    }

    private double iops(Histogram nanos) {
        return nanos.getTotalCount() / seconds();
    }

    private static double rounded(double number) {
        return Math.round(number * 100) / 100.0;
    }
}
