package io.nvmeof.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nvmeof.cli.shared.LoggingOptions;
import io.nvmeof.cli.shared.OutputOptions;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks one running target for one thing. */
public abstract class ControlCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ControlOptions control;

    @Mixin
    private OutputOptions output;

    @Mixin
    private LoggingOptions logging;

    /** Asks, and returns the answer. */
    abstract JsonNode ask(ControlOptions control);

    /** Prints the answer for people: of a change, that it is done. */
    void print(JsonNode answer, PrintWriter out) {
        out.println(spec.name() + ": done" + (answer.has("id") ? ", id " + answer.get("id").asInt() : ""));
    }

    @Override
    public final Integer call() {
        JsonNode answer = ask(control);
        output.print(spec.commandLine().getOut(), answer, out -> print(answer, out));
        if (answer.has("warning")) {
            spec.commandLine().getErr().println("nvmeof: " + answer.get("warning").asText());
        }
        return 0;
    }

    /** A body without keys yet. */
    static ObjectNode body() {
        return JsonNodeFactory.instance.objectNode();
    }
}
