package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.sgl.SglDescriptor;
import io.nvmeof.protocol.tcp.CapsuleCmdPdu;
import io.nvmeof.protocol.tcp.IcReqPdu;
import io.nvmeof.protocol.tcp.IcRespPdu;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A host that says exactly what a test wants, over a plain blocking socket. */
class RawPeer implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    final Socket socket = new Socket();

    /** A peer that has a socket and no connection yet. */
    RawPeer() throws IOException {
        // Makes the system's socket, which is otherwise made late.
        socket.setReuseAddress(true);
    }

    RawPeer(TransportAddress address) throws IOException {
        connect(address);
    }

    RawPeer(TransportAddress address, int receiveBufferBytes) throws IOException {
        socket.setReceiveBufferSize(receiveBufferBytes);
        connect(address);
    }

    void connect(TransportAddress address) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.getByName(address.address()), address.port()),
                TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }

    /** The initialize connection exchange, without digests. */
    void initialize() throws IOException {
        byte[] request = new byte[IcReqPdu.SIZE];
        new IcReqPdu().wrap(MemorySegment.ofArray(request), 0).encode(0, 0, 0);
        send(request);
        receive(IcRespPdu.SIZE);
    }

    /** A read of {@link MemoryController}. */
    void sendRead(int commandId, int length) throws IOException {
        byte[] pdu = new byte[CapsuleCmdPdu.SIZE];
        SubmissionQueueEntry entry = new SubmissionQueueEntry();
        new CapsuleCmdPdu().wrap(MemorySegment.ofArray(pdu), 0).encode(0, 0, 4).entry(entry);
        entry.clear().opcode(MemoryController.READ).commandId(commandId).psdt(SubmissionQueueEntry.PSDT_SGL);
        SglDescriptor.transport(entry, length);
        send(pdu);
    }

    /** A write of {@link MemoryController}, its data in the capsule. */
    void sendInCapsuleWrite(int commandId, int length) throws IOException {
        byte[] pdu = new byte[CapsuleCmdPdu.SIZE + length];
        SubmissionQueueEntry entry = new SubmissionQueueEntry();
        new CapsuleCmdPdu().wrap(MemorySegment.ofArray(pdu), 0).encode(0, length, 4).entry(entry);
        entry.clear().opcode(MemoryController.WRITE).commandId(commandId).psdt(SubmissionQueueEntry.PSDT_SGL);
        SglDescriptor.inCapsule(entry, 0, length);
        send(pdu);
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    byte[] receive(int length) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the stream ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** Whether nothing comes but the end of the stream. */
    boolean atEnd() throws IOException {
        return socket.getInputStream().read() < 0;
    }

    /** Closes in a way that the other side sees as a reset. */
    void reset() throws IOException {
        reset(socket);
    }

    /** Closes in a way that the other side sees as a reset. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
