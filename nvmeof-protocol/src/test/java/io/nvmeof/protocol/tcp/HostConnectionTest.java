package io.nvmeof.protocol.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.transport.CommandSender.Direction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the host's end sends, and where it puts what it gets. */
class HostConnectionTest {
    private final HostSession session = new HostSession(false, false, HostConnectionOptions.defaults());

    @Test
    void beginsAsLinuxDoes() {
        assertThat(session.output.take()).isEqualTo(Wire.icReq());
    }

    @ParameterizedTest
    @CsvSource({"8192, 8192, true", "8193, 8192, false", "512, 0, false", "16384, 16384, true", "0, 0, false"})
    void putsSmallWritesIntoTheCapsule(int length, int allowed, boolean inCapsule) {
        session.feed(Wire.icResp());
        session.output.take();
        session.sender.setInCapsuleDataSize(allowed);
        session.memory.asSlice(0, length).fill((byte) 3);
        if (length == 0) {
            session.flush(3);
        } else {
            session.write(3, length);
        }
        byte[] expected = Wire.command(length == 0 ? 0 : 1, 3, inCapsule ? 0x01 : 0x5A, 0, length,
                inCapsule ? length : 0);
        assertThat(session.output.take()).isEqualTo(expected);
    }

    @Test
    void keepsFusedBitsAndSetsSgl() {
        session.feed(Wire.icResp());
        session.output.take();
        byte[] entry = new byte[64];
        SubmissionQueueEntry command = new SubmissionQueueEntry().wrap(MemorySegment.ofArray(entry), 0)
                .opcode(5).flags(0xC2).commandId(1);
        session.loop.run(() -> session.sender.send(command, Direction.NONE, MemorySegment.NULL, 0, 0));
        assertThat(session.output.take()[9]).isEqualTo((byte) 0x42);
        assertThat(entry[1]).isEqualTo((byte) 0xC2);
    }

    @Test
    void cutsAnswersToMaxH2cDataAndAlignsThem() {
        session.feed(Wire.icResp(31, 0, 4096));
        session.output.take();
        for (int i = 0; i < 10_000; i++) {
            session.memory.set(ValueLayout.JAVA_BYTE, i, (byte) i);
        }
        session.write(2, 10_000);
        session.output.take();
        session.feed(Wire.r2t(2, 0xBEEF, 0, 10_000));
        byte[] sent = session.output.take();
        assertThat(sent).hasSize(3 * 128 + 10_000);
        int at = 0;
        for (int offset = 0; offset < 10_000; offset += 4096) {
            int length = Math.min(4096, 10_000 - offset);
            H2cDataPdu pdu = new H2cDataPdu().wrap(MemorySegment.ofArray(sent), at);
            PduHeader header = new PduHeader().wrap(MemorySegment.ofArray(sent), at);
            assertThat(header.pduDataOffset()).isEqualTo(128);
            assertThat(header.pduLength()).isEqualTo(128 + length);
            assertThat(pdu.transferTag()).isEqualTo(0xBEEF);
            assertThat(pdu.dataOffset()).isEqualTo(offset);
            assertThat(pdu.dataLength()).isEqualTo(length);
            assertThat(pdu.lastPdu()).isEqualTo(offset + length == 10_000);
            assertThat(session.memory.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(Arrays.copyOfRange(sent, at + 128, at + 128 + length));
            at += 128 + length;
        }
    }

    @Test
    void answersR2tsWhenTheOutputTakesIt() {
        HostSession slow = new HostSession(false, false, HostConnectionOptions.defaults().withOutputBytesMax(5000));
        slow.feed(Wire.icResp(0, 0, 4096));
        slow.output.take();
        slow.write(1, 20_000);
        slow.write(2, 20_000);
        slow.write(3, 20_000);
        slow.output.take();
        slow.feed(Wire.r2t(1, 1, 0, 20_000));
        slow.feed(Wire.r2t(2, 2, 0, 20_000));
        slow.feed(Wire.r2t(3, 3, 0, 20_000));
        assertThat(slow.output.pendingBytes()).isBetween(5000L, 10_000L);
        // A command that failed is sent no more data, the others are.
        slow.feed(Wire.response(2, 4));
        int sent = 0;
        int round = 0;
        while (slow.output.pendingBytes() > 0) {
            sent += slow.output.take().length;
            slow.loop.run(slow.connection::onOutputDrained);
            assertThat(++round).isLessThan(20);
        }
        assertThat(sent).isEqualTo(2 * (20_000 + 5 * 24));
        slow.feed(Wire.response(1, 0));
        slow.feed(Wire.response(3, 0));
        assertThat(slow.events).containsExactly("response 2 status 4", "response 1 status 0", "response 3 status 0");
    }

    @Test
    void putsPiecesOfDataWhereTheyBelong() {
        session.feed(Wire.icResp());
        session.read(1, 10, 100);
        session.read(2, 200, 50);
        session.feed(Wire.c2hData(1, 0, 40, 0), 9);
        session.feed(Wire.c2hData(2, 0, 50, PduHeader.LAST_PDU), 9);
        session.feed(Wire.c2hData(1, 40, 60, PduHeader.LAST_PDU | PduHeader.SUCCESS), 9);
        session.feed(Wire.response(2, 0), 9);
        assertThat(session.events).containsExactly("response 1 status 0", "response 2 status 0");
        for (int i = 0; i < 260; i++) {
            int expected = i >= 10 && i < 110 ? i - 10 : i >= 200 && i < 250 ? i - 200 : 0;
            assertThat(session.memory.get(ValueLayout.JAVA_BYTE, i)).as("byte %d", i).isEqualTo((byte) expected);
        }
    }

    @Test
    void refusesCallsThatWouldCorruptData() {
        SubmissionQueueEntry early = new SubmissionQueueEntry().wrap(MemorySegment.ofArray(new byte[64]), 0);
        assertThatThrownBy(() -> session.loop.run(() -> session.connection.send(early, Direction.NONE,
                MemorySegment.NULL, 0, 0))).isInstanceOf(IllegalStateException.class);
        session.feed(Wire.icResp());
        session.flush(1);
        assertThatThrownBy(() -> session.flush(1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> session.flush(HostSession.QUEUE_SIZE)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> session.read(2, (64 << 10) - 63, 64)).isInstanceOf(IndexOutOfBoundsException.class);
        session.output.take();
        session.feed(Wire.response(1, 0));
        session.flush(1);
        session.flush(2);
        assertThat(session.output.take()).hasSize(144);
    }
}
