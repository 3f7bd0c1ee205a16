package io.nvmeof.interop.product;

import io.nvmeof.interop.process.Command;
import io.nvmeof.interop.process.NvmeofCommand;
import io.nvmeof.interop.process.TargetProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the target with SIGKILL during writes, at random moments: every write that was acknowledged with FUA or before
 * an acknowledged Flush must be there afterwards. {@code -Ddurability.kills=N} sets how often,
 * {@code -Ddurability.seed=N} the moments.
 */
@Tag("process")
class DurabilityTest {
    private static final int KILLS = Integer.getInteger("durability.kills", 5);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String NQN = "nqn.2026-01.io.nvmeof:durability";

    @Test
    void keepsEveryPromiseWhenKilled(@TempDir Path folder) throws Exception {
        NvmeofCommand.require();
        long seed = Long.getLong("durability.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        System.err.println("DurabilityTest: -Ddurability.seed=" + seed + " -Ddurability.kills=" + KILLS);
        for (int kill = 0; kill < KILLS; kill++) {
            Path image = folder.resolve("image" + kill);
            Path promises = folder.resolve("promises" + kill);
            boolean direct = random.nextBoolean();
            writeUntilKilled(folder, image, promises, direct, random.nextLong(3_000));
            checkPromises(folder, image, promises, direct);
            Files.delete(image);
        }
    }

    private static void writeUntilKilled(Path folder, Path image, Path promises, boolean direct, long millis)
            throws Exception {
        int port = Command.freePort();
        try (TargetProcess target = TargetProcess.start(folder, port, options(image, direct))) {
            List<String> line = NvmeofCommand.line("verify", "-a", "127.0.0.1", "-s", "" + port, "-n", NQN,
                    "--seconds", "60", "--size", "64m", "--fua-percent", "30", "--flush-every", "20",
                    "--nr-io-queues", "2", "--log-acknowledged", promises.toString());
            Process writer = new ProcessBuilder(line).directory(Command.ROOT.toFile())
                    .redirectErrorStream(true).redirectOutput(folder.resolve("writer.log").toFile()).start();
            try {
                awaitPromises(promises, writer, folder.resolve("writer.log"));
                Thread.sleep(millis);
                target.kill();
            } finally {
                Command.stop(writer);
            }
        }
    }

    private static void checkPromises(Path folder, Path image, Path promises, boolean direct) throws Exception {
        int port = Command.freePort();
        try (TargetProcess target = TargetProcess.start(folder, port, options(image, direct))) {
            NvmeofCommand.run(LIMIT, "verify", "-a", "127.0.0.1", "-s", "" + port, "-n", NQN,
                    "--check", promises.toString()).succeeded();
            target.assertContent();
        }
    }

    private static String[] options(Path image, boolean direct) {
        List<String> options = new ArrayList<>(List.of("--nqn", NQN, "--backend", "file:" + image, "--size", "64m"));
        if (direct) {
            options.add("--direct");
        }
        return options.toArray(String[]::new);
    }

    /** The moment of the kill counts from the first promise: before it there is nothing to lose. */
    private static void awaitPromises(Path promises, Process writer, Path log) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(promises) || !Files.readString(promises).contains("kept ")) {
            if (!writer.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("nothing was promised:\n" + Files.readString(log));
            }
            Thread.sleep(20);
        }
    }
}
