package io.nvmeof.interop.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs programs of this machine, with a limit of time for each, and knows where the project lies. */
public final class Command {

    /** The root of the project: the folder above that holds the lab. */
    public static final Path ROOT = root();

    private Command() {}

    private static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isExecutable(folder.resolve("interop/lab/lab"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no interop/lab/lab in or above " + Path.of("").toAbsolutePath());
    }

    /** Runs a command at the project's root and waits for its end; one that exceeds the limit is stopped and fails. */
    public static CommandResult run(Duration limit, List<String> command) throws InterruptedException {
        try {
            // A file and not a pipe: nothing blocks, whatever the command says and whatever it leaves running.
            Path said = Files.createTempFile("nvmeof-lab-", ".out");
            try {
                Process process = new ProcessBuilder(command)
                        .directory(ROOT.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(said.toFile())
                        .start();
                boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
                if (!ended) {
                    stop(process);
                }
                String output = Files.readString(said, StandardCharsets.ISO_8859_1);
                return ended
                        ? new CommandResult(String.join(" ", command), process.exitValue(), output)
                        : new CommandResult(String.join(" ", command), 124, output + "\n(stopped after " + limit + ")");
            } finally {
                Files.delete(said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        }
    }

    /** Ends a process and all that it started, by force where asking does not help within ten seconds. */
    public static void stop(Process process) throws InterruptedException {
        // The launcher is a shell script: what it started must be found before it is gone.
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        all.forEach(ProcessHandle::destroy);
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        for (ProcessHandle one : all) {
            try {
                one.onExit().get(10, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                one.destroyForcibly();
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A port of 127.0.0.1 that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
