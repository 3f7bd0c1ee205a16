package io.nvmeof.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A host on plain sockets. It behaves up to a {@link Stage}, then does whatever it is told. Command identifiers from
 * {@link #FIRST_CID} on are its own; rows use lower ones.
 */
final class RawHost implements AutoCloseable {
    /** How far a session has come, legally. */
    enum Stage {
        /** Connected; nothing sent. */
        SOCKET,
        /** ICReq and ICResp exchanged. */
        INITIALIZED,
        /** The admin queue is connected, the controller not enabled. */
        ADMIN,
        /** CC.EN is 1 and CSTS.RDY is 1. */
        ENABLED,
        /** There is an I/O queue too, which the row attacks; the admin queue stays as a witness. */
        IO
    }

    static final String NQN = "nqn.2026-01.io.nvmeof:hostile-host";
    static final int FIRST_CID = 0x4000;
    static final int BLOCK = 512;
    static final int QUEUE_ENTRIES = 8;
    private static final int NARROW_BYTES = 4096;
    static final int ADMIN_ENTRIES = 32;
    static final int CC = 0x14;
    static final int CSTS = 0x1C;
    static final long CC_ENABLE = 0x460001;

    private final int port;
    private final Digests digests;
    private final RawSocket admin;
    private RawSocket io;
    private RawSocket newest;
    private int controllerId = 0xFFFF;
    private int nextCid = FIRST_CID;
    private int answerMillis = RawSocket.ANSWER_MILLIS;

    private final UnaryOperator<Pdu> spoiler;

    private RawHost(int port, Digests digests, UnaryOperator<Pdu> spoiler) throws IOException {
        this.port = port;
        this.digests = digests;
        this.spoiler = spoiler;
        this.admin = socket(port).spoilWith(spoiler);
    }

    static RawHost open(int port, Stage stage, Digests digests) throws IOException {
        RawHost host = unopened(port, digests, UnaryOperator.identity());
        boolean done = false;
        try {
            host.advance(stage);
            done = true;
        } finally {
            if (!done) {
                host.close();
            }
        }
        return host;
    }

    /** A host that has connected and no more; its PDUs are changed on their way out. */
    static RawHost unopened(int port, Digests digests, UnaryOperator<Pdu> spoiler) throws IOException {
        return new RawHost(port, digests, spoiler);
    }

    static RawSocket socket(int port) throws IOException {
        return new RawSocket(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** A socket for which the system takes little: what is not read soon stops the sender, as it grows no further. */
    private static RawSocket narrowSocket(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(NARROW_BYTES);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new RawSocket(socket);
    }

    void advance(Stage stage) throws IOException {
        if (stage.ordinal() >= Stage.INITIALIZED.ordinal()) {
            initialize(admin);
        }
        if (stage.ordinal() >= Stage.ADMIN.ordinal()) {
            connectAdmin(0);
        }
        if (stage.ordinal() >= Stage.ENABLED.ordinal()) {
            enable();
        }
        if (stage == Stage.IO) {
            connectIo();
        }
    }

    /** The socket that the row is about. */
    RawSocket socket() {
        return io != null ? io : admin;
    }

    RawSocket admin() {
        return admin;
    }

    Digests digests() {
        return digests;
    }

    int controllerId() {
        return controllerId;
    }

    int port() {
        return port;
    }

    int newCid() {
        return nextCid++;
    }

    /** How long answers are waited for from now on. */
    void waitFor(int millis) {
        answerMillis = millis;
        try {
            admin.waitFor(millis);
            if (newest != null) {
                newest.waitFor(millis);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // ---- What every legal session does

    void initialize(RawSocket socket) throws IOException {
        socket.send(Pdu.icReq(digests.bits()));
        Answer answer = expect(socket, Pdu.IC_RESP);
        assertThat(Bytes.u8(answer.bytes(), 11)).as("digests").isEqualTo(digests.bits());
        socket.agree(digests);
    }

    void connectAdmin(long keepAliveMillis) throws IOException {
        Answer answer = connect(admin, Sqe.connect(newCid(), 0, ADMIN_ENTRIES - 1, keepAliveMillis),
                Sqe.connectData(0xFFFF, TargetBench.NQN, NQN));
        assertThat(answer.status()).as("status of the admin Connect").isZero();
        controllerId = (int) answer.result() & 0xFFFF;
    }

    Answer connect(RawSocket socket, Sqe sqe, byte[] data) throws IOException {
        socket.send(Pdu.command(sqe, data, socket.digests()));
        return expect(socket, Pdu.RESPONSE);
    }

    void enable() throws IOException {
        succeed(admin, Sqe.propertySet(newCid(), CC, false, CC_ENABLE));
        Answer answer = succeed(admin, Sqe.propertyGet(newCid(), CSTS, false));
        assertThat(answer.result() & 1).as("CSTS.RDY").isOne();
    }

    void connectIo() throws IOException {
        io = newIoSocket(1, QUEUE_ENTRIES);
    }

    /** Another connection of this controller, as an I/O queue. */
    RawSocket newIoSocket(int queueId, int entries) throws IOException {
        return newIoSocket(socket(port), queueId, entries);
    }

    /** As {@link #newIoSocket}, with a small receive buffer. */
    RawSocket newNarrowIoSocket(int queueId, int entries) throws IOException {
        return newIoSocket(narrowSocket(port), queueId, entries);
    }

    private RawSocket newIoSocket(RawSocket plain, int queueId, int entries) throws IOException {
        RawSocket socket = plain.spoilWith(spoiler);
        boolean done = false;
        try {
            newest = socket;
            socket.waitFor(answerMillis);
            initialize(socket);
            Answer answer = connect(socket, Sqe.connect(newCid(), queueId, entries - 1, 0),
                    Sqe.connectData(controllerId, TargetBench.NQN, NQN));
            assertThat(answer.status()).as("status of the I/O Connect").isZero();
            done = true;
            return socket;
        } finally {
            if (!done) {
                socket.close();
            }
        }
    }

    // ---- Commands

    void send(Sqe sqe, byte[] data) throws IOException {
        socket().send(Pdu.command(sqe, data, socket().digests()));
    }

    void send(Sqe sqe) throws IOException {
        send(sqe, new byte[0]);
    }

    void send(Pdu pdu) throws IOException {
        socket().send(pdu);
    }

    Answer succeed(RawSocket socket, Sqe sqe) throws IOException {
        socket.send(Pdu.command(sqe, new byte[0], socket.digests()));
        Answer answer = expect(socket, Pdu.RESPONSE);
        assertThat(answer.cid()).as("command identifier").isEqualTo(sqe.cid());
        assertThat(answer.status()).as("status of opcode %02x", sqe.bytes[0]).isZero();
        return answer;
    }

    Answer expect(RawSocket socket, int type) throws IOException {
        Answer answer = socket.read();
        assertThat(answer).as("a PDU of type %d, not the end of the stream", type).isNotNull();
        assertThat(answer.type()).as(answer.describe()).isEqualTo(type);
        return answer;
    }

    Answer expect(int type) throws IOException {
        return expect(socket(), type);
    }

    /** The response to a command, which must be the next PDU but for its data. */
    Answer response(RawSocket socket, int cid) throws IOException {
        while (true) {
            Answer answer = socket.read();
            assertThat(answer).as("response to command %d, not the end of the stream", cid).isNotNull();
            if (!answer.is(Pdu.C2H_DATA)) {
                assertThat(answer.type()).as(answer.describe()).isEqualTo(Pdu.RESPONSE);
                assertThat(answer.cid()).as(answer.describe()).isEqualTo(cid);
                return answer;
            }
        }
    }

    byte[] read(RawSocket socket, long block, int count) throws IOException {
        int cid = newCid();
        socket.send(Pdu.command(Sqe.read(cid, block, count, BLOCK), new byte[0], socket.digests()));
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        while (true) {
            Answer answer = socket.read();
            assertThat(answer).as("data, not the end of the stream").isNotNull();
            assertThat(answer.cid()).as(answer.describe()).isEqualTo(cid);
            if (answer.is(Pdu.RESPONSE)) {
                assertThat(answer.status()).as("status of a read").isZero();
                return data.toByteArray();
            }
            assertThat(answer.type()).as(answer.describe()).isEqualTo(Pdu.C2H_DATA);
            data.writeBytes(answer.data());
        }
    }

    void writeInCapsule(RawSocket socket, long block, byte[] data) throws IOException {
        int cid = newCid();
        socket.send(Pdu.command(Sqe.writeInCapsule(cid, block, data.length / BLOCK, BLOCK), data, socket.digests()));
        assertThat(response(socket, cid).status()).as("status of a write").isZero();
    }

    void writeByR2t(RawSocket socket, long block, byte[] data) throws IOException {
        int cid = newCid();
        socket.send(Pdu.command(Sqe.write(cid, block, data.length / BLOCK, BLOCK), new byte[0], socket.digests()));
        for (int moved = 0; moved < data.length;) {
            Answer r2t = expect(socket, Pdu.R2T);
            int end = r2t.offset() + r2t.length();
            socket.send(Pdu.h2cData(cid, r2t.tag(), r2t.offset(), Arrays.copyOfRange(data, r2t.offset(), end), true,
                    socket.digests()));
            moved = end;
        }
        assertThat(response(socket, cid).status()).as("status of a write").isZero();
    }

    /** Sends a write whose data does not come with it, and returns the R2T. */
    Answer beginWrite(int cid, long block, int count) throws IOException {
        send(Sqe.write(cid, block, count, BLOCK));
        Answer r2t = expect(Pdu.R2T);
        assertThat(r2t.cid()).isEqualTo(cid);
        return r2t;
    }

    /** The session goes on as if nothing had happened. */
    void proveAlive() throws IOException {
        if (io != null) {
            byte[] data = Bytes.pattern(4 * BLOCK, nextCid);
            writeByR2t(io, TargetBench.SCRATCH_BLOCK, data);
            assertThat(read(io, TargetBench.SCRATCH_BLOCK, 4)).isEqualTo(data);
        }
        if (controllerId != 0xFFFF) {
            succeed(admin, Sqe.propertyGet(newCid(), CSTS, false));
        }
    }

    @Override
    public void close() throws IOException {
        if (io != null) {
            io.close();
        }
        admin.close();
    }
}
