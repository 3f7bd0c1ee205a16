package io.nvmeof.interop.hostile;

import static io.nvmeof.interop.hostile.Expectation.goesOn;
import static io.nvmeof.interop.hostile.Expectation.refuses;
import static io.nvmeof.interop.hostile.Expectation.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.interop.hostile.RawHost.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Connect with everything wrong with it, and properties. */
final class FabricsRows {
    private static final String DISCOVERY = "nqn.2014-08.org.nvmexpress.discovery";
    private static final int INVALID_PARAMETERS = 0x182;
    private static final int SEQUENCE_ERROR = 0x00C;
    private static final int HOSTID = 0;
    private static final int CNTLID = 16;
    private static final int SUBNQN = 256;
    private static final int HOSTNQN = 512;

    private FabricsRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        beforeConnect(rows);
        adminConnect(rows);
        names(rows);
        ioConnect(rows);
        properties(rows);
        return rows;
    }

    private static void beforeConnect(List<Row> rows) {
        Map<String, Sqe> commands = new LinkedHashMap<>();
        commands.put("Read", Sqe.read(1, 0, 1, 512));
        commands.put("Identify", Sqe.identify(1, 1, 0));
        commands.put("Property Get", Sqe.propertyGet(1, RawHost.CSTS, false));
        commands.put("Property Set", Sqe.propertySet(1, RawHost.CC, false, RawHost.CC_ENABLE));
        commands.put("Disconnect", Sqe.fabrics(8, 1));
        commands.put("opcode FFh", Sqe.of(0xFF, 1));
        commands.forEach((name, sqe) -> rows.add(Row.of("F01", "any command before Connect", Stage.INITIALIZED,
                host -> host.send(sqe), status(SEQUENCE_ERROR)).variant(name)));
        rows.add(Row.of("F02", "a write with data in its capsule before Connect", Stage.INITIALIZED,
                host -> host.send(Sqe.writeInCapsule(1, 0, 16, 512), new byte[8192]), status(SEQUENCE_ERROR)));
        commands.remove("Property Get");
        commands.remove("Property Set");
        commands.remove("Disconnect");
        commands.remove("Read");
        commands.remove("opcode FFh");
        commands.put("AER", Sqe.of(0x0C, 1));
        commands.put("Keep Alive", Sqe.of(0x18, 1));
        commands.put("Set Features", Sqe.setFeatures(1, 7, 0));
        commands.forEach((name, sqe) -> rows.add(Row.of("F03", "an admin command before CC.EN", Stage.ADMIN,
                host -> host.send(sqe), status(SEQUENCE_ERROR)).variant(name)));
    }

    private static Row connect(String id, String input, Stage stage, Sqe sqe, byte[] data, Expectation answer) {
        return Row.of(id, input, stage, host -> host.send(sqe, data), answer);
    }

    private static byte[] data(int cntlid) {
        return Sqe.connectData(cntlid, TargetBench.NQN, RawHost.NQN);
    }

    private static Sqe adminCommand() {
        return Sqe.connect(1, 0, 31, 0);
    }

    private static void adminConnect(List<Row> rows) {
        rows.add(connect("F10", "Connect with a record format above 0", Stage.INITIALIZED, adminCommand().u16(40, 1),
                data(0xFFFF), refuses(0x180, false, 40)));
        rows.add(connect("F11", "Connect with SQSIZE 0", Stage.INITIALIZED, adminCommand().u16(44, 0), data(0xFFFF),
                refuses(INVALID_PARAMETERS, false, 44)));
        for (int size : new int[] {TargetBench.QUEUE_SIZE_MAX, 0xFFFF}) {
            rows.add(connect("F12", "Connect of an admin queue with more entries than CAP.MQES", Stage.INITIALIZED,
                    adminCommand().u16(44, size), data(0xFFFF), refuses(INVALID_PARAMETERS, false, 44)).variant(size));
        }
        for (int length : new int[] {0, 1, 1023}) {
            rows.add(connect("F13", "Connect with less than 1024 bytes", Stage.INITIALIZED,
                    adminCommand().sgl(Sqe.IN_CAPSULE, 0, length), data(0xFFFF), status(0x00F)).variant(length));
        }
        rows.add(connect("F14", "Connect without data", Stage.INITIALIZED, adminCommand(), new byte[0], status(0x00F)));
        for (int id : new int[] {0, 1, 0xFFFE}) {
            rows.add(connect("F15", "Connect of an admin queue that names a controller", Stage.INITIALIZED,
                    adminCommand(), data(id), refuses(INVALID_PARAMETERS, true, CNTLID)).variant(id));
        }
        byte[] noHostId = data(0xFFFF);
        java.util.Arrays.fill(noHostId, 0, 16, (byte) 0);
        rows.add(connect("F16", "Connect with a host identifier of zeroes", Stage.INITIALIZED, adminCommand(), noHostId,
                refuses(INVALID_PARAMETERS, true, HOSTID)));
        rows.add(connect("F17", "Connect to a subsystem that is not there", Stage.INITIALIZED, adminCommand(),
                Sqe.connectData(0xFFFF, "nqn.2026-01.io.nvmeof:other", RawHost.NQN),
                refuses(INVALID_PARAMETERS, true, SUBNQN)));
        rows.add(Row.of("F18", "Connect twice on one connection", Stage.ENABLED,
                host -> host.send(adminCommand(), data(0xFFFF)), status(SEQUENCE_ERROR)).variant("admin queue"));
        rows.add(Row.of("F18", "Connect twice on one connection", Stage.IO, host -> host.send(
                Sqe.connect(1, 1, 7, 0), data(host.controllerId())), status(SEQUENCE_ERROR)).variant("I/O queue"));
        rows.add(Row.of("F19", "Connect refused 100 times, then right", Stage.INITIALIZED, host -> {
            for (int i = 0; i < 100; i++) {
                assertThat(host.connect(host.socket(), adminCommand(), data(0)).status()).isEqualTo(0x182);
            }
            host.connectAdmin(0);
        }, goesOn("Connect Invalid Parameters, then Successful Completion")));
    }

    private static void names(List<Row> rows) {
        Map<String, byte[]> names = new LinkedHashMap<>();
        names.put("empty", new byte[256]);
        names.put("not terminated", "n".repeat(256).getBytes(StandardCharsets.US_ASCII));
        names.put("224 bytes", text("nqn.2026-01.io.nvmeof:" + "n".repeat(202)));
        names.put("control characters", text("nqn.2026-01.io.nvmeof:a\r\nb"));
        names.put("escape sequence", text("nqn.2026-01.io.nvmeof:\u001b[2J"));
        names.put("no UTF-8", new byte[] {'n', 'q', 'n', (byte) 0xC3, (byte) 0x28, 0});
        names.forEach((name, bytes) -> {
            rows.add(connect("F20", "SUBNQN empty, too long, not terminated, with control characters or no UTF-8",
                    Stage.INITIALIZED, adminCommand(), withName(SUBNQN, bytes),
                    refuses(INVALID_PARAMETERS, true, SUBNQN)).variant(name));
            rows.add(connect("F21", "HOSTNQN empty, too long, not terminated, with control characters or no UTF-8",
                    Stage.INITIALIZED, adminCommand(), withName(HOSTNQN, bytes),
                    refuses(INVALID_PARAMETERS, true, HOSTNQN)).variant(name));
        });
    }

    private static byte[] text(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] withName(int offset, byte[] name) {
        byte[] data = data(0xFFFF);
        java.util.Arrays.fill(data, offset, offset + 256, (byte) 0);
        System.arraycopy(name, 0, data, offset, name.length);
        return data;
    }

    /** Another connection of a session, on which an I/O queue is tried. */
    private interface Try {
        Answer send(RawHost host, RawSocket socket) throws IOException;
    }

    private static Row tryIo(String id, String input, Stage stage, int status, boolean inData, int offset,
            Try attempt) {
        Expectation refused = refuses(status, inData, offset);
        return Row.of(id, input, stage, host -> {
            try (RawSocket socket = RawHost.socket(host.port())) {
                host.initialize(socket);
                Answer answer = attempt.send(host, socket);
                assertThat("%03x".formatted(answer.status())).isEqualTo("%03x".formatted(status));
                assertThat(answer.result()).as("IPO and IATTR").isEqualTo(offset | (inData ? 1L << 16 : 0));
            }
        }, goesOn(refused.text()));
    }

    private static void ioConnect(List<Row> rows) {
        for (int id : new int[] {0, 1234, 0xFFEF, 0xFFF0}) {
            rows.add(tryIo("F30", "Connect of an I/O queue to a controller that is not there", Stage.ENABLED,
                    INVALID_PARAMETERS, true, CNTLID, (host, socket) -> host.connect(socket, Sqe.connect(1, 1, 7, 0),
                            data(id == host.controllerId() ? id + 1 : id))).variant(id));
        }
        for (int id : new int[] {0xFFFE, 0xFFFF}) {
            rows.add(tryIo("F31", "Connect of an I/O queue that names no controller", Stage.ENABLED,
                    INVALID_PARAMETERS, true, CNTLID,
                    (host, socket) -> host.connect(socket, Sqe.connect(1, 1, 7, 0), data(id))).variant(id));
        }
        rows.add(tryIo("F32", "Connect of an I/O queue by another host", Stage.ENABLED, INVALID_PARAMETERS, true,
                HOSTNQN, (host, socket) -> host.connect(socket, Sqe.connect(1, 1, 7, 0), Sqe.connectData(
                        host.controllerId(), TargetBench.NQN, "nqn.2026-01.io.nvmeof:thief"))));
        rows.add(tryIo("F33", "Connect of an I/O queue with another host identifier", Stage.ENABLED, INVALID_PARAMETERS,
                true, HOSTID, (host, socket) -> {
                    byte[] data = data(host.controllerId());
                    data[7] ^= 0x55;
                    return host.connect(socket, Sqe.connect(1, 1, 7, 0), data);
                }));
        for (int queueId : new int[] {TargetBench.IO_QUEUE_COUNT_MAX + 1, 1000, 0xFFFF}) {
            rows.add(tryIo("F34", "Connect of an I/O queue beyond those there are", Stage.ENABLED, INVALID_PARAMETERS,
                    false, 42, (host, socket) -> host.connect(socket, Sqe.connect(1, queueId, 7, 0),
                            data(host.controllerId()))).variant(queueId));
        }
        rows.add(tryIo("F35", "Connect of an I/O queue that exists", Stage.IO, SEQUENCE_ERROR, false, 42,
                (host, socket) -> host.connect(socket, Sqe.connect(1, 1, 7, 0), data(host.controllerId()))));
        rows.add(tryIo("F36", "Connect of an I/O queue before CC.EN", Stage.ADMIN, SEQUENCE_ERROR, false, 42,
                (host, socket) -> host.connect(socket, Sqe.connect(1, 1, 7, 0), data(host.controllerId()))));
        rows.add(tryIo("F37", "Connect of an I/O queue with SQSIZE above the limit", Stage.ENABLED, INVALID_PARAMETERS,
                false, 44, (host, socket) -> host.connect(socket, Sqe.connect(1, 1, 0xFFFF, 0),
                        data(host.controllerId()))));
        rows.add(Row.of("F38", "Connect of an I/O queue to a discovery controller", Stage.SOCKET, host -> {
            host.initialize(host.socket());
            Answer admin = host.connect(host.socket(), adminCommand(),
                    Sqe.connectData(0xFFFF, DISCOVERY, RawHost.NQN));
            assertThat(admin.status()).isZero();
            host.enable();
            try (RawSocket socket = RawHost.socket(host.port())) {
                host.initialize(socket);
                assertThat(host.connect(socket, Sqe.connect(1, 1, 7, 0),
                        Sqe.connectData((int) admin.result() & 0xFFFF, DISCOVERY, RawHost.NQN)).status())
                        .isEqualTo(0x182);
            }
        }, goesOn("status 1/82h Connect Invalid Parameters")));
    }

    private static void properties(List<Row> rows) {
        for (int offset : new int[] {4, 0x15, 0x10, 0x24, 0x1000, 0xFFFFFFFF}) {
            rows.add(Row.of("F40", "Property Get of a property that is not there", Stage.ENABLED,
                    host -> host.send(Sqe.propertyGet(1, offset, false)), status(0x002)).variant(offset));
        }
        rows.add(Row.of("F41", "Property Get and Set with the wrong size", Stage.ENABLED,
                host -> host.send(Sqe.propertyGet(1, RawHost.CSTS, true)), status(0x002)).variant("CSTS, 8 bytes"));
        rows.add(Row.of("F41", "Property Get and Set with the wrong size", Stage.ENABLED,
                host -> host.send(Sqe.propertyGet(1, 0, false)), status(0x002)).variant("CAP, 4 bytes"));
        rows.add(Row.of("F41", "Property Get and Set with the wrong size", Stage.ENABLED,
                host -> host.send(Sqe.propertySet(1, RawHost.CC, true, 0)), status(0x002)).variant("CC, 8 bytes"));
        for (int offset : new int[] {0, 8, 0x1C, 0x24, 0x1000}) {
            rows.add(Row.of("F42", "Property Set of what cannot be set", Stage.ENABLED,
                    host -> host.send(Sqe.propertySet(1, offset, offset == 0, 0xFFFFFFFFL)), status(0x002))
                    .variant(offset));
        }
        for (long cc : new long[] {1, 0x461, 0x460011, 0x460801, 0x460081, 0xFFFFFFFFL, 0x450001, 0x560001}) {
            rows.add(Row.of("F43", "CC.EN with sizes, command sets or arbitration that are not offered", Stage.ADMIN,
                    host -> {
                        host.succeed(host.socket(), Sqe.propertySet(1, RawHost.CC, false, cc));
                        Answer status = host.succeed(host.socket(), Sqe.propertyGet(2, RawHost.CSTS, false));
                        assertThat(status.result() & 1).as("CSTS.RDY").isZero();
                        host.send(Sqe.identify(3, 1, 0));
                        assertThat(host.response(host.socket(), 3).status()).isEqualTo(SEQUENCE_ERROR);
                    }, goesOn("CSTS.CFS, never ready; commands get Command Sequence Error")).variant(cc));
        }
        rows.add(Row.of("F44", "200 controller resets at once", Stage.IO, host -> {
            for (int i = 0; i < 200; i++) {
                host.succeed(host.admin(), Sqe.propertySet(i, RawHost.CC, false, i % 2 == 0 ? 0 : RawHost.CC_ENABLE));
            }
        }, new Expectation("the I/O queues end; the admin queue goes on", host -> {
            assertThat(host.socket().closedByPeer(5000)).isTrue();
            host.succeed(host.admin(), Sqe.propertyGet(1, RawHost.CSTS, false));
        })));
        for (long shutdown : new long[] {0x460001 | 1 << 14, 0x460001 | 2 << 14, 0x460001 | 3 << 14, 1 << 14}) {
            rows.add(Row.of("F45", "shutdown, again, and undone", Stage.IO, host -> {
                for (int i = 0; i < 20; i++) {
                    host.succeed(host.admin(), Sqe.propertySet(1, RawHost.CC, false, shutdown));
                    host.succeed(host.admin(), Sqe.propertySet(1, RawHost.CC, false, RawHost.CC_ENABLE));
                }
            }, new Expectation("Successful Completion; the admin queue goes on",
                    host -> host.succeed(host.admin(), Sqe.propertyGet(1, RawHost.CSTS, false)))).variant(shutdown));
        }
        for (int type : new int[] {2, 5, 6, 0x7F, 0xFF}) {
            rows.add(Row.of("F46", "a Fabrics command type that is not there", Stage.ENABLED,
                    host -> host.send(Sqe.fabrics(type, 1)), status(0x001))
                    .variant(type));
        }
    }
}
