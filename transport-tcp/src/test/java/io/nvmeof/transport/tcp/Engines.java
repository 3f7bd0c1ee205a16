package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What tests with several engines share. */
final class Engines {
    static final long BUDGET_BYTES = 64L << 20;
    private static final long HOME_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

    private Engines() {}

    static TcpEventLoops openOrAbort(TcpEngine engine, int loopCount) {
        String reason = engine.unavailableBecause();
        assumeTrue(reason == null, () -> engine.label() + " is not available here: " + reason);
        return TcpEventLoops.open(engine, loopCount, BUDGET_BYTES);
    }

    /** All that was lent has come back: data buffers, receive buffers, transmit slabs. */
    static void assertAllMemoryHome(TcpEventLoops loops) throws InterruptedException {
        for (int i = 0; i < loops.count(); i++) {
            TcpEventLoop loop = (TcpEventLoop) loops.loop(i);
            long deadline = System.nanoTime() + HOME_WAIT_NANOS;
            String out;
            do {
                out = out(loop);
            } while (!out.isEmpty() && System.nanoTime() < deadline);
            assertThat(out).as("memory out of " + loop).isEmpty();
        }
    }

    private static String out(TcpEventLoop loop) throws InterruptedException {
        String[] out = new String[1];
        CountDownLatch asked = new CountDownLatch(1);
        loop.execute(() -> {
            long data = loop.buffers().takenBytes();
            int receive = loop.receiveBuffers().takenCount();
            int transmit = loop.transmitSlabs().takenCount();
            out[0] = data + receive + transmit == 0 ? ""
                    : data + " data bytes, " + receive + " receive buffers, " + transmit + " transmit slabs";
            asked.countDown();
        });
        asked.await();
        return out[0];
    }
}
