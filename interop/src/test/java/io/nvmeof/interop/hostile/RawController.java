package io.nvmeof.interop.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/**
 * A controller on plain sockets with one namespace of {@link #BLOCK_COUNT} blocks of zeroes. It behaves, except where
 * its {@link Misdeeds} say otherwise, and notes what terminate requests it gets.
 */
final class RawController implements AutoCloseable {
    static final String NQN = "nqn.2026-01.io.nvmeof:hostile-controller";
    static final int ID = 7;
    static final int BLOCK = 512;
    static final int BLOCK_COUNT = 4096;
    static final int MAX_H2C_DATA = 8192;
    /** CAP: 128 entries, contiguous queues, 2 s until ready, NVM command set. */
    private static final long CAP = 127 | 1L << 16 | 4L << 24 | 1L << 37;

    /** What a controller does wrong. */
    interface Misdeeds {
        /** The answer to ICReq. */
        default Pdu icResp(int digests) {
            return Pdu.icResp(0, digests, MAX_H2C_DATA);
        }

        /** Answers a command itself and returns true, or leaves it to good behaviour. */
        default boolean command(Line line, Command command) throws IOException {
            return false;
        }

        /** Changes PDUs on their way out. */
        default UnaryOperator<Pdu> spoiler() {
            return UnaryOperator.identity();
        }

        /** Spoils a structure before it is sent: opcode 06h with a CNS, or 02h with a log page. */
        default void structure(int opcode, int kind, byte[] page) {}
    }

    /** A command capsule as it came. */
    record Command(byte[] sqe, byte[] data) {
        int opcode() {
            return Bytes.u8(sqe, 0);
        }

        int cid() {
            return Bytes.u16(sqe, 2);
        }

        int dword(int n) {
            return Bytes.i32(sqe, n * 4);
        }

        int transferLength() {
            return Bytes.i32(sqe, 32);
        }
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = Collections.synchronizedList(new ArrayList<>());
    private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    private final BlockingQueue<Answer> termReqs = new LinkedBlockingQueue<>();
    private final Misdeeds misdeeds;

    RawController(Misdeeds misdeeds) throws IOException {
        this.misdeeds = misdeeds;
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The terminate requests that hosts sent. */
    BlockingQueue<Answer> termReqs() {
        return termReqs;
    }

    private void start(Runnable task) {
        threads.add(Thread.ofPlatform().daemon().start(task));
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                sockets.add(socket);
                start(() -> serve(socket));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (Line line = new Line(new RawSocket(socket))) {
            line.serve();
        } catch (IOException e) {
            // The host went away, as it should from a controller like this.
            assert socket.isClosed() || e.getMessage() != null;
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : List.copyOf(sockets)) {
            socket.close();
        }
        for (Thread thread : List.copyOf(threads)) {
            try {
                thread.join(5000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** One connection of a host. */
    final class Line implements AutoCloseable {
        final RawSocket socket;
        private Digests digests = Digests.NONE;
        private long configuration;

        private Line(RawSocket socket) throws IOException {
            this.socket = socket.spoilWith(misdeeds.spoiler());
            socket.waitFor(60_000);
        }

        Digests digests() {
            return digests;
        }

        void send(Pdu pdu) throws IOException {
            socket.send(pdu);
        }

        private void serve() throws IOException {
            Answer icReq = socket.read();
            if (icReq == null) {
                return;
            }
            int bits = Bytes.u8(icReq.bytes(), 11);
            digests = new Digests((bits & 1) != 0, (bits & 2) != 0);
            Pdu icResp = misdeeds.icResp(bits);
            if (icResp != null) {
                send(icResp);
            }
            socket.agree(digests);
            for (Answer pdu = socket.read(); pdu != null; pdu = socket.read()) {
                if (pdu.is(Pdu.H2C_TERM)) {
                    termReqs.add(pdu);
                    return;
                }
                if (pdu.is(Pdu.COMMAND)) {
                    byte[] data = pdu.bytes().length > 76 ? pdu.data() : new byte[0];
                    onCommand(new Command(Arrays.copyOfRange(pdu.bytes(), 8, 72), data));
                }
            }
        }

        private void onCommand(Command command) throws IOException {
            if (misdeeds.command(this, command)) {
                return;
            }
            switch (command.opcode()) {
                case 0x7F -> fabrics(command);
                case 0x0C -> {} // No event ever.
                case 0x06 -> page(command, command.dword(10) & 0xFF);
                case 0x02 -> read(command);
                case 0x01 -> write(command);
                case 0x09 -> respond(command.cid(), 0, 0);
                default -> respond(command.cid(), 0, 0);
            }
        }

        private void fabrics(Command command) throws IOException {
            int property = command.dword(11);
            switch (command.dword(1) & 0xFF) {
                case 1 -> respond(command.cid(), ID, 0);
                case 0 -> {
                    configuration = property == RawHost.CC ? command.dword(12) : configuration;
                    respond(command.cid(), 0, 0);
                }
                case 4 -> respond(command.cid(), switch (property) {
                    case 0 -> CAP;
                    case 8 -> 0x10400;
                    case RawHost.CC -> configuration;
                    case RawHost.CSTS -> (configuration & 1) | ((configuration & 0xC000) != 0 ? 8 : 0);
                    default -> 0;
                }, 0);
                default -> respond(command.cid(), 0, 0);
            }
        }

        private void page(Command command, int cns) throws IOException {
            byte[] page = new byte[4096];
            switch (cns) {
                case 0 -> identifyNamespace(page);
                case 1 -> identifyController(page);
                case 2 -> Bytes.of(page).putInt(0, command.dword(1) == 0 ? 1 : 0);
                case 3 -> {
                    page[0] = 3;
                    page[1] = 16;
                    page[4] = 1;
                }
                default -> {}
            }
            misdeeds.structure(0x06, cns, page);
            sendData(command, page);
        }

        private void read(Command command) throws IOException {
            byte[] page = new byte[command.transferLength()];
            if (command.dword(1) != 1) {
                misdeeds.structure(0x02, command.dword(10) & 0xFF, page);
            }
            sendData(command, page);
        }

        void sendData(Command command, byte[] data) throws IOException {
            send(Pdu.c2hData(command.cid(), 0, data, Pdu.LAST, digests));
            respond(command.cid(), 0, 0);
        }

        private void write(Command command) throws IOException {
            if (command.data().length == 0) {
                send(Pdu.r2t(command.cid(), 1, 0, command.transferLength(), digests));
                for (Answer data = socket.read(); data != null; data = socket.read()) {
                    if (data.is(Pdu.H2C_DATA) && (data.flags() & Pdu.LAST) != 0) {
                        break;
                    }
                }
            }
            respond(command.cid(), 0, 0);
        }

        void respond(int cid, long result, int status) throws IOException {
            send(Pdu.response(cid, result, 0, status, digests));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static void identifyController(byte[] page) {
        Bytes.of(page).putShort(78, (short) ID).putInt(80, 0x10400).putShort(320, (short) 10).putShort(514, (short) 128)
                .putInt(516, 16).putInt(536, 1).putInt(1792, (64 + 8192) / 16).putInt(1796, 1);
        page[77] = 5;
        page[111] = 1;
        page[512] = 0x66;
        page[513] = 0x44;
        byte[] nqn = NQN.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(nqn, 0, page, 768, nqn.length);
    }

    private static void identifyNamespace(byte[] page) {
        Bytes.of(page).putLong(0, BLOCK_COUNT).putLong(8, BLOCK_COUNT).putLong(16, BLOCK_COUNT);
        page[130] = 9;
    }
}
