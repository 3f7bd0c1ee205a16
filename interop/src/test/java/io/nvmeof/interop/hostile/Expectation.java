package io.nvmeof.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an attacker must get.
 *
 * @param text for the table
 * @param checker throws if it is not so
 */
record Expectation(String text, Row.Attack checker) {
    static final int INVALID_HEADER_FIELD = 1;
    static final int SEQUENCE_ERROR = 2;
    static final int HEADER_DIGEST_ERROR = 3;
    static final int OUT_OF_RANGE = 4;
    static final int LIMIT_EXCEEDED = 5;
    static final int UNSUPPORTED_PARAMETER = 6;

    private static final int CLOSE_MILLIS = 10_000;
    private static final Map<Integer, String> STATUS_NAMES = new LinkedHashMap<>();

    static {
        STATUS_NAMES.put(0x000, "Successful Completion");
        STATUS_NAMES.put(0x001, "Invalid Command Opcode");
        STATUS_NAMES.put(0x002, "Invalid Field in Command");
        STATUS_NAMES.put(0x007, "Command Abort Requested");
        STATUS_NAMES.put(0x00B, "Invalid Namespace or Format");
        STATUS_NAMES.put(0x00C, "Command Sequence Error");
        STATUS_NAMES.put(0x00A, "Command Aborted due to Missing Fused Command");
        STATUS_NAMES.put(0x183, "Command Size Limit Exceeded");
        STATUS_NAMES.put(0x00F, "Data SGL Length Invalid");
        STATUS_NAMES.put(0x011, "SGL Descriptor Type Invalid");
        STATUS_NAMES.put(0x016, "SGL Offset Invalid");
        STATUS_NAMES.put(0x022, "Transient Transport Error");
        STATUS_NAMES.put(0x080, "LBA Out of Range");
        STATUS_NAMES.put(0x105, "Asynchronous Event Request Limit Exceeded");
        STATUS_NAMES.put(0x109, "Invalid Log Page");
        STATUS_NAMES.put(0x180, "Connect Incompatible Format");
        STATUS_NAMES.put(0x182, "Connect Invalid Parameters");
        STATUS_NAMES.put(0x10D, "Feature Identifier Not Saveable");
        STATUS_NAMES.put(0x10E, "Feature Not Changeable");
    }

    void check(RawHost host) throws IOException {
        checker.run(host);
    }

    /** A terminate request with this status and information, then the end. */
    static Expectation terminates(int status, int information) {
        return new Expectation("C2HTermReq, FES %02Xh, FEI %d".formatted(status, information), host -> {
            Answer answer = termReq(host);
            assertThat(answer.fatalErrorStatus()).as(answer.describe()).isEqualTo(status);
            assertThat(answer.fatalErrorInformation()).as(answer.describe()).isEqualTo(information);
            ends(host);
        });
    }

    /** A terminate request whose information is the header digest that was sent, then the end. */
    static Expectation terminatesNamingTheDigest() {
        return new Expectation("C2HTermReq, FES 03h, FEI the digest received", host -> {
            Answer answer = termReq(host);
            assertThat(answer.fatalErrorStatus()).as(answer.describe()).isEqualTo(HEADER_DIGEST_ERROR);
            ends(host);
        });
    }

    private static Answer termReq(RawHost host) throws IOException {
        Answer answer = host.expect(Pdu.C2H_TERM);
        assertThat(Bytes.u8(answer.bytes(), 2)).as("HLEN").isEqualTo(24);
        assertThat(answer.offendingHeader().length).as("bytes of the header at fault").isBetween(8, 128);
        return answer;
    }

    private static void ends(RawHost host) throws IOException {
        host.socket().finish();
        assertThat(host.socket().closedByPeer(CLOSE_MILLIS)).as("closed by the target").isTrue();
    }

    /** The connection ends without a word. */
    static Expectation closes(String why) {
        return new Expectation("closed" + (why.isEmpty() ? "" : ", " + why), host -> {
            Answer answer = host.socket().read();
            assertThat(answer).as(() -> answer.describe() + " instead of the end").isNull();
        });
    }

    /** A response with this status to command 1; the connection goes on. */
    static Expectation status(int status) {
        return status(1, status);
    }

    /** A response with this status; the connection goes on. */
    static Expectation status(int cid, int status) {
        return new Expectation(statusText(status), host -> {
            Answer answer = host.response(host.socket(), cid);
            assertThat("%03x".formatted(answer.status())).as("status").isEqualTo("%03x".formatted(status));
            if (host.controllerId() != 0xFFFF) {
                host.proveAlive();
            }
        });
    }

    /** As {@link #status}, for Connect: the result names the parameter at fault. */
    static Expectation refuses(int status, boolean inData, int offset) {
        return new Expectation("%s; parameter: %s byte %d".formatted(statusText(status), inData ? "data" : "command",
                offset), host -> {
            Answer answer = host.response(host.socket(), 1);
            assertThat("%03x".formatted(answer.status())).as("status").isEqualTo("%03x".formatted(status));
            assertThat(answer.result() & 0xFFFF).as("IPO").isEqualTo(offset);
            assertThat(answer.result() >>> 16 & 1).as("IATTR").isEqualTo(inData ? 1 : 0);
        });
    }

    /** Whatever the attack itself has checked; the session still works. */
    static Expectation goesOn(String text) {
        return new Expectation(text, RawHost::proveAlive);
    }

    /** Whatever the attack itself has checked. */
    static Expectation checked(String text) {
        return new Expectation(text, host -> {});
    }

    private static String statusText(int status) {
        return "status %d/%02Xh %s".formatted(status >>> 8, status & 0xFF, STATUS_NAMES.get(status));
    }
}
