package io.nvmeof.interop.hostile;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.function.UnaryOperator;

/** A plain socket that speaks PDUs: sends any bytes, and reads what the product sends, checking its digests. */
final class RawSocket implements AutoCloseable {
    /** Longest wait for an answer that must come. */
    static final int ANSWER_MILLIS = 10_000;
    private static final int PDU_BYTES_MAX = (1 << 20) + 1024;

    private final Socket socket;
    private final InputStream in;
    private Digests digests = Digests.NONE;
    private UnaryOperator<Pdu> outgoing = UnaryOperator.identity();
    private int answerMillis = ANSWER_MILLIS;

    RawSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(ANSWER_MILLIS);
    }

    Digests digests() {
        return digests;
    }

    void agree(Digests agreed) {
        digests = agreed;
    }

    Socket socket() {
        return socket;
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void send(Pdu pdu) throws IOException {
        send(outgoing.apply(pdu).bytes);
    }

    /** Changes PDUs on their way out. */
    RawSocket spoilWith(UnaryOperator<Pdu> spoiler) {
        outgoing = spoiler;
        return this;
    }

    /** How long {@link #read()} waits from now on. */
    void waitFor(int millis) throws IOException {
        answerMillis = millis;
        socket.setSoTimeout(millis);
    }

    /** Sends what the other side may already have stopped listening to. */
    void sendAnyway(byte[] bytes) {
        try {
            send(bytes);
        } catch (IOException e) {
            // The other side is gone: what it answered before is what counts, and reading tells.
            assert !socket.isOutputShutdown() : e;
        }
    }

    /** The next PDU, or {@code null} at the end of the stream, orderly or not. */
    Answer read() throws IOException {
        byte[] common = new byte[8];
        int first;
        try {
            first = in.read();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (SocketException e) {
            return null;
        }
        if (first < 0) {
            return null;
        }
        common[0] = (byte) first;
        readFully(common, 1, 7);
        int length = Bytes.i32(common, 4);
        if (length < 8 || length > PDU_BYTES_MAX) {
            throw new IOException("the product sent a PDU with PLEN " + length);
        }
        byte[] bytes = new byte[length];
        System.arraycopy(common, 0, bytes, 0, 8);
        readFully(bytes, 8, length - 8);
        checkDigests(bytes);
        return new Answer(bytes, digests);
    }

    /** As {@link #read}, waiting for {@code millis} at most; throws {@link SocketTimeoutException} after that. */
    Answer read(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            return read();
        } finally {
            socket.setSoTimeout(answerMillis);
        }
    }

    /** Ends our half of the stream: FIN. */
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Whether the other side closes within {@code millis}, whatever it sends before. */
    boolean closedByPeer(int millis) throws IOException {
        long deadline = System.nanoTime() + millis * 1_000_000L;
        while (System.nanoTime() < deadline) {
            try {
                if (read(Math.max(1, (int) ((deadline - System.nanoTime()) / 1_000_000))) == null) {
                    return true;
                }
            } catch (SocketTimeoutException e) {
                return false;
            } catch (EOFException | SocketException e) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void readFully(byte[] into, int offset, int length) throws IOException {
        if (in.readNBytes(into, offset, length) < length) {
            throw new EOFException("the stream ended in the middle of a PDU");
        }
    }

    private void checkDigests(byte[] bytes) throws IOException {
        int type = bytes[0];
        if (type < Pdu.COMMAND) {
            return;
        }
        int headerLength = Bytes.u8(bytes, 2);
        boolean withHeaderDigest = (bytes[1] & Pdu.HDGSTF) != 0;
        boolean withDataDigest = (bytes[1] & Pdu.DDGSTF) != 0;
        int headerEnd = headerLength + (withHeaderDigest ? 4 : 0);
        if (withHeaderDigest != digests.header() || withDataDigest != (digests.data() && bytes.length > headerEnd)) {
            throw new IOException("the product sent digest flags " + (bytes[1] & 3) + " where " + digests
                    + " was agreed");
        }
        if (withHeaderDigest && Bytes.i32(bytes, headerLength) != Bytes.crc32c(bytes, 0, headerLength)) {
            throw new IOException("the product sent a wrong header digest");
        }
        int dataOffset = Bytes.u8(bytes, 3);
        if (withDataDigest && Bytes.i32(bytes, bytes.length - 4)
                != Bytes.crc32c(bytes, dataOffset, bytes.length - 4 - dataOffset)) {
            throw new IOException("the product sent a wrong data digest");
        }
    }
}
