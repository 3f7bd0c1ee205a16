package io.nvmeof.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.cli.shared.CommandFailure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nvmeof ctl faults}. */
@Command(name = "faults", header = "delay or fail the operations of a namespace's storage, for tests",
        description = """
                  Shows the rules of a namespace and how many operations each has met; with --operation adds
                  one, with --clear removes all. The namespace must have been opened with faults: "faults": []
                  in the configuration file, or nvmeof ctl add-namespace --faults.""",
        footer = """
                    nvmeof ctl faults --namespace-id 1 --operation read --status 281 --first-block 8 \\
                        --block-count 1
                    nvmeof ctl faults --namespace-id 1 --operation write --delay-micros 50000 \\
                        --probability 0.01
                    nvmeof ctl faults --namespace-id 1 --clear""")
final class FaultsCommand extends NamespaceCommands.OfNamespace {
    @Option(names = "--operation", paramLabel = "WHAT",
            description = "read, write, flush, write-zeroes or deallocate; repeat for several")
    private List<String> operations = new ArrayList<>();

    @Option(names = "--status", paramLabel = "HEX",
            description = "fail with this status, type and code in three hexadecimal digits: 281 is Unrecovered Read"
                    + " Error; default none")
    private String status;

    @Option(names = "--delay-micros", paramLabel = "N", description = "delay by so many microseconds")
    private Long delayMicros;

    @Option(names = "--first-block", paramLabel = "LBA", description = "only from this block on")
    private Long firstBlock;

    @Option(names = "--block-count", paramLabel = "N", description = "only so many blocks")
    private Long blockCount;

    @Option(names = "--probability", paramLabel = "P", description = "above 0, to 1; default 1")
    private Double probability;

    @Option(names = "--count", paramLabel = "N", description = "only so many operations; default all")
    private Long count;

    @Option(names = "--clear", description = "remove every rule")
    private boolean clear;

    @Override
    JsonNode ask(ControlOptions control) {
        if (clear && !operations.isEmpty()) {
            throw CommandFailure.usage("either --operation or --clear");
        }
        JsonNode namespace = ask(control, "GET", null);
        if (operations.isEmpty() && !clear) {
            return namespace;
        }
        ObjectNode body = body();
        ArrayNode rules = body.putArray("faults");
        if (!clear) {
            namespace.path("faults").forEach(rules::add);
            rules.add(rule());
        }
        return ask(control, "PATCH", body);
    }

    private ObjectNode rule() {
        ObjectNode rule = body();
        ArrayNode words = rule.putArray("operations");
        operations.forEach(words::add);
        rule.put("status", status).put("delay-micros", delayMicros).put("first-block", firstBlock)
                .put("block-count", blockCount).put("probability", probability).put("count", count);
        rule.properties().removeIf(each -> each.getValue().isNull());
        return rule;
    }

    @Override
    void print(JsonNode answer, PrintWriter out) {
        if (!operations.isEmpty() || clear) {
            super.print(answer, out);
            return;
        }
        if (!answer.has("faults")) {
            out.println("opened without faults");
        }
        for (int i = 0; i < answer.path("faults").size(); i++) {
            out.println(answer.path("faults").get(i) + "  met " + answer.path("faults-met").path(i).asLong());
        }
    }
}
