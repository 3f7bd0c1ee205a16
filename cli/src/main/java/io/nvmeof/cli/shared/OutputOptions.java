package io.nvmeof.cli.shared;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** How a command prints its answer. */
public final class OutputOptions {
    private static final ObjectWriter JSON = JsonMapper.builder().build().writerWithDefaultPrettyPrinter();

    @Option(names = {"-o", "--output-format"}, paramLabel = "FORMAT", defaultValue = "normal",
            description = "normal (for people) or json; default ${DEFAULT-VALUE}")
    private OutputFormat format = OutputFormat.NORMAL;

    @Option(names = "--json", description = "the same as --output-format=json")
    private boolean json;

    /** The forms an answer has. */
    enum OutputFormat {
        /** For people. */
        NORMAL,
        /** For programs. */
        JSON
    }

    /** Whether the answer is for a program. */
    public boolean json() {
        return json || format == OutputFormat.JSON;
    }

    /**
     * Prints an answer.
     *
     * @param value maps, lists, texts and numbers
     * @param normal prints the same for people
     */
    public void print(PrintWriter out, Object value, Consumer<PrintWriter> normal) {
        if (json()) {
            try {
                out.println(JSON.writeValueAsString(value));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("cannot be written as JSON: " + value, e);
            }
        } else {
            normal.accept(out);
        }
        out.flush();
    }
}
