package io.nvmeof.interop.hostile;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.EventLoops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** What must return to its level once an attacker is gone. */
final class LoopLevels {
    private LoopLevels() {}

    /** Bytes of data buffers that are taken, and requests that wait for some, on all loops. */
    static long taken(EventLoops loops) {
        long taken = 0;
        for (int i = 0; i < loops.count(); i++) {
            EventLoop loop = loops.loop(i);
            CompletableFuture<Long> answer = new CompletableFuture<>();
            loop.execute(() -> answer.complete(loop.buffers().takenBytes() + loop.buffers().waiterCount()));
            taken += answer.join();
        }
        return taken;
    }

    /** File descriptors this process has open. */
    static int openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
