package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.ManualLoops;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * An initiator and a fake controller on loops run by hand: everything happens in this thread, under a virtual clock.
 */
final class Bench {
    static final TransportAddress ADDRESS = TransportAddress.tcp("192.0.2.7", 4420);
    static final NvmeQualifiedName SUBSYSTEM = NvmeQualifiedName.of("nqn.2024-01.com.example:disk");
    static final NvmeQualifiedName HOST = NvmeQualifiedName.of("nqn.2024-01.com.example:host");
    static final UUID HOST_ID = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
    static final long MILLI = 1_000_000;

    final ManualLoops loops;
    final FakeController controller = new FakeController();
    final Initiator initiator;

    Bench() {
        this(2);
    }

    Bench(int loopCount) {
        loops = new ManualLoops(loopCount);
        initiator = Initiator.builder(controller, loops).hostNqn(HOST).hostId(HOST_ID).build();
        controller.addNamespace(1, 4096);
    }

    static ConnectOptions.Builder options() {
        return ConnectOptions.builder(ADDRESS, SUBSYSTEM);
    }

    HostController connect() {
        return await(initiator.connect(options().build()));
    }

    HostController connect(ConnectOptions.Builder options) {
        return await(initiator.connect(options.build()));
    }

    RemoteNamespace namespace() {
        return await(connect().namespace(1));
    }

    /** Lets time pass in steps so small that the loops see it together. */
    void advanceMillis(long millis) {
        for (long step = 0; step < millis; step += 10) {
            loops.advance(10 * MILLI);
        }
    }

    <T> T await(CompletableFuture<T> future) {
        finish(future);
        return future.join();
    }

    Throwable failure(CompletableFuture<?> future) {
        finish(future);
        try {
            Object value = future.join();
            throw new AssertionError("should have failed, gave " + value);
        } catch (CompletionException e) {
            return e.getCause();
        }
    }

    /** Waits for the end, whatever it is. */
    void end(CompletableFuture<?> future) {
        finish(future);
    }

    /** Runs tasks, and lets up to three minutes pass. */
    private void finish(CompletableFuture<?> future) {
        loops.runTasks();
        for (int i = 0; !future.isDone() && i < 18_000; i++) {
            loops.advance(10 * MILLI);
        }
        assertThat(future).as("done within three minutes").isDone();
    }

    static MemorySegment memory(int bytes) {
        return Arena.ofAuto().allocate(bytes);
    }

    /** Memory with a pattern that differs from block to block. */
    static MemorySegment pattern(int bytes, int seed) {
        MemorySegment memory = memory(bytes);
        for (int i = 0; i < bytes; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) (seed + i + (i >> 9) * 31));
        }
        return memory;
    }
}
