package io.nvmeof.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.interop.hostile.RawHost.Stage;
import io.nvmeof.transport.tcp.TcpEngine;
import java.io.IOException;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The instruments of these tests see what they are for. */
final class CanaryTest {
    @Test
    void seesFaultsInTheLog() {
        try (LogWatch log = LogWatch.open()) {
            var logger = LoggerFactory.getLogger("io.nvmeof.canary");
            logger.warn("connection with 1.2.3.4:5 ended: PDU type 9 is none this side receives");
            assertThat(log.faults()).isEmpty();
            logger.warn("something odd");
            logger.error("connection with 1.2.3.4:5 ended: x");
            logger.warn("connection with 1.2.3.4:5 ended: x", new IllegalStateException("a bug"));
            logger.info("with a stack trace", new IllegalStateException("a bug"));
            assertThat(log.faults()).hasSize(4);
        }
    }

    @Test
    void seesABlockThatNobodyAskedToChange() {
        byte[] before = new byte[TargetBench.BLOCK_COUNT * RawHost.BLOCK];
        byte[] after = before.clone();
        after[1000 * RawHost.BLOCK + 511] = 1;
        after[2000 * RawHost.BLOCK] = 1;
        BitSet mayChange = new BitSet();
        mayChange.set(2000);
        assertThat(Mutation.wronglyChanged(before, after, mayChange).stream().toArray()).containsExactly(1000);
    }

    @Test
    void seesAnotherAnswerThanTheTables() throws IOException {
        try (TargetBench bench = TargetBench.open(TcpEngine.NIO)) {
            Row wrongStatus = Row.of("C1", "", Stage.IO, host -> host.send(Sqe.read(1, -1, 1, RawHost.BLOCK)),
                    Expectation.status(0x000));
            Row noTermReq = Row.of("C2", "", Stage.IO, host -> host.send(Sqe.read(1, 0, 1, RawHost.BLOCK)),
                    Expectation.terminates(Expectation.INVALID_HEADER_FIELD, 0));
            Row wrongField = Row.of("C3", "", Stage.SOCKET, host -> host.send(Pdu.icReq(0).u8(2, 0)),
                    Expectation.terminates(Expectation.INVALID_HEADER_FIELD, 3));
            for (Row row : new Row[] {wrongStatus, noTermReq, wrongField}) {
                assertThatThrownBy(() -> row.run(bench.port())).isInstanceOf(AssertionError.class);
            }
            bench.proveUnharmed();
        }
    }

    @Test
    void seesAControllerThatIsLeft() throws IOException {
        try (TargetBench bench = TargetBench.open(TcpEngine.NIO);
                RawHost left = RawHost.open(bench.port(), Stage.IO, Digests.NONE)) {
            left.beginWrite(1, 0, 1);
            assertThat(bench.controllerCount()).isOne();
            assertThat(bench.connectionCount()).isEqualTo(2);
            assertThat(bench.takenBytes()).isPositive();
        }
    }
}
