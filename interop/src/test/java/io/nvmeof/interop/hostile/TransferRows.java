package io.nvmeof.interop.hostile;

import static io.nvmeof.interop.hostile.Expectation.INVALID_HEADER_FIELD;
import static io.nvmeof.interop.hostile.Expectation.OUT_OF_RANGE;
import static io.nvmeof.interop.hostile.Expectation.SEQUENCE_ERROR;
import static io.nvmeof.interop.hostile.Expectation.goesOn;
import static io.nvmeof.interop.hostile.Expectation.terminates;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.interop.hostile.RawHost.Stage;
import java.util.ArrayList;
import java.util.List;

/** Data that does not answer its R2T, and commands that are too many. */
final class TransferRows {
    private static final int SCRATCH = (int) TargetBench.SCRATCH_BLOCK;
    private static final int BLOCK = RawHost.BLOCK;
    private static final int SIZE = 4 * BLOCK;

    private TransferRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        names(rows);
        ranges(rows);
        lateData(rows);
        commands(rows);
        return rows;
    }

    /** What follows an R2T for four blocks under command 1. */
    private interface Reply {
        void send(RawHost host, int tag) throws java.io.IOException;
    }

    private static Row reply(String id, String input, Reply reply, Expectation answer) {
        return Row.of(id, input, Stage.IO, host -> reply.send(host, host.beginWrite(1, SCRATCH, 4).tag()), answer);
    }

    private static Pdu data(int tag, long offset, int length, boolean last) {
        return Pdu.h2cData(1, tag, offset, Bytes.pattern(length, 9), last, Digests.NONE);
    }

    private static void names(List<Row> rows) {
        for (int mask : new int[] {1, 8, 0x80, 0x4000, 0x8000}) {
            rows.add(reply("X01", "H2CData with another TTAG", (host, tag) ->
                    host.send(data(tag ^ mask, 0, SIZE, true)),
                    terminates(INVALID_HEADER_FIELD, 10)).variant(mask));
        }
        for (int cid : new int[] {0, 2, 0xFFFF}) {
            rows.add(reply("X02", "H2CData with another CCCID",
                    (host, tag) -> host.send(data(tag, 0, SIZE, true).u16(8, cid)),
                    terminates(INVALID_HEADER_FIELD, 8)).variant(cid));
        }
        for (long length : new long[] {0, SIZE - 4, SIZE + 4, 0xFFFFFFFFL}) {
            rows.add(reply("X03", "H2CData whose DATAL is not what PLEN says",
                    (host, tag) -> host.send(data(tag, 0, SIZE, true).u32(16, length)),
                    terminates(INVALID_HEADER_FIELD, 16)).variant(length));
        }
        rows.add(reply("X04", "LAST_PDU although data is missing",
                (host, tag) -> host.send(data(tag, 0, BLOCK, true)), terminates(INVALID_HEADER_FIELD, 1)));
        rows.add(reply("X05", "no LAST_PDU although no data is missing",
                (host, tag) -> host.send(data(tag, 0, SIZE, false)), terminates(INVALID_HEADER_FIELD, 1)));
    }

    private static void ranges(List<Row> rows) {
        for (long offset : new long[] {4, BLOCK, SIZE - 4, SIZE, 0x7FFFFFFC, 0x80000000L, 0xFFFFFFFCL, 0xFFFFFFFFL}) {
            rows.add(reply("X10", "H2CData that does not begin where data is missing",
                    (host, tag) -> host.send(data(tag, offset, BLOCK, false)), terminates(OUT_OF_RANGE, 0))
                    .variant(offset));
        }
        rows.add(reply("X11", "more data than the R2T asked for",
                (host, tag) -> host.send(data(tag, 0, SIZE + BLOCK, true)), terminates(OUT_OF_RANGE, 0)));
        rows.add(reply("X12", "H2CData that overlaps the one before", (host, tag) -> {
            host.send(data(tag, 0, 2 * BLOCK, false));
            host.send(data(tag, BLOCK, 2 * BLOCK, false));
        }, terminates(OUT_OF_RANGE, 0)));
        rows.add(reply("X13", "the same H2CData twice", (host, tag) -> {
            host.send(data(tag, 0, BLOCK, false));
            host.send(data(tag, 0, BLOCK, false));
        }, terminates(OUT_OF_RANGE, 0)));
        rows.add(reply("X14", "H2CData that leaves a gap", (host, tag) -> {
            host.send(data(tag, 0, BLOCK, false));
            host.send(data(tag, 2 * BLOCK, BLOCK, false));
        }, terminates(OUT_OF_RANGE, 0)));
        rows.add(reply("X15", "data in pieces of one byte", (host, tag) -> {
            for (int i = 0; i < SIZE; i++) {
                host.send(data(tag, i, 1, i == SIZE - 1));
            }
            assertThat(host.response(host.socket(), 1).status()).isZero();
        }, goesOn("Successful Completion: small pieces are allowed")));
    }

    private static void lateData(List<Row> rows) {
        rows.add(reply("X20", "H2CData again after the command has completed", (host, tag) -> {
            host.send(data(tag, 0, SIZE, true));
            assertThat(host.response(host.socket(), 1).status()).isZero();
            host.send(data(tag, 0, SIZE, true));
        }, terminates(INVALID_HEADER_FIELD, 10)));
        rows.add(reply("X21", "an old TTAG for a new command in the same slot", (host, tag) -> {
            host.send(data(tag, 0, SIZE, true));
            assertThat(host.response(host.socket(), 1).status()).isZero();
            assertThat(host.beginWrite(1, SCRATCH, 4).tag()).isNotEqualTo(tag);
            host.send(data(tag, 0, SIZE, true));
        }, terminates(INVALID_HEADER_FIELD, 10)));
        rows.add(Row.of("X22", "H2CData for a read", Stage.IO, host -> {
            host.send(Sqe.read(1, 0, 8, BLOCK));
            host.response(host.socket(), 1);
            host.send(data(1, 0, BLOCK, true));
        }, terminates(INVALID_HEADER_FIELD, 10)));
        rows.add(Row.of("X23", "H2CData for a write whose data came in the capsule", Stage.IO, host -> {
            host.send(Sqe.writeInCapsule(1, SCRATCH, 1, BLOCK), new byte[BLOCK]);
            host.response(host.socket(), 1);
            host.send(data(0, 0, BLOCK, true));
        }, terminates(INVALID_HEADER_FIELD, 10)));
    }

    private static void commands(List<Row> rows) {
        rows.add(Row.of("X30", "a command identifier that is outstanding", Stage.IO, host -> {
            host.beginWrite(1, SCRATCH, 4);
            host.send(Sqe.read(1, 0, 1, BLOCK));
        }, terminates(INVALID_HEADER_FIELD, 10)).variant("I/O queue"));
        rows.add(Row.of("X30", "a command identifier that is outstanding", Stage.ENABLED, host -> {
            host.send(Sqe.of(0x0C, 1));
            host.send(Sqe.of(0x0C, 1));
        }, terminates(INVALID_HEADER_FIELD, 10)).variant("admin queue"));
        rows.add(Row.of("X31", "one command more than the queue has entries", Stage.IO, host -> {
            for (int i = 0; i < RawHost.QUEUE_ENTRIES; i++) {
                host.beginWrite(i, SCRATCH, 4);
            }
            host.send(Sqe.read(100, 0, 1, BLOCK));
        }, terminates(SEQUENCE_ERROR, 0)));
        rows.add(Row.of("X32", "a second command while Connect is unanswered", Stage.INITIALIZED, host -> {
            host.send(Sqe.connect(1, 0, 31, 0).sgl(Sqe.TRANSPORT, 0, 1024));
            host.expect(Pdu.R2T);
            host.send(Sqe.propertyGet(2, RawHost.CSTS, false));
        }, terminates(SEQUENCE_ERROR, 0)));
        rows.add(Row.of("X33", "the in-capsule data of a write that fails is not taken for a PDU", Stage.IO, host -> {
            byte[] trap = Bytes.concat(Pdu.termReq(Pdu.H2C_TERM, 1, 1).bytes, new byte[BLOCK - 24]);
            host.send(Sqe.writeInCapsule(1, TargetBench.BLOCK_COUNT, 1, BLOCK), trap);
        }, Expectation.status(0x080)));
    }
}
