package io.nvmeof.protocol.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.transport.CloseReason.Kind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The rows T.. of {@code docs/protocol-errors.md}, and what must not count against a peer. */
class TimeLimitTest {
    private static final ControllerConnectionOptions OPTIONS = ControllerConnectionOptions.defaults()
            .withTimeouts(3_000_000_000L, 10_000_000_000L).withOutputBytesMax(100);
    private static final HostConnectionOptions HOST_OPTIONS =
            HostConnectionOptions.defaults().withStallTimeoutNanos(10_000_000_000L);
    private static final byte[] FLUSH = Wire.command(0, 9, 0x5A, 0, 0, 0);

    private final ControllerSession session = new ControllerSession(OPTIONS);

    /** Row T01. */
    @Test
    void aHostThatDoesNotInitializeIsDropped() {
        session.tick(3);
        session.feed(Arrays.copyOf(Wire.icReq(), 127), 50);
        assertThat(session.connection.closeReason()).isNull();
        session.tick(1);
        assertThat(session.connection.closeReason().kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(session.output.closing()).isTrue();
    }

    /** Row T02. */
    @Test
    void aControllerThatDoesNotInitializeIsDropped() {
        HostSession host = new HostSession(false, false, HOST_OPTIONS);
        host.output.take();
        host.tick(3);
        assertThat(host.closeReason).isNull();
        host.tick(1);
        assertThat(host.closeReason.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(host.closedCount).isEqualTo(1);
    }

    /** Row T03. */
    @Test
    void aPduThatDoesNotGoOnEndsTheConnection() {
        session.feed(Wire.icReq());
        session.output.take();
        session.tick(100);
        for (int from = 0; from < 64; from += 8) {
            session.feed(Arrays.copyOfRange(FLUSH, from, from + 8));
            session.tick(9);
            assertThat(session.closeReason).isNull();
        }
        session.tick(2);
        assertThat(session.closeReason.kind()).isEqualTo(Kind.TIMEOUT);
    }

    /** Row T03. */
    @Test
    void aControllersPduThatDoesNotGoOnEndsTheConnection() {
        HostSession host = new HostSession(false, false, HOST_OPTIONS);
        host.feed(Wire.icResp());
        host.output.take();
        host.read(1, 0, 64);
        host.output.take();
        host.feed(Arrays.copyOf(Wire.c2hData(1, 0, 64, PduHeader.LAST_PDU), 50));
        host.tick(10);
        assertThat(host.closeReason).isNull();
        host.tick(1);
        assertThat(host.closeReason.kind()).isEqualTo(Kind.TIMEOUT);
    }

    /** Row T04. */
    @Test
    void anUnansweredR2tEndsTheConnectionThoughOtherCommandsGoOn() {
        session.feed(Wire.icReq());
        session.output.take();
        session.tick(100);
        session.feed(Wire.command(ControllerSession.WRITE, 1, 0x5A, 0, 8192, 0));
        int tag = TermReqs.r2tIn(session.output.take()).transferTag();
        session.tick(9);
        session.feed(Wire.h2cData(1, tag, 0, 4096, false));
        session.tick(9);
        session.feed(FLUSH);
        session.respond(session.lastSlot);
        session.output.take();
        assertThat(session.closeReason).isNull();
        session.tick(2);
        assertThat(session.closeReason.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(session.loop.buffers().takenBytes()).isZero();
    }

    /** Row T05. */
    @Test
    void outputThatIsNotTakenEndsTheConnection() {
        session.feed(Wire.icReq());
        session.output.take();
        session.tick(100);
        session.feed(FLUSH);
        session.respond(session.lastSlot);
        session.tick(10);
        assertThat(session.closeReason).isNull();
        session.tick(1);
        assertThat(session.closeReason.kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(session.output.pendingBytes()).isZero();
    }

    /** Row T05. */
    @Test
    void aTerminateRequestThatIsNotTakenIsGivenUp() {
        session.feed(Wire.icReq());
        session.output.take();
        session.feed(Wire.icReq());
        session.tick(9);
        assertThat(session.output.pendingBytes()).isPositive();
        session.tick(20);
        assertThat(session.output.pendingBytes()).isZero();
        assertThat(session.closeReason.kind()).isEqualTo(Kind.PROTOCOL_ERROR);
        assertThat(session.closedCount).isEqualTo(1);
    }

    @Test
    void waitingForABufferIsNotTheHostsFault() {
        session.feed(Wire.icReq());
        session.output.take();
        byte[] write = Wire.command(ControllerSession.WRITE_WHEN_TOLD, 1, 0x01, 0, 512, 512);
        int taken = session.feed(write);
        assertThat(taken).isEqualTo(72);
        session.tick(1000);
        assertThat(session.closeReason).isNull();
        session.receiveData(session.lastSlot, 512);
        session.feed(Arrays.copyOfRange(write, taken, write.length));
        session.tick(1);
        assertThat(session.events).contains("data");
    }

    @Test
    void dataBehindABufferWaitIsNotTheHostsFault() {
        session.feed(Wire.icReq());
        session.output.take();
        session.feed(Wire.command(ControllerSession.WRITE, 1, 0x5A, 0, 4096, 0));
        int tag = TermReqs.r2tIn(session.output.take()).transferTag();
        byte[] write = Wire.command(ControllerSession.WRITE_WHEN_TOLD, 2, 0x01, 0, 512, 512);
        int taken = session.feed(write);
        for (int i = 0; i < 100; i++) {
            session.tick(1);
        }
        session.respond(session.lastSlot);
        session.output.take();
        session.feed(Arrays.copyOfRange(write, taken, write.length));
        session.tick(9);
        assertThat(session.closeReason).isNull();
        session.feed(Wire.h2cData(1, tag, 0, 4096, true));
        assertThat(session.events).endsWith("data");
    }

    @Test
    void aSlowReaderThatReadsIsServed() {
        session.feed(Wire.icReq());
        session.output.take();
        session.feed(Wire.command(2, 1, 0x5A, 0, 4096, 0));
        DataBuffer data = session.loop.buffers().take(4096, BufferPool.Purpose.TRANSFER);
        session.loop.run(() -> session.sender.respond(session.lastSlot, data, 4096, 0, 0, 0));
        HostSession host = new HostSession(false, false, HOST_OPTIONS);
        host.feed(Wire.icResp());
        host.read(1, 0, 4096);
        while (session.output.pendingBytes() > 0) {
            session.tick(9);
            assertThat(session.closeReason).isNull();
            host.loop.run(() -> session.output.deliver(host.connection, 500));
        }
        assertThat(host.events).containsExactly("response 1 status 0");
    }
}
