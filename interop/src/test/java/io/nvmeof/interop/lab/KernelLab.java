package io.nvmeof.interop.lab;

import io.nvmeof.interop.process.Command;
import io.nvmeof.interop.process.CommandResult;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One running guest of the kernel lab, from {@link #start} to {@link #close}. The guest reaches a port of this
 * machine's 127.0.0.1 at {@link #GATEWAY}; this machine's 127.0.0.1 and {@link #port} lead to the guest's 127.0.0.1
 * and same port.
 */
final class KernelLab implements AutoCloseable {

    /** This machine's 127.0.0.1, as the guest addresses it. */
    static final String GATEWAY = "10.0.2.2";

    /** The default limit of one command in the guest; emulation on a busy machine is slow. */
    static final Duration COMMAND_LIMIT = Duration.ofSeconds(120);

    private static final String SCRIPT = Command.ROOT.resolve("interop/lab/lab").toString();
    private static final int CANNOT_RUN = 3;
    private static final Duration START_LIMIT = Duration.ofMinutes(20);    // the first start fetches the packages

    private final GuestKernel kernel;
    private final Path state;
    private final int port;
    private final Thread stopAtExit;

    private KernelLab(GuestKernel kernel, Path state, int port) {
        this.kernel = kernel;
        this.state = state;
        this.port = port;
        stopAtExit = new Thread(this::stop, "stop-guest-" + kernel.flavour());
        Runtime.getRuntime().addShutdownHook(stopAtExit);
    }

    /** Boots a guest; builds the lab's artefacts before, if they are missing. Where that cannot be, the test ends. */
    static KernelLab start(GuestKernel kernel) throws InterruptedException {
        try {
            Files.createDirectories(LabReport.FOLDER);
            Path state = Files.createTempDirectory(LabReport.FOLDER, "guest-" + kernel.flavour() + "-");
            long begun = System.nanoTime();
            CommandResult up = Command.run(
                    START_LIMIT, List.of(SCRIPT, "up", state.toString(), "-k", kernel.flavour(), "-P"));
            if (up.exitCode() == CANNOT_RUN) {
                LabReport.couldNotRun("guest " + kernel, up.output());
            }
            up.succeeded();
            int port = Integer.parseInt(Files.readString(state.resolve("port")).strip());
            LabReport.ran("guest " + kernel, "up in %.1f s".formatted((System.nanoTime() - begun) / 1e9));
            return new KernelLab(kernel, state, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    GuestKernel kernel() {
        return kernel;
    }

    /** The port that is the same here and in the guest. */
    int port() {
        return port;
    }

    /** Runs a shell script in the guest, as root. */
    CommandResult exec(Duration limit, String script) throws InterruptedException {
        Duration outer = limit.plusSeconds(60);          // the guest and the script's own client give up before
        String seconds = Long.toString(limit.toSeconds());
        CommandResult result = Command.run(outer, List.of(SCRIPT, "exec", state.toString(), "-t", seconds, script));
        return new CommandResult("in " + kernel + ": " + script, result.exitCode(), result.output());
    }

    /** Runs a shell script in the guest that must succeed within {@link #COMMAND_LIMIT}; returns its output. */
    String exec(String script) throws InterruptedException {
        return exec(COMMAND_LIMIT, script).succeeded();
    }

    /** Copies a file into the guest. */
    void push(Path file, String guestPath) throws InterruptedException {
        Command.run(COMMAND_LIMIT, List.of(SCRIPT, "push", state.toString(), file.toString(), guestPath)).succeeded();
    }

    /** Copies a file out of the guest. */
    void pull(String guestPath, Path file) throws InterruptedException {
        Command.run(COMMAND_LIMIT, List.of(SCRIPT, "pull", state.toString(), guestPath, file.toString())).succeeded();
    }

    /** Stops the guest. Its console and QEMU's messages stay in the build folder. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(stopAtExit);
        stop();
    }

    private void stop() {
        try {
            Command.run(Duration.ofSeconds(60), List.of(SCRIPT, "down", state.toString())).succeeded();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
