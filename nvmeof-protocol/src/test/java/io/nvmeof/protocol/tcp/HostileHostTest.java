package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.tcp.FatalErrorStatus.DATA_TRANSFER_OUT_OF_RANGE;
import static io.nvmeof.protocol.tcp.FatalErrorStatus.HEADER_DIGEST_ERROR;
import static io.nvmeof.protocol.tcp.FatalErrorStatus.INVALID_PDU_HEADER_FIELD;
import static io.nvmeof.protocol.tcp.FatalErrorStatus.LIMIT_EXCEEDED;
import static io.nvmeof.protocol.tcp.FatalErrorStatus.PDU_SEQUENCE_ERROR;
import static io.nvmeof.protocol.tcp.FatalErrorStatus.UNSUPPORTED_PARAMETER;
import static io.nvmeof.protocol.tcp.Wire.set16;
import static io.nvmeof.protocol.tcp.Wire.set32;
import static io.nvmeof.protocol.tcp.Wire.set8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.transport.CloseReason;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a host can do wrong, and the C2HTermReq it gets: the rows C.. of {@code docs/protocol-errors.md}. */
class HostileHostTest {
    /**
     * @param bad brings the connection to the point, and says the bytes that are wrong there
     * @param information FEI; ignored for a header digest error, where it is the digest sent
     */
    record Row(String id, String what, FatalErrorStatus status, int information,
            Function<ControllerSession, byte[]> bad) {
        @Override
        public String toString() {
            return id + " " + what;
        }
    }

    private static final ControllerConnectionOptions OPTIONS =
            ControllerConnectionOptions.defaults().withMaxH2cDataBytes(4096);
    private static final int IN_CAPSULE = 0x01;
    private static final int TRANSPORT = 0x5A;
    private static final int WRITE = ControllerSession.WRITE;

    static Stream<Row> rows() {
        return Stream.of(framing(), digests(), initialize(), commands(), data()).flatMap(List::stream);
    }

    private static List<Row> framing() {
        return List.of(
                new Row("C01", "a type that does not exist", INVALID_PDU_HEADER_FIELD, 0,
                        s -> ready(s, set8(flush(1), 0, 0x08))),
                new Row("C01", "a type that controllers send", INVALID_PDU_HEADER_FIELD, 0,
                        s -> ready(s, Wire.c2hData(1, 0, 4, 0))),
                new Row("C02", "a command before ICReq", PDU_SEQUENCE_ERROR, 0, s -> flush(1)),
                new Row("C02", "a second ICReq", PDU_SEQUENCE_ERROR, 0, s -> ready(s, Wire.icReq())),
                new Row("C03", "HLEN of a command", INVALID_PDU_HEADER_FIELD, 2, s -> ready(s, set8(flush(1), 2, 71))),
                new Row("C03", "HLEN of an ICReq", INVALID_PDU_HEADER_FIELD, 2, s -> set8(Wire.icReq(), 2, 127)),
                new Row("C05", "PLEN below HLEN", INVALID_PDU_HEADER_FIELD, 4, s -> ready(s, set32(flush(1), 4, 71))),
                new Row("C05", "PLEN of an ICReq", INVALID_PDU_HEADER_FIELD, 4, s -> set32(Wire.icReq(), 4, 132)),
                new Row("C05", "PLEN of a terminate request", INVALID_PDU_HEADER_FIELD, 4, s -> ready(s,
                        set32(Wire.termReq(PduType.H2C_TERM_REQ, PDU_SEQUENCE_ERROR, 0), 4, 153))),
                new Row("C05", "PLEN that leaves no data behind PDO", INVALID_PDU_HEADER_FIELD, 4,
                        s -> ready(s, set32(inCapsule(1, 8), 4, 72 + 4), 3, 76)),
                new Row("C05", "H2CData without data", INVALID_PDU_HEADER_FIELD, 4,
                        s -> ready(s, Wire.h2cData(1, 1, 0, 0, true))),
                new Row("C06", "more in-capsule data than allowed", INVALID_PDU_HEADER_FIELD, 4,
                        s -> ready(s, set32(flush(1), 4, 72 + 16_385), 3, 72)),
                new Row("C06", "the largest PLEN", INVALID_PDU_HEADER_FIELD, 4,
                        s -> ready(s, set32(flush(1), 4, -1), 3, 72)),
                new Row("C07", "PDO inside the header", INVALID_PDU_HEADER_FIELD, 3,
                        s -> ready(s, set8(inCapsule(1, 8), 3, 68))),
                new Row("C07", "PDO not aligned", INVALID_PDU_HEADER_FIELD, 3,
                        s -> ready(s, set8(inCapsule(1, 8), 3, 74))),
                new Row("C08", "more data in a PDU than MAXH2CDATA", LIMIT_EXCEEDED, 0, s -> {
                    int tag = askedFor(s, 8192);
                    return Wire.h2cData(2, tag, 0, 4097, false);
                }));
    }

    private static List<Row> digests() {
        return List.of(
                new Row("C04", "a header digest that was not agreed", INVALID_PDU_HEADER_FIELD, 1,
                        s -> ready(s, Wire.withHeaderDigest(flush(1), 0))),
                new Row("C04", "no header digest though agreed", INVALID_PDU_HEADER_FIELD, 1,
                        s -> after(s, Wire.icReq(0, 1), flush(1))),
                new Row("C09", "a data digest that was not agreed", INVALID_PDU_HEADER_FIELD, 1,
                        s -> ready(s, Wire.withDataDigest(inCapsule(1, 8), 0))),
                new Row("C09", "no data digest though agreed", INVALID_PDU_HEADER_FIELD, 1,
                        s -> after(s, Wire.icReq(0, 2), inCapsule(1, 8))),
                new Row("C10", "a wrong header digest", HEADER_DIGEST_ERROR, 0,
                        s -> after(s, Wire.icReq(0, 1), Wire.withHeaderDigest(flush(1), 1 << 30))));
    }

    private static List<Row> initialize() {
        return List.of(
                new Row("C11", "PFV", UNSUPPORTED_PARAMETER, 8, s -> set16(Wire.icReq(), 8, 1)),
                new Row("C12", "HPDA", INVALID_PDU_HEADER_FIELD, 10, s -> Wire.icReq(32, 0)));
    }

    private static List<Row> commands() {
        return List.of(
                new Row("C13", "a command identifier in use", INVALID_PDU_HEADER_FIELD, 10,
                        s -> after(s, Wire.icReq(), flush(7), flush(7))),
                new Row("C14", "more commands than slots", PDU_SEQUENCE_ERROR, 0,
                        s -> after(s, Wire.icReq(), flush(1), flush(2), flush(3), flush(4), flush(5))));
    }

    private static List<Row> data() {
        return List.of(
                new Row("C15", "a tag never given", INVALID_PDU_HEADER_FIELD, 10, s -> {
                    int tag = askedFor(s, 8192);
                    return Wire.h2cData(2, tag ^ 0x8000, 0, 4096, false);
                }),
                new Row("C15", "a tag of another slot", INVALID_PDU_HEADER_FIELD, 10, s -> {
                    int tag = askedFor(s, 8192);
                    return Wire.h2cData(2, tag ^ 1, 0, 4096, false);
                }),
                new Row("C15", "a tag already answered", INVALID_PDU_HEADER_FIELD, 10, s -> {
                    int tag = askedFor(s, 4096);
                    s.feed(Wire.h2cData(2, tag, 0, 4096, true));
                    return Wire.h2cData(2, tag, 0, 4096, true);
                }),
                new Row("C15", "the tag of the command before", INVALID_PDU_HEADER_FIELD, 10, s -> {
                    int tag = askedFor(s, 4096);
                    s.feed(Wire.h2cData(2, tag, 0, 4096, true));
                    s.respond(s.lastSlot);
                    s.feed(Wire.command(WRITE, 2, TRANSPORT, 0, 4096, 0));
                    return Wire.h2cData(2, tag, 0, 4096, true);
                }),
                new Row("C16", "the tag of another command", INVALID_PDU_HEADER_FIELD, 8, s -> {
                    int tag = askedFor(s, 8192);
                    return Wire.h2cData(3, tag, 0, 4096, false);
                }),
                new Row("C17", "DATAL that disagrees with PLEN", INVALID_PDU_HEADER_FIELD, 16, s -> {
                    int tag = askedFor(s, 8192);
                    return set32(Wire.h2cData(2, tag, 0, 4096, false), 16, 4095);
                }),
                new Row("C18", "a gap", DATA_TRANSFER_OUT_OF_RANGE, 0, s -> {
                    int tag = askedFor(s, 8192);
                    return Wire.h2cData(2, tag, 4, 4096, false);
                }),
                new Row("C18", "an overlap", DATA_TRANSFER_OUT_OF_RANGE, 0, s -> {
                    int tag = askedFor(s, 8192);
                    s.feed(Wire.h2cData(2, tag, 0, 4096, false));
                    return Wire.h2cData(2, tag, 4092, 4096, true);
                }),
                new Row("C18", "more than was asked for", DATA_TRANSFER_OUT_OF_RANGE, 0, s -> {
                    int tag = askedFor(s, 4000);
                    return Wire.h2cData(2, tag, 0, 4004, true);
                }),
                new Row("C18", "an offset that wraps", DATA_TRANSFER_OUT_OF_RANGE, 0, s -> {
                    int tag = askedFor(s, 4096);
                    return Wire.h2cData(2, tag, -4, 4096, true);
                }),
                new Row("C19", "LAST_PDU too early", INVALID_PDU_HEADER_FIELD, 1, s -> {
                    int tag = askedFor(s, 8192);
                    return Wire.h2cData(2, tag, 0, 4096, true);
                }),
                new Row("C19", "LAST_PDU left out", INVALID_PDU_HEADER_FIELD, 1, s -> {
                    int tag = askedFor(s, 4096);
                    return Wire.h2cData(2, tag, 0, 4096, false);
                }));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void terminatesWithTheStatusOfTheTable(Row row) {
        for (int pieceBytes : new int[] {1, 7, 100, Integer.MAX_VALUE}) {
            ControllerSession session = new ControllerSession(OPTIONS);
            byte[] bad = row.bad().apply(session);
            session.output.take();
            assertThat(session.closeReason).isNull();
            session.feed(bad, pieceBytes);
            byte[] sent = session.output.take();
            TermReqPdu termReq = TermReqs.only(sent, PduType.C2H_TERM_REQ, bad);
            assertThat(FatalErrorStatus.ofCode(termReq.status())).isEqualTo(row.status());
            int information = row.status() == HEADER_DIGEST_ERROR ? TermReqs.digestOf(bad) : row.information();
            assertThat(termReq.information()).isEqualTo(information);
            assertThat(session.output.closing()).isTrue();
            assertThat(session.connection.closeReason().kind()).isEqualTo(CloseReason.Kind.PROTOCOL_ERROR);
            session.feed(flush(99));
            session.tick(1);
            assertThat(session.output.take()).isEmpty();
            boolean accepted = session.sender != null;
            assertThat(session.closedCount).isEqualTo(accepted ? 1 : 0);
            assertThat(session.loop.buffers().takenBytes()).isZero();
            session.close();
        }
    }

    @Test
    void everyRowOfTheDocumentIsTested() {
        assertThat(TermReqs.documentedRows('C')).containsExactlyInAnyOrderElementsOf(
                Stream.concat(rows().map(Row::id), Stream.of("C20")).distinct().toList());
    }

    /** Row C20. */
    @Test
    void obeysATerminateRequest() {
        for (int pieceBytes : new int[] {1, 1000}) {
            ControllerSession session = new ControllerSession(OPTIONS);
            session.feed(Wire.icReq());
            session.output.take();
            session.feed(Wire.termReq(PduType.H2C_TERM_REQ, DATA_TRANSFER_OUT_OF_RANGE, 17), pieceBytes);
            assertThat(session.closeReason.kind()).isEqualTo(CloseReason.Kind.TERMINATED_BY_PEER);
            assertThat(session.closeReason.message()).contains("Data Transfer Out of Range", "17");
            assertThat(session.output.take()).isEmpty();
            assertThat(session.output.closing()).isTrue();
        }
    }

    private static byte[] flush(int commandId) {
        return Wire.command(0, commandId, TRANSPORT, 0, 0, 0);
    }

    private static byte[] inCapsule(int commandId, int length) {
        return Wire.command(WRITE, commandId, IN_CAPSULE, 0, length, length);
    }

    private static byte[] ready(ControllerSession session, byte[] bad) {
        return after(session, Wire.icReq(), bad);
    }

    private static byte[] ready(ControllerSession session, byte[] bad, int offset, int value) {
        return ready(session, set8(bad, offset, value));
    }

    private static byte[] after(ControllerSession session, byte[]... pdus) {
        for (byte[] good : Arrays.copyOf(pdus, pdus.length - 1)) {
            session.feed(good);
        }
        return pdus[pdus.length - 1];
    }

    /** Command 2 has been asked for so many bytes under the tag returned. */
    private static int askedFor(ControllerSession session, int length) {
        session.feed(Wire.icReq());
        session.output.take();
        session.feed(Wire.command(WRITE, 2, TRANSPORT, 0, length, 0));
        return TermReqs.r2tIn(session.output.take()).transferTag();
    }
}
