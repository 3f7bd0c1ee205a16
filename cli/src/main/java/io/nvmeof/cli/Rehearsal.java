package io.nvmeof.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * What the launcher records a start-up cache from: serves a little memory, uses it once as hosts do, and exits. Not a
 * command; it leaves nothing behind.
 */
public final class Rehearsal {
    private static final String READY = "READY ";

    private Rehearsal() {}

    /** Exits with 0 if every command did. */
    public static void main(String[] arguments) throws IOException {
        try (PipedReader pipe = new PipedReader(); BufferedReader lines = new BufferedReader(pipe)) {
            CommandLine target = Nvmeof.commandLine();
            target.setOut(new PrintWriter(new PipedWriter(pipe), true));
            Thread serving = new Thread(() -> target.execute("target", "--listen", "127.0.0.1:0", "--backend", "memory",
                    "--size", "16m", "--loops", "1"), "target");
            serving.setDaemon(true);
            serving.start();
            String line = lines.readLine();
            if (line == null || !line.startsWith(READY)) {
                throw new IOException("the target did not start: " + line);
            }
            String port = line.substring(line.lastIndexOf(':') + 1);
            int exitCode = run(port, List.of("list")) | run(port, List.of("perf", "--rw", "randrw", "--bs", "4k",
                    "--iodepth", "4", "--warmup", "0", "--runtime", "1"));
            System.exit(exitCode);
        }
    }

    private static int run(String port, List<String> command) {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("-a", "127.0.0.1", "-s", port));
        return Nvmeof.commandLine().execute(words.toArray(String[]::new));
    }
}
