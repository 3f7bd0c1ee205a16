package io.nvmeof.protocol.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the controller's end sends, when it pauses, and what it does with calls that come at the wrong time. */
class ControllerConnectionTest {
    private static final int LAST = PduHeader.LAST_PDU;
    private static final int WRITE_WHEN_TOLD = ControllerSession.WRITE_WHEN_TOLD;

    private final ControllerSession session = new ControllerSession(ControllerConnectionOptions.defaults());

    @Test
    void grantsWhatIsAllowed() {
        ControllerSession guarded = new ControllerSession(
                ControllerConnectionOptions.defaults().withDigestsAllowed(true, false).withMaxH2cDataBytes(8192));
        guarded.feed(Wire.icReq(7, 0xFF));
        assertThat(guarded.output.take()).isEqualTo(Wire.icResp(0, IcRespPdu.HDGST_ENABLE, 8192));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 6, 7, 31})
    void alignsDataAsTheHostAsks(int hpda) {
        session.feed(Wire.icReq(hpda, 0));
        session.output.take();
        byte[] sent = read(100, 7);
        int alignment = (hpda + 1) * 4;
        int start = (24 + alignment - 1) / alignment * alignment;
        PduHeader header = new PduHeader().wrap(MemorySegment.ofArray(sent), 0);
        assertThat(header.pduDataOffset()).isEqualTo(start);
        assertThat(header.pduLength()).isEqualTo(start + 100);
        assertThat(Arrays.copyOfRange(sent, 24, start)).isEqualTo(new byte[start - 24]);
        assertThat(Arrays.copyOfRange(sent, start, start + 100)).containsOnly(7);
    }

    @Test
    void leavesTheResponseOutForSuccessOnly() {
        session.feed(Wire.icReq());
        session.output.take();
        assertThat(read(64, 1)).isEqualTo(filled(Wire.c2hData(1, 0, 64, LAST | PduHeader.SUCCESS), 1)).hasSize(88);
        session.feed(Wire.command(2, 1, 0x5A, 0, 64, 0));
        DataBuffer data = buffer(64, 1);
        session.loop.run(() -> session.sender.respond(session.lastSlot, data, 64, 5, 0, 0));
        assertThat(session.output.take()).hasSize(88 + 24).startsWith(filled(Wire.c2hData(1, 0, 64, LAST), 1));
        session.feed(Wire.command(2, 1, 0x5A, 0, 64, 0));
        DataBuffer part = buffer(60, 1);
        session.loop.run(() -> session.sender.respond(session.lastSlot, part, 60, 0, 0, 0));
        assertThat(session.output.take()).hasSize(84 + 24);
        assertThat(session.loop.buffers().takenBytes()).isZero();
    }

    @Test
    void pausesForInCapsuleDataUntilItIsAskedFor() {
        session.feed(Wire.icReq());
        byte[] write = Wire.command(WRITE_WHEN_TOLD, 1, 0x01, 0, 512, 512);
        int taken = session.feed(write, 100);
        assertThat(taken).isEqualTo(72);
        assertThat(session.connection.paused()).isTrue();
        assertThat(session.feed(Arrays.copyOfRange(write, taken, write.length))).isZero();
        assertThat(session.resumeCount).isZero();
        session.receiveData(session.lastSlot, 500);
        assertThat(session.resumeCount).isEqualTo(1);
        DataBuffer lent = session.lent[session.lastSlot];
        lent.segment().set(ValueLayout.JAVA_BYTE, 500, (byte) 99);
        session.feed(Arrays.copyOfRange(write, taken, write.length), 13);
        assertThat(session.connection.paused()).isFalse();
        assertThat(session.events).endsWith("data");
        assertThat(lent.segment().asSlice(0, 500).toArray(ValueLayout.JAVA_BYTE)).containsOnly(1);
        assertThat(lent.segment().get(ValueLayout.JAVA_BYTE, 500)).isEqualTo((byte) 99);
    }

    @Test
    void skipsInCapsuleDataOfAnAnsweredCommand() {
        session.feed(Wire.icReq());
        byte[] write = Wire.command(WRITE_WHEN_TOLD, 1, 0x01, 0, 512, 512);
        int taken = session.feed(write, 100);
        session.respond(session.lastSlot);
        assertThat(session.resumeCount).isEqualTo(1);
        assertThat(session.feed(Arrays.copyOfRange(write, taken, write.length), 100)).isEqualTo(write.length - taken);
        session.feed(Wire.command(0, 1, 0x5A, 0, 0, 0));
        assertThat(session.events).hasSize(2);
        assertThat(session.closeReason).isNull();
    }

    @Test
    void takesNoNewCommandsWhileItsOutputIsFull() {
        ControllerSession full =
                new ControllerSession(ControllerConnectionOptions.defaults().withOutputBytesMax(150));
        full.feed(Wire.icReq());
        full.output.take();
        full.feed(Wire.command(2, 1, 0x5A, 0, 200, 0));
        DataBuffer data = full.loop.buffers().take(200, BufferPool.Purpose.TRANSFER);
        full.loop.run(() -> full.sender.respond(full.lastSlot, data, 200, 0, 0, 0));
        byte[] flush = Wire.command(0, 2, 0x5A, 0, 0, 0);
        assertThat(full.feed(flush)).isZero();
        assertThat(full.connection.paused()).isTrue();
        full.loop.run(full.connection::onOutputDrained);
        full.loop.runTasks();
        assertThat(full.resumeCount).isZero();
        full.output.take();
        full.loop.run(full.connection::onOutputDrained);
        full.loop.runTasks();
        assertThat(full.resumeCount).isEqualTo(1);
        assertThat(full.feed(flush)).isEqualTo(flush.length);
    }

    @Test
    void refusesCallsThatWouldCorruptData() {
        session.feed(Wire.icReq());
        session.feed(Wire.command(ControllerSession.WRITE, 1, 0x5A, 0, 4096, 0));
        int slot = session.lastSlot;
        assertThatThrownBy(() -> session.respond(slot)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("RECEIVING");
        assertThatThrownBy(() -> session.loop.run(() -> session.sender.receiveData(slot, session.lent[slot], 1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.loop.run(() -> session.sender.setQueueSize(8, false)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.respond(slot == 0 ? 1 : 0)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("FREE");
    }

    @Test
    void refusesMoreDataThanTheCommandTransfers() {
        session.feed(Wire.icReq());
        session.feed(Wire.command(2, 1, 0x5A, 0, 64, 0));
        DataBuffer data = buffer(65, 0);
        assertThatThrownBy(() -> session.loop.run(
                () -> session.sender.respond(session.lastSlot, data, 65, 0, 0, 0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> session.loop.run(() -> session.sender.receiveData(session.lastSlot, data, 65)))
                .isInstanceOf(IllegalArgumentException.class);
        data.release();
    }

    @Test
    void afterTheEndOnlyBuffersAreGivenBack() {
        session.feed(Wire.icReq());
        session.feed(Wire.command(2, 1, 0x5A, 0, 64, 0));
        session.output.take();
        session.loop.run(() -> session.connection.onStreamClosed(
                CloseReason.of(CloseReason.Kind.TRANSPORT_ERROR, "reset")));
        assertThat(session.closedCount).as("told later").isZero();
        DataBuffer data = buffer(64, 0);
        session.loop.run(() -> session.sender.respond(session.lastSlot, data, 64, 0, 0, 0));
        session.loop.runTasks();
        assertThat(session.closeReason.kind()).isEqualTo(CloseReason.Kind.TRANSPORT_ERROR);
        assertThat(session.loop.buffers().takenBytes()).isZero();
        assertThat(session.output.take()).isEmpty();
    }

    @Test
    void survivesTheSameIdentifierAgainAndAgain() {
        session.feed(Wire.icReq());
        for (int commandId : new int[] {0, 63, 64, 0xFFFF}) {
            for (int i = 0; i < 1000; i++) {
                session.feed(Wire.command(ControllerSession.WRITE, commandId, 0x01, 0, 8, 8));
                session.respond(session.lastSlot);
            }
        }
        assertThat(session.closeReason).isNull();
        assertThat(session.events).hasSize(8000);
    }

    private byte[] read(int length, int value) {
        session.feed(Wire.command(2, 1, 0x5A, 0, length, 0));
        DataBuffer data = buffer(length, value);
        session.loop.run(() -> session.sender.respond(session.lastSlot, data, length, 0, 0, 0));
        return session.output.take();
    }

    private DataBuffer buffer(int length, int value) {
        DataBuffer data = session.loop.buffers().take(length, BufferPool.Purpose.TRANSFER);
        data.segment().asSlice(0, length).fill((byte) value);
        return data;
    }

    private static byte[] filled(byte[] c2hData, int value) {
        Arrays.fill(c2hData, C2hDataPdu.SIZE, c2hData.length, (byte) value);
        return c2hData;
    }
}
