package io.nvmeof.interop.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Our target as a child process, from its line {@code READY} on standard output to {@link #close}. */
public final class TargetProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Pattern COMPLAINT = Pattern.compile("\\b(WARN|ERROR)\\b|Exception\\b|\\bLEAK\\b");

    private final Process process;
    private final Path log;
    private long logSeen;

    private TargetProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts {@code nvmeof target} at a port of 127.0.0.1 with further options; {@code folder} gets its log. */
    public static TargetProcess start(Path folder, int port, String... options) throws InterruptedException {
        List<String> command = new ArrayList<>(NvmeofCommand.line("target", "--listen", "127.0.0.1:" + port));
        command.addAll(List.of(options));
        return start(folder, "target", command, "READY 127.0.0.1:" + port);
    }

    /**
     * Starts {@code nvmeof target} with a configuration file that listens on these ports of 127.0.0.1; {@code folder}
     * gets its log, {@code NAME.log}, and the file, {@code NAME.json}.
     */
    public static TargetProcess start(Path folder, String name, String configuration, int[] ports, String... options)
            throws InterruptedException {
        Path file = folder.resolve(name + ".json");
        try {
            Files.writeString(file, configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = new ArrayList<>(NvmeofCommand.line("target", "--config", file.toString()));
        command.addAll(List.of(options));
        StringBuilder ready = new StringBuilder("READY");
        for (int port : ports) {
            ready.append(" 127.0.0.1:").append(port);
        }
        return start(folder, name, command, ready.toString());
    }

    private static TargetProcess start(Path folder, String name, List<String> command, String ready)
            throws InterruptedException {
        Path out = folder.resolve(name + ".out");
        Path log = folder.resolve(name + ".log");
        TargetProcess target;
        try {
            target = new TargetProcess(
                    new ProcessBuilder(command)
                            .directory(Command.ROOT.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(log.toFile())
                            .start(),
                    log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
        try {
            target.awaitReady(out, ready);
            return target;
        } catch (IOException e) {
            target.close();
            throw new UncheckedIOException(e);
        } catch (AssertionError | InterruptedException e) {
            target.close();
            throw e;
        }
    }

    private void awaitReady(Path out, String ready) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (Files.readString(out).lines().noneMatch(ready::equals)) {
            boolean late = System.nanoTime() > deadline;
            assertThat(process.isAlive() && !late)
                    .withFailMessage(
                            "the target %s before it said '%s':%n%s%s",
                            late ? "waited too long" : "ended",
                            ready,
                            Files.readString(out),
                            Files.readString(log))
                    .isTrue();
            Thread.sleep(50);
        }
    }

    /** What the target logged since the last call; it must run, and must not have warned of anything. */
    public void assertContent() throws IOException {
        String all = Files.readString(log);
        String fresh = all.substring((int) logSeen);
        logSeen = all.length();
        assertThat(process.isAlive()).withFailMessage("the target ended:%n%s", fresh).isTrue();
        assertThat(fresh.lines().filter(COMPLAINT.asPredicate()))
                .withFailMessage("the target's log complains:%n%s", fresh)
                .isEmpty();
    }

    /** Stops the target as Ctrl-C does. */
    @Override
    public void close() {
        try {
            Command.stop(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the target as a crash does: it has no chance to do anything more. */
    public void kill() throws InterruptedException {
        // The launcher has become java by exec, so this is the target itself.
        process.destroyForcibly().waitFor();
    }

    /** The memory of the process that is in use, in KiB. */
    public long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst().orElseThrow();
    }

    /** The CPU time that all threads of the process have had so far. */
    public long cpuMillis() {
        return process.toHandle().info().totalCpuDuration().orElseThrow().toMillis();
    }
}
