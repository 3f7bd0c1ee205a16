package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.status.GenericStatus.DATA_SGL_LENGTH_INVALID;
import static io.nvmeof.protocol.status.GenericStatus.INVALID_FIELD_IN_COMMAND;
import static io.nvmeof.protocol.status.GenericStatus.SGL_DESCRIPTOR_TYPE_INVALID;
import static io.nvmeof.protocol.status.GenericStatus.SGL_OFFSET_INVALID;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.status.StatusCode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mistakes that cost one command: the rows S.. and N.. of {@code docs/protocol-errors.md}. */
class CommandErrorTest {
    record Row(String id, String what, StatusCode fault, byte[] command) {
        @Override
        public String toString() {
            return id + " " + what;
        }
    }

    private static final int WRITE = ControllerSession.WRITE;
    private static final int LAST = PduHeader.LAST_PDU;
    private static final int TRANSFER_MAX = 1 << 20;

    static Stream<Row> rows() {
        return Stream.of(
                new Row("S01", "offset into the capsule", SGL_OFFSET_INVALID, Wire.command(WRITE, 1, 0x01, 4, 8, 16)),
                new Row("S01", "offset with its top bit set", SGL_OFFSET_INVALID,
                        Wire.command(WRITE, 1, 0x01, 1L << 63, 8, 16)),
                new Row("S02", "longer than the capsule", DATA_SGL_LENGTH_INVALID,
                        Wire.command(WRITE, 1, 0x01, 0, 17, 16)),
                new Row("S02", "in a capsule without data", DATA_SGL_LENGTH_INVALID,
                        Wire.command(WRITE, 1, 0x01, 0, 16, 0)),
                new Row("S02", "the longest there is", DATA_SGL_LENGTH_INVALID,
                        Wire.command(WRITE, 1, 0x01, 0, 0xFFFF_FFFFL, 16)),
                new Row("S03", "transport SGL, data in the capsule", INVALID_FIELD_IN_COMMAND,
                        Wire.command(WRITE, 1, 0x5A, 0, 16, 16)),
                new Row("S04", "transfer too long", DATA_SGL_LENGTH_INVALID,
                        Wire.command(WRITE, 1, 0x5A, 0, TRANSFER_MAX + 1, 0)),
                new Row("S05", "keyed", SGL_DESCRIPTOR_TYPE_INVALID, Wire.command(WRITE, 1, 0x40, 0, 16, 0)),
                new Row("S05", "address", SGL_DESCRIPTOR_TYPE_INVALID, Wire.command(WRITE, 1, 0x00, 0, 16, 16)),
                new Row("S05", "segment", SGL_DESCRIPTOR_TYPE_INVALID, Wire.command(WRITE, 1, 0x20, 0, 0, 0)),
                new Row("S06", "PRPs", INVALID_FIELD_IN_COMMAND,
                        Wire.set8(Wire.command(WRITE, 1, 0x5A, 0, 16, 0), 9, 0)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aWrongDataPointerIsPassedOnAndTheConnectionGoesOn(Row row) {
        for (int pieceBytes : new int[] {1, 1000}) {
            ControllerSession session = new ControllerSession(ControllerConnectionOptions.defaults());
            session.feed(Wire.icReq());
            assertThat(session.feed(row.command(), pieceBytes)).isEqualTo(row.command().length);
            assertThat(session.events).hasSize(1);
            assertThat(session.events.getFirst()).startsWith("command 1 ").endsWith(" " + row.fault())
                    .doesNotContain("in capsule");
            session.feed(Wire.command(0, 2, 0x5A, 0, 0, 0), pieceBytes);
            assertThat(session.events).hasSize(2);
            assertThat(session.closeReason).isNull();
        }
    }

    @Test
    void commandsWithoutDataMayHaveANullPointer() {
        ControllerSession session = new ControllerSession(ControllerConnectionOptions.defaults());
        session.feed(Wire.icReq());
        session.feed(Wire.set8(Wire.command(0, 1, 0x00, 0, 0, 0), 9, 0));
        session.feed(Wire.command(0, 2, 0x5A, 0, 0, 0));
        session.feed(Wire.command(0, 3, 0x01, 0, 0, 0));
        assertThat(session.events)
                .containsExactly("command 1 length 0", "command 2 length 0", "command 3 length 0");
    }

    /** Row S07. */
    @Test
    void damagedInCapsuleDataIsReported() {
        ControllerSession session = new ControllerSession(ControllerConnectionOptions.defaults());
        session.feed(Wire.icReq(0, 2));
        session.feed(Wire.withDataDigest(Wire.command(WRITE, 1, 0x01, 0, 16, 16), 1), 5);
        session.feed(Wire.withDataDigest(Wire.command(WRITE, 2, 0x01, 0, 16, 16), 0), 5);
        assertThat(session.events).containsExactly("command 1 length 16 in capsule", "corrupt",
                "command 2 length 16 in capsule", "data");
        assertThat(session.closeReason).isNull();
    }

    /** Row S08. */
    @Test
    void damagedDataIsReportedAtTheEndOfItsTransfer() {
        ControllerSession session = new ControllerSession(ControllerConnectionOptions.defaults());
        session.feed(Wire.icReq(0, 2));
        session.output.take();
        session.feed(Wire.command(WRITE, 1, 0x5A, 0, 8192, 0));
        int tag = TermReqs.r2tIn(session.output.take()).transferTag();
        session.feed(Wire.withDataDigest(Wire.h2cData(1, tag, 0, 4096, false), 1 << 31), 999);
        assertThat(session.events).hasSize(1);
        session.feed(Wire.withDataDigest(Wire.h2cData(1, tag, 4096, 4096, true), 0), 999);
        assertThat(session.events).containsExactly("command 1 length 8192", "corrupt");
        assertThat(session.closeReason).isNull();
    }

    /** Row N01. */
    @Test
    void damagedReadDataIsNotIntact() {
        HostSession session = new HostSession(false, true, HostConnectionOptions.defaults());
        session.feed(Wire.icResp(0, 2, 8192));
        session.read(1, 0, 64);
        session.read(2, 64, 64);
        session.read(3, 128, 64);
        session.feed(Wire.withDataDigest(Wire.c2hData(1, 0, 32, 0), 4), 3);
        session.feed(Wire.withDataDigest(Wire.c2hData(1, 32, 32, LAST), 0), 3);
        session.feed(Wire.response(1, 0));
        session.feed(Wire.withDataDigest(Wire.c2hData(2, 0, 64, LAST | PduHeader.SUCCESS), 4), 3);
        session.feed(Wire.withDataDigest(Wire.c2hData(3, 0, 64, LAST | PduHeader.SUCCESS), 0), 3);
        assertThat(session.events).containsExactly("response 1 status 0 not intact", "response 2 status 0 not intact",
                "response 3 status 0");
    }

    /** Row N02. */
    @Test
    void aReadWithDataMissingIsIntactOnlyIfItFailed() {
        HostSession session = new HostSession(false, false, HostConnectionOptions.defaults());
        session.feed(Wire.icResp());
        for (int commandId = 1; commandId <= 5; commandId++) {
            session.read(commandId, 0, 64);
        }
        session.feed(Wire.c2hData(1, 0, 60, LAST));
        session.feed(Wire.response(1, 0));
        session.feed(Wire.response(2, 0));
        session.feed(Wire.c2hData(3, 0, 60, LAST | PduHeader.SUCCESS));
        session.feed(Wire.c2hData(4, 0, 60, 0));
        session.feed(Wire.response(4, 0x4004));
        session.feed(Wire.response(5, 0x0500));
        assertThat(session.events).containsExactly("response 1 status 0 not intact", "response 2 status 0 not intact",
                "response 3 status 0 not intact", "response 4 status 16388", "response 5 status 1280");
        assertThat(session.closeReason).isNull();
    }

    /** Row N03. */
    @Test
    void aWriteThatWasNotAskedForAllItsDataIsIntactOnlyIfItFailed() {
        HostSession session = new HostSession(false, false, HostConnectionOptions.defaults());
        session.feed(Wire.icResp());
        session.write(1, 20_000);
        session.write(2, 20_000);
        session.write(3, 20_000);
        session.write(4, 512);
        session.feed(Wire.r2t(1, 1, 0, 10_000));
        session.feed(Wire.response(1, 0));
        session.feed(Wire.response(2, 4));
        session.feed(Wire.r2t(3, 1, 0, 10_000));
        session.feed(Wire.r2t(3, 1, 10_000, 10_000));
        session.feed(Wire.response(3, 0));
        session.feed(Wire.response(4, 0));
        assertThat(session.events).containsExactly("response 1 status 0 not intact", "response 2 status 4",
                "response 3 status 0", "response 4 status 0");
    }

    @Test
    void everyRowOfTheDocumentIsTested() {
        assertThat(TermReqs.documentedRows('S')).containsExactlyElementsOf(
                Stream.concat(rows().map(Row::id), Stream.of("S07", "S08")).distinct().toList());
        assertThat(TermReqs.documentedRows('N')).isEqualTo(List.of("N01", "N02", "N03"));
        assertThat(TermReqs.documentedRows('T')).isEqualTo(List.of("T01", "T02", "T03", "T04", "T05"));
    }
}
