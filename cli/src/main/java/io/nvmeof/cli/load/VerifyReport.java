package io.nvmeof.cli.load;

import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.CommandFailure;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a verification found.
 *
 * @param right whether nothing was wrong
 * @param summary one line for people
 * @param finding what was wrong, or {@code null}
 */
record VerifyReport(boolean right, String summary, String finding, long seed, long commands, long bytes,
        long blocksChecked) {
    int exitCode() {
        return right ? 0 : CommandFailure.EXIT_FAILED;
    }

    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("right", right);
        fields.put("summary", summary);
        fields.put("seed", Long.toUnsignedString(seed));
        fields.put("commands", commands);
        fields.put("bytes", bytes);
        fields.put("blocks_checked", blocksChecked);
        if (finding != null) {
            fields.put("finding", finding);
        }
        return fields;
    }

    void print(PrintWriter out) {
        if (finding != null) {
            out.println(finding.stripTrailing());
        }
        out.println(summary + ": " + commands + " commands, " + ByteSize.format(bytes) + " moved, " + blocksChecked
                + " blocks checked at the end, seed " + Long.toUnsignedString(seed));
    }
}
