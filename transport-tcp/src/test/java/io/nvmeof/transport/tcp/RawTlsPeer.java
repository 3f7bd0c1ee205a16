package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.tcp.IcReqPdu;
import io.nvmeof.protocol.tcp.IcRespPdu;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;

/** A host that says exactly what a test wants, in TLS records of its own making. */
final class RawTlsPeer implements AutoCloseable {
    private static final TransportAddress NOWHERE = TransportAddress.tcp("127.0.0.1", 1);

    final RawPeer socket;
    private TlsTrafficKeys toSend;
    private TlsTrafficKeys toReceive;
    private TlsSession session;

    /** What came in one record. */
    record Received(int type, byte[] content) {}

    /** Connects and makes the handshake. */
    RawTlsPeer(TransportAddress address, TlsPsk key) throws IOException, GeneralSecurityException {
        this(new RawPeer(address), key);
    }

    RawTlsPeer(RawPeer socket, TlsPsk key) throws IOException, GeneralSecurityException {
        this.socket = socket;
        TlsHandshake handshake = TlsHandshake.host(NOWHERE, NOWHERE, _ -> List.of(key));
        TlsHandshake.Step step = handshake.advance(new byte[0]);
        while (true) {
            socket.send(step.output());
            if (step.failure() != null) {
                throw new IOException(step.failure().message());
            } else if (step.session() != null) {
                break;
            }
            step = handshake.advance(receiveRecord());
        }
        session = step.session();
        toSend = TlsTrafficKeys.toSend(session.suite(), session.sendSecret());
        toReceive = TlsTrafficKeys.toReceive(session.suite(), session.receiveSecret());
    }

    /** The first message of a host that offers some keys, as it goes to a target. */
    static byte[] clientHello(TlsPsk... keys) {
        return TlsHandshake.host(NOWHERE, NOWHERE, _ -> List.of(keys)).advance(new byte[0]).output();
    }

    /** A sealed record. */
    byte[] seal(int type, byte... content) throws GeneralSecurityException {
        byte[] plain = Arrays.copyOf(content, content.length + 1);
        plain[content.length] = (byte) type;
        byte[] record = new byte[TlsRecord.HEADER_BYTES + plain.length + TlsTrafficKeys.TAG_BYTES];
        TlsRecord.encodeHeader(record, TlsRecord.APPLICATION_DATA, record.length - TlsRecord.HEADER_BYTES);
        toSend.apply(record, plain, 0, plain.length, record, TlsRecord.HEADER_BYTES);
        return record;
    }

    void send(int type, byte... content) throws IOException, GeneralSecurityException {
        socket.send(seal(type, content));
    }

    /** Asks for, or announces, new keys, and goes on with them. */
    void sendKeyUpdate(boolean request) throws IOException, GeneralSecurityException {
        send(TlsRecord.HANDSHAKE, TlsPostHandshake.encodeKeyUpdate(request));
        toSend.update();
    }

    /** The peer's next record, opened. */
    Received receive() throws IOException, GeneralSecurityException {
        byte[] record = receiveRecord();
        byte[] plain = new byte[record.length];
        int length = toReceive.apply(record, record, TlsRecord.HEADER_BYTES, record.length - TlsRecord.HEADER_BYTES,
                plain, 0);
        Received received = new Received(plain[length - 1], Arrays.copyOf(plain, length - 1));
        if (received.type() == TlsRecord.HANDSHAKE) {
            toReceive.update();
        }
        return received;
    }

    /** Receives an alert, and nothing behind it. */
    int receiveAlert() throws IOException, GeneralSecurityException {
        Received received = receive();
        if (received.type() != TlsRecord.ALERT || received.content().length != 2 || !socket.atEnd()) {
            throw new IOException("not an alert at the end: " + received);
        }
        return received.content()[1];
    }

    byte[] icReq() {
        byte[] request = new byte[IcReqPdu.SIZE];
        new IcReqPdu().wrap(MemorySegment.ofArray(request), 0).encode(0, 0, 0);
        return request;
    }

    /** The initialize connection exchange. */
    void initialize() throws IOException, GeneralSecurityException {
        send(TlsRecord.APPLICATION_DATA, icReq());
        if (receive().content().length != IcRespPdu.SIZE) {
            throw new EOFException("no ICResp");
        }
    }

    private byte[] receiveRecord() throws IOException {
        byte[] header = socket.receive(TlsRecord.HEADER_BYTES);
        byte[] body = socket.receive(TlsRecord.length(header, 0));
        byte[] record = Arrays.copyOf(header, header.length + body.length);
        System.arraycopy(body, 0, record, header.length, body.length);
        return record;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
