package io.nvmeof.interop.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.interop.process.Command;
import io.nvmeof.interop.process.NvmeofCommand;
import io.nvmeof.interop.process.TargetProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our initiator against our target, as processes over TCP: every engine, memory and file, digests off and on.
 * {@code -Dverify.seconds=N} sets how long each case runs; memory is looked at after a warm-up and at the end.
 */
@Tag("process")
class OwnEndsTest {
    private static final int SECONDS = Integer.getInteger("verify.seconds", 4);
    private static final String NQN = "nqn.2026-01.io.nvmeof:own-ends";
    /** What a heap and its pools may still grow after the first seconds of full load. */
    private static final long GROWTH_KIB_MAX = 96 * 1024;

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource({
        "io_uring, memory, ''",
        "io_uring, file, --data-digest",
        "io_uring, direct, --hdr-digest --data-digest",
        "epoll, memory, --hdr-digest",
        "epoll, file, ''",
        "nio, memory, --data-digest",
        "nio, file, ''",
    })
    void verifyFindsNoError(String engine, String storage, String digests, @TempDir Path folder) throws Exception {
        NvmeofCommand.require();
        int port = Command.freePort();
        String backend = storage.equals("memory") ? "memory" : "file:" + folder.resolve("image");
        String[] options = {"--nqn", NQN, "--backend", backend, "--size", "256m", "--engine", engine,
            storage.equals("direct") ? "--direct" : "--loops=2"};
        try (TargetProcess target = TargetProcess.start(folder, port, options)) {
            verify(port, digests, Math.min(SECONDS, 10));
            long before = target.residentKib();
            verify(port, digests, SECONDS);
            target.assertContent();
            assertThat(target.residentKib() - before).as("growth of the target's memory, KiB")
                    .isLessThan(GROWTH_KIB_MAX);
        }
    }

    private static void verify(int port, String digests, int seconds) throws Exception {
        String line = "verify -a 127.0.0.1 -s " + port + " -n " + NQN + " --seconds " + seconds
                + " --size 64m --nr-io-queues 2 " + digests;
        NvmeofCommand.run(Duration.ofSeconds(seconds + 90L), line.trim().split(" +")).succeeded();
    }
}
