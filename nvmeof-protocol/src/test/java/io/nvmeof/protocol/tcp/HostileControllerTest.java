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
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a controller can do wrong, and the H2CTermReq it gets: the rows H.. of {@code docs/protocol-errors.md}. */
class HostileControllerTest {
    /**
     * @param digests what the host asks for, as in DGST
     * @param bad brings the connection to the point, and says the bytes that are wrong there
     */
    record Row(String id, String what, int digests, FatalErrorStatus status, int information,
            Function<HostSession, byte[]> bad) {
        Row(String id, String what, FatalErrorStatus status, int information, Function<HostSession, byte[]> bad) {
            this(id, what, 0, status, information, bad);
        }

        @Override
        public String toString() {
            return id + " " + what;
        }
    }

    private static final int LAST = PduHeader.LAST_PDU;
    private static final int SUCCESS = PduHeader.SUCCESS;
    private static final HostConnectionOptions OPTIONS = HostConnectionOptions.defaults().withOutputBytesMax(1);

    static Stream<Row> rows() {
        return Stream.of(framing(), initialize(), responses(), readData(), r2ts()).flatMap(List::stream);
    }

    private static List<Row> framing() {
        return List.of(
                new Row("H01", "a type that does not exist", INVALID_PDU_HEADER_FIELD, 0,
                        s -> ready(s, set8(Wire.response(1, 0), 0, 0x0B))),
                new Row("H01", "a type that hosts send", INVALID_PDU_HEADER_FIELD, 0,
                        s -> ready(s, Wire.command(0, 1, 0x5A, 0, 0, 0))),
                new Row("H02", "a response before ICResp", PDU_SEQUENCE_ERROR, 0, s -> Wire.response(0, 0)),
                new Row("H02", "a second ICResp", PDU_SEQUENCE_ERROR, 0, s -> ready(s, Wire.icResp())),
                new Row("H03", "HLEN", INVALID_PDU_HEADER_FIELD, 2, s -> ready(s, set8(Wire.response(1, 0), 2, 28))),
                new Row("H04", "no header digest though agreed", 1, INVALID_PDU_HEADER_FIELD, 1, s -> {
                    s.feed(Wire.icResp(0, 1, 8192));
                    s.flush(1);
                    return Wire.response(1, 0);
                }),
                new Row("H05", "PLEN of a response", INVALID_PDU_HEADER_FIELD, 4,
                        s -> ready(s, set32(Wire.response(1, 0), 4, 25))),
                new Row("H05", "PLEN below HLEN", INVALID_PDU_HEADER_FIELD, 4,
                        s -> ready(s, set32(Wire.r2t(1, 0, 0, 4), 4, 8))),
                new Row("H05", "C2HData without data", INVALID_PDU_HEADER_FIELD, 4, s -> reading(s, 0, 0, LAST)),
                new Row("H06", "PDO not aligned", INVALID_PDU_HEADER_FIELD, 3,
                        s -> set8(reading(s, 0, 16, LAST), 3, 27)),
                new Row("H07", "no data digest though agreed", 2, INVALID_PDU_HEADER_FIELD, 1, s -> {
                    s.feed(Wire.icResp(0, 2, 8192));
                    s.read(1, 0, 16);
                    return Wire.c2hData(1, 0, 16, LAST);
                }),
                new Row("H08", "a wrong header digest", 1, HEADER_DIGEST_ERROR, 0, s -> {
                    s.feed(Wire.icResp(0, 1, 8192));
                    s.flush(1);
                    return Wire.withHeaderDigest(Wire.response(1, 0), 1);
                }));
    }

    private static List<Row> initialize() {
        return List.of(
                new Row("H09", "PFV", UNSUPPORTED_PARAMETER, 8, s -> set16(Wire.icResp(), 8, 256)),
                new Row("H10", "CPDA", INVALID_PDU_HEADER_FIELD, 10, s -> Wire.icResp(32, 0, 8192)),
                new Row("H11", "a digest not asked for", UNSUPPORTED_PARAMETER, 11, s -> Wire.icResp(0, 2, 8192)),
                new Row("H11", "a digest refused", 1, UNSUPPORTED_PARAMETER, 11, s -> Wire.icResp(0, 0, 8192)),
                new Row("H12", "MAXH2CDATA too small", INVALID_PDU_HEADER_FIELD, 12, s -> Wire.icResp(0, 0, 4092)),
                new Row("H12", "MAXH2CDATA not a multiple of 4", INVALID_PDU_HEADER_FIELD, 12,
                        s -> Wire.icResp(0, 0, 8194)));
    }

    private static List<Row> responses() {
        return List.of(
                new Row("H13", "a response to nothing", INVALID_PDU_HEADER_FIELD, 20,
                        s -> ready(s, Wire.response(3, 0))),
                new Row("H13", "a response to no identifier of ours", INVALID_PDU_HEADER_FIELD, 20,
                        s -> ready(s, Wire.response(0xFFFF, 0))),
                new Row("H13", "a second response", INVALID_PDU_HEADER_FIELD, 20, s -> {
                    ready(s, null);
                    s.flush(2);
                    s.feed(Wire.response(2, 0));
                    return Wire.response(2, 0);
                }));
    }

    private static List<Row> readData() {
        return List.of(
                new Row("H14", "data for no command", INVALID_PDU_HEADER_FIELD, 8,
                        s -> ready(s, Wire.c2hData(5, 0, 16, LAST))),
                new Row("H14", "data for a write", INVALID_PDU_HEADER_FIELD, 8, s -> {
                    ready(s, null);
                    s.write(1, 16);
                    return Wire.c2hData(1, 0, 16, LAST);
                }),
                new Row("H14", "data after the response", INVALID_PDU_HEADER_FIELD, 8, s -> {
                    s.feed(reading(s, 0, 16, LAST));
                    s.feed(Wire.response(1, 0));
                    return Wire.c2hData(1, 0, 16, LAST);
                }),
                new Row("H14", "data after SUCCESS", INVALID_PDU_HEADER_FIELD, 8, s -> {
                    s.feed(reading(s, 0, 64, LAST | SUCCESS));
                    return Wire.c2hData(1, 0, 64, LAST | SUCCESS);
                }),
                new Row("H15", "DATAL that disagrees with PLEN", INVALID_PDU_HEADER_FIELD, 16,
                        s -> set32(reading(s, 0, 16, LAST), 16, 20)),
                new Row("H16", "data after LAST_PDU", PDU_SEQUENCE_ERROR, 0, s -> {
                    s.feed(reading(s, 0, 16, LAST));
                    return Wire.c2hData(1, 16, 16, LAST);
                }),
                new Row("H17", "a gap", DATA_TRANSFER_OUT_OF_RANGE, 0, s -> reading(s, 16, 16, LAST)),
                new Row("H17", "an overlap", DATA_TRANSFER_OUT_OF_RANGE, 0, s -> {
                    s.feed(reading(s, 0, 16, 0));
                    return Wire.c2hData(1, 12, 16, LAST);
                }),
                new Row("H17", "more than was asked for", DATA_TRANSFER_OUT_OF_RANGE, 0,
                        s -> reading(s, 0, 68, LAST)),
                new Row("H18", "SUCCESS without LAST_PDU", INVALID_PDU_HEADER_FIELD, 1,
                        s -> reading(s, 0, 16, SUCCESS)));
    }

    private static List<Row> r2ts() {
        return List.of(
                new Row("H19", "for no command", INVALID_PDU_HEADER_FIELD, 8, s -> ready(s, Wire.r2t(5, 1, 0, 16))),
                new Row("H19", "for a read", INVALID_PDU_HEADER_FIELD, 8, s -> {
                    reading(s, 0, 16, 0);
                    return Wire.r2t(1, 1, 0, 16);
                }),
                new Row("H20", "for nothing", INVALID_PDU_HEADER_FIELD, 16, s -> writing(s, Wire.r2t(1, 1, 0, 0))),
                new Row("H21", "beyond the command's data", DATA_TRANSFER_OUT_OF_RANGE, 0,
                        s -> writing(s, Wire.r2t(1, 1, 0, 20_001))),
                new Row("H21", "a sum that wraps", DATA_TRANSFER_OUT_OF_RANGE, 0,
                        s -> writing(s, Wire.r2t(1, 1, 0, -1))),
                new Row("H21", "for data already sent", DATA_TRANSFER_OUT_OF_RANGE, 0, s -> {
                    s.feed(writing(s, Wire.r2t(1, 1, 0, 8000)));
                    return Wire.r2t(1, 1, 0, 8000);
                }),
                new Row("H21", "for data in the capsule", DATA_TRANSFER_OUT_OF_RANGE, 0, s -> {
                    ready(s, null);
                    s.write(1, 512);
                    return Wire.r2t(1, 1, 0, 512);
                }),
                new Row("H22", "that leaves a gap", INVALID_PDU_HEADER_FIELD, 12,
                        s -> writing(s, Wire.r2t(1, 1, 4096, 4096))),
                new Row("H23", "before the last was answered", LIMIT_EXCEEDED, 0, s -> {
                    writing(s, null);
                    // The output is full, so that the answer waits.
                    s.flush(2);
                    s.feed(Wire.r2t(1, 1, 0, 4096));
                    return Wire.r2t(1, 2, 4096, 4096);
                }));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void terminatesWithTheStatusOfTheTable(Row row) {
        for (int pieceBytes : new int[] {1, 7, 100, Integer.MAX_VALUE}) {
            HostSession session = new HostSession((row.digests() & 1) != 0, (row.digests() & 2) != 0, OPTIONS);
            byte[] bad = row.bad().apply(session);
            session.output.take();
            assertThat(session.closeReason).isNull();
            byte[] before = session.memory.toArray(ValueLayout.JAVA_BYTE);
            int responses = session.events.size();
            session.feed(bad, pieceBytes);
            TermReqPdu termReq = TermReqs.only(session.output.take(), PduType.H2C_TERM_REQ, bad);
            assertThat(FatalErrorStatus.ofCode(termReq.status())).isEqualTo(row.status());
            int information = row.status() == HEADER_DIGEST_ERROR ? TermReqs.digestOf(bad) : row.information();
            assertThat(termReq.information()).isEqualTo(information);
            assertThat(session.output.closing()).isTrue();
            assertThat(session.closeReason.kind()).isEqualTo(CloseReason.Kind.PROTOCOL_ERROR);
            assertThat(session.closedCount).isEqualTo(1);
            session.feed(Wire.response(0, 0));
            session.tick(1);
            assertThat(session.output.take()).isEmpty();
            assertThat(session.events).hasSize(responses);
            assertThat(session.memory.toArray(ValueLayout.JAVA_BYTE)).isEqualTo(before);
        }
    }

    @Test
    void everyRowOfTheDocumentIsTested() {
        assertThat(TermReqs.documentedRows('H')).containsExactlyInAnyOrderElementsOf(
                Stream.concat(rows().map(Row::id), Stream.of("H24")).distinct().toList());
    }

    /** Row H24. */
    @Test
    void obeysATerminateRequest() {
        HostSession session = new HostSession(false, false, OPTIONS);
        session.output.take();
        session.feed(Wire.termReq(PduType.C2H_TERM_REQ, UNSUPPORTED_PARAMETER, 8), 1);
        assertThat(session.closeReason.kind()).isEqualTo(CloseReason.Kind.TERMINATED_BY_PEER);
        assertThat(session.closeReason.message()).contains("Unsupported Parameter", "8");
        assertThat(session.output.take()).isEmpty();
    }

    private static byte[] ready(HostSession session, byte[] bad) {
        session.feed(Wire.icResp());
        session.output.take();
        return bad;
    }

    /** Command 1 is a read of 64 bytes; the data that comes for it. */
    private static byte[] reading(HostSession session, int offset, int length, int flags) {
        ready(session, null);
        session.read(1, 0, 64);
        session.output.take();
        return Wire.c2hData(1, offset, length, flags);
    }

    /** Command 1 is a write of 20,000 bytes. */
    private static byte[] writing(HostSession session, byte[] next) {
        ready(session, null);
        session.write(1, 20_000);
        session.output.take();
        return next;
    }
}
