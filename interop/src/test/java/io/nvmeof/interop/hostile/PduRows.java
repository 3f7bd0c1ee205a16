package io.nvmeof.interop.hostile;

import static io.nvmeof.interop.hostile.Expectation.HEADER_DIGEST_ERROR;
import static io.nvmeof.interop.hostile.Expectation.INVALID_HEADER_FIELD;
import static io.nvmeof.interop.hostile.Expectation.SEQUENCE_ERROR;
import static io.nvmeof.interop.hostile.Expectation.UNSUPPORTED_PARAMETER;
import static io.nvmeof.interop.hostile.Expectation.closes;
import static io.nvmeof.interop.hostile.Expectation.status;
import static io.nvmeof.interop.hostile.Expectation.terminates;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.interop.hostile.RawHost.Stage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** PDUs that are wrong by themselves, or come at the wrong time. */
final class PduRows {
    private static final int[] TYPES_NO_HOST_SENDS = {1, 3, 5, 7, 8, 9, 10, 0x40, 0xFF};
    private static final int BAD_DIGEST = 0x0BADF00D;
    private static final int SCRATCH = (int) TargetBench.SCRATCH_BLOCK;

    private PduRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        types(rows);
        initialize(rows);
        commandHeaders(rows);
        dataHeaders(rows);
        digestFlags(rows);
        digests(rows);
        termination(rows);
        return rows;
    }

    private static void types(List<Row> rows) {
        for (Stage stage : Stage.values()) {
            for (int type : TYPES_NO_HOST_SENDS) {
                rows.add(Row.of("P01", "a PDU type that no host sends, in every state", stage,
                        host -> host.send(identify(host).u8(0, type)), terminates(INVALID_HEADER_FIELD, 0))
                        .variant(stage + " type " + type));
            }
            if (stage != Stage.SOCKET) {
                rows.add(Row.of("P02", "ICReq again, in every state", stage, host -> host.send(Pdu.icReq(0)),
                        terminates(SEQUENCE_ERROR, 0)).variant(stage));
                rows.add(Row.of("P03", "H2CData that no R2T asked for, in every state", stage,
                        host -> host.send(data(1, 1)), terminates(INVALID_HEADER_FIELD, 10)).variant(stage));
            }
        }
        rows.add(Row.of("P04", "a command or data before ICReq", Stage.SOCKET,
                host -> host.send(identify(host)), terminates(SEQUENCE_ERROR, 0)).variant("CapsuleCmd"));
        rows.add(Row.of("P04", "a command or data before ICReq", Stage.SOCKET,
                host -> host.send(data(1, 1)), terminates(SEQUENCE_ERROR, 0)).variant("H2CData"));
        for (String text : List.of("GET / HTTP/1.1\r\nHost: x\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001",
                "SSH-2.0-OpenSSH_9.9\r\n")) {
            rows.add(Row.of("P05", "another protocol: HTTP, TLS, SSH", Stage.SOCKET,
                    host -> host.socket().send(text.getBytes(StandardCharsets.ISO_8859_1)),
                    terminates(INVALID_HEADER_FIELD, 0)).variant(text.substring(0, 3).strip()));
        }
        rows.add(Row.of("P06", "64 KiB of zeroes", Stage.SOCKET, host -> host.socket().sendAnyway(new byte[65536]),
                terminates(INVALID_HEADER_FIELD, 2)));
    }

    private static void initialize(List<Row> rows) {
        for (int length : new int[] {0, 127, 255}) {
            rows.add(Row.of("P10", "ICReq with another HLEN than 128", Stage.SOCKET,
                    host -> host.send(Pdu.icReq(0).u8(2, length)), terminates(INVALID_HEADER_FIELD, 2))
                    .variant(length));
        }
        for (long length : new long[] {0, 8, 127, 129, 0x7FFFFFFF, 0xFFFFFFFFL}) {
            rows.add(Row.of("P11", "ICReq with another PLEN than 128", Stage.SOCKET,
                    host -> host.send(Pdu.icReq(0).u32(4, length)), terminates(INVALID_HEADER_FIELD, 4))
                    .variant(length));
        }
        for (int version : new int[] {1, 0x100, 0xFFFF}) {
            rows.add(Row.of("P12", "ICReq with a PFV above 0", Stage.SOCKET,
                    host -> host.send(Pdu.icReq(0).u16(8, version)), terminates(UNSUPPORTED_PARAMETER, 8))
                    .variant(version));
        }
        for (int alignment : new int[] {32, 255}) {
            rows.add(Row.of("P13", "ICReq with an HPDA above 31", Stage.SOCKET,
                    host -> host.send(Pdu.icReq(0).u8(10, alignment)), terminates(INVALID_HEADER_FIELD, 10))
                    .variant(alignment));
        }
        rows.add(Row.of("P14", "ICReq with every reserved byte set, and with MAXR2T of 4294967295", Stage.SOCKET,
                host -> {
                    Pdu pdu = Pdu.icReq(0);
                    for (int i = 12; i < 128; i++) {
                        pdu.u8(i, 0xFF);
                    }
                    host.send(pdu);
                    assertThat(host.expect(Pdu.IC_RESP).bytes()).hasSize(128);
                }, Expectation.checked("ICResp: reserved bytes are ignored")));
    }

    private static void commandHeaders(List<Row> rows) {
        for (int length : new int[] {0, 24, 71, 73, 255}) {
            rows.add(Row.of("P20", "CapsuleCmd with another HLEN than 72", Stage.ENABLED,
                    host -> host.send(identify(host).u8(2, length)), terminates(INVALID_HEADER_FIELD, 2))
                    .variant(length));
        }
        for (long length : new long[] {0, 7, 71}) {
            rows.add(Row.of("P21", "CapsuleCmd shorter than its header", Stage.ENABLED,
                    host -> host.send(identify(host).u32(4, length)), terminates(INVALID_HEADER_FIELD, 4))
                    .variant(length));
        }
        for (long length : new long[] {72 + 8192 + 4, 1 << 20, 0x7FFFFFFF, 0x80000000L, 0xFFFFFFFFL}) {
            rows.add(Row.of("P22", "CapsuleCmd with more data than the capsule may carry", Stage.IO,
                    host -> host.send(identify(host).u8(3, 72).u32(4, length)), terminates(INVALID_HEADER_FIELD, 4))
                    .variant(length));
        }
        for (int offset : new int[] {0, 8, 68, 71, 73, 74, 75}) {
            rows.add(Row.of("P23", "PDO that points into the header, or is not aligned", Stage.IO,
                    host -> host.send(write(host).u8(3, offset)), terminates(INVALID_HEADER_FIELD, 3)).variant(offset));
        }
        rows.add(Row.of("P24", "PDO that points behind the PDU", Stage.IO,
                host -> host.send(write(host).u32(4, 200).u8(3, 252)), terminates(INVALID_HEADER_FIELD, 4)));
    }

    private static void dataHeaders(List<Row> rows) {
        for (int length : new int[] {0, 23, 25, 72}) {
            rows.add(dataRow("P30", "H2CData with another HLEN than 24", pdu -> pdu.u8(2, length), 2).variant(length));
        }
        for (long length : new long[] {0, 8, 23, 24}) {
            rows.add(dataRow("P31", "H2CData without data, or shorter than its header", pdu -> pdu.u32(4, length), 4)
                    .variant(length));
        }
        for (int offset : new int[] {0, 20, 25, 26, 27}) {
            rows.add(dataRow("P32", "H2CData whose PDO points into the header, or is not aligned",
                    pdu -> pdu.u8(3, offset), 3).variant(offset));
        }
        for (long length : new long[] {24 + 8192 + 4, 0x7FFFFFFF, 0xFFFFFFFFL}) {
            rows.add(Row.of("P33", "H2CData with more than MAXH2CDATA", Stage.IO, host -> {
                Answer r2t = host.beginWrite(1, SCRATCH, 32);
                host.socket().sendAnyway(data(1, r2t.tag()).u32(4, length).bytes);
            }, terminates(Expectation.LIMIT_EXCEEDED, 0)).variant(length));
        }
    }

    private interface Spoil {
        Pdu apply(Pdu pdu);
    }

    private static Row dataRow(String id, String input, Spoil spoil, int information) {
        return Row.of(id, input, Stage.IO, host -> {
            Answer r2t = host.beginWrite(1, SCRATCH, 1);
            host.send(spoil.apply(data(1, r2t.tag())));
        }, terminates(INVALID_HEADER_FIELD, information));
    }

    private static void digestFlags(List<Row> rows) {
        rows.add(Row.of("P40", "HDGSTF although header digests were not agreed", Stage.IO,
                host -> host.send(identify(host).u8(1, Pdu.HDGSTF)), terminates(INVALID_HEADER_FIELD, 1)));
        rows.add(Row.of("P41", "no HDGSTF although header digests were agreed", Stage.IO, Digests.HEADER,
                host -> host.send(Pdu.command(Sqe.identify(1, 1, 0), new byte[0], Digests.NONE)),
                terminates(INVALID_HEADER_FIELD, 1)));
        rows.add(Row.of("P42", "DDGSTF although data digests were not agreed", Stage.IO,
                host -> host.send(write(host).u8(1, Pdu.DDGSTF)), terminates(INVALID_HEADER_FIELD, 1)));
        rows.add(Row.of("P43", "no DDGSTF although data digests were agreed", Stage.IO, Digests.DATA,
                host -> host.send(write(host).xor(1, Pdu.DDGSTF)), terminates(INVALID_HEADER_FIELD, 1)));
        rows.add(Row.of("P44", "DDGSTF on a command without data, data digests agreed", Stage.IO, Digests.DATA,
                host -> host.send(Pdu.command(Sqe.read(1, 0, 1, 512), new byte[0], Digests.DATA).xor(1, Pdu.DDGSTF)),
                new Expectation("ignored: there is nothing to digest", status(0).checker())));
    }

    private static void digests(List<Row> rows) {
        Expectation digestError = new Expectation("C2HTermReq, FES 03h, FEI the digest received",
                terminates(HEADER_DIGEST_ERROR, BAD_DIGEST).checker());
        for (Digests digests : List.of(Digests.HEADER, Digests.BOTH)) {
            rows.add(Row.of("P50", "a wrong header digest", Stage.IO, digests,
                    host -> host.send(write(host).u32(72, BAD_DIGEST)), digestError).variant("CapsuleCmd " + digests));
            rows.add(Row.of("P50", "a wrong header digest", Stage.IO, digests, host -> {
                Answer r2t = host.beginWrite(1, SCRATCH, 1);
                host.send(Pdu.h2cData(1, r2t.tag(), 0, new byte[512], true, digests).u32(24, BAD_DIGEST));
            }, digestError).variant("H2CData " + digests));
        }
        for (Digests digests : List.of(Digests.DATA, Digests.BOTH)) {
            rows.add(Row.of("P51", "a wrong data digest of in-capsule data; nothing is written", Stage.IO, digests,
                    host -> {
                        byte[] before = host.read(host.socket(), SCRATCH, 1);
                        Pdu pdu = write(host);
                        host.send(pdu.xor(pdu.bytes.length - 1, 0x80));
                        assertThat(host.response(host.socket(), 1).status()).isEqualTo(0x022);
                        assertThat(host.read(host.socket(), SCRATCH, 1)).isEqualTo(before);
                        host.send(Pdu.command(Sqe.of(0x7D, 1), new byte[0], digests));
                    }, new Expectation("status 0/22h Transient Transport Error; the connection goes on",
                            status(0x001).checker())).variant(digests));
            rows.add(Row.of("P52", "a wrong data digest of one of two H2CData; nothing is written", Stage.IO, digests,
                    host -> {
                        byte[] before = host.read(host.socket(), SCRATCH, 2);
                        Answer r2t = host.beginWrite(1, SCRATCH, 2);
                        Pdu first = Pdu.h2cData(1, r2t.tag(), 0, Bytes.pattern(512, 3), false, digests);
                        host.send(first.xor(first.bytes.length - 3, 1));
                        host.send(Pdu.h2cData(1, r2t.tag(), 512, Bytes.pattern(512, 4), true, digests));
                        assertThat(host.response(host.socket(), 1).status()).isEqualTo(0x022);
                        assertThat(host.read(host.socket(), SCRATCH, 2)).isEqualTo(before);
                    }, Expectation.goesOn("status 0/22h Transient Transport Error; the connection goes on"))
                    .variant(digests));
            rows.add(Row.of("P53", "a wrong data digest of Connect's data; then the right one", Stage.INITIALIZED,
                    digests, host -> {
                        Pdu pdu = Pdu.command(Sqe.connect(1, 0, 31, 0),
                                Sqe.connectData(0xFFFF, TargetBench.NQN, RawHost.NQN), digests);
                        host.send(pdu.xor(pdu.bytes.length - 1, 0xFF));
                        assertThat(host.response(host.socket(), 1).status()).isEqualTo(0x022);
                        host.connectAdmin(0);
                    }, Expectation.goesOn("status 0/22h Transient Transport Error; then Successful Completion"))
                    .variant(digests));
        }
    }

    private static void termination(List<Row> rows) {
        for (Stage stage : Stage.values()) {
            rows.add(Row.of("P60", "H2CTermReq, in every state", stage,
                    host -> host.send(Pdu.termReq(Pdu.H2C_TERM, 1, 4)), closes("")).variant(stage));
        }
        rows.add(Row.of("P61", "H2CTermReq with an unknown FES and 128 bytes of a header", Stage.ENABLED, host -> {
            byte[] bytes = Bytes.concat(Pdu.termReq(Pdu.H2C_TERM, 0xFFFF, -1).bytes, new byte[128]);
            Bytes.of(bytes).putInt(4, bytes.length);
            host.socket().send(bytes);
        }, closes("")));
        for (long length : new long[] {0, 23, 153, 0xFFFFFFFFL}) {
            rows.add(Row.of("P62", "H2CTermReq that is shorter than its header, or longer than 152", Stage.ENABLED,
                    host -> host.send(Pdu.termReq(Pdu.H2C_TERM, 1, 0).u32(4, length)),
                    terminates(INVALID_HEADER_FIELD, 4)).variant(length));
        }
    }

    private static Pdu identify(RawHost host) {
        return Pdu.command(Sqe.identify(1, 1, 0), new byte[0], host.socket().digests());
    }

    private static Pdu write(RawHost host) {
        return Pdu.command(Sqe.writeInCapsule(1, SCRATCH, 1, RawHost.BLOCK), new byte[512], host.socket().digests());
    }

    private static Pdu data(int cid, int tag) {
        return Pdu.h2cData(cid, tag, 0, new byte[512], true, Digests.NONE);
    }
}
