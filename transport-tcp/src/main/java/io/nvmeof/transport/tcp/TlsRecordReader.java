package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;
import java.util.function.Consumer;
import javax.crypto.AEADBadTagException;

/**
 * The receiving half of a secure channel (RFC 8446, 5): opens the records in a receive buffer and leaves their content
 * in the same buffer, closed up. Only a record that straddles two reads needs another place.
 *
 * <p>Owned by the connection's loop.
 */
final class TlsRecordReader {
    /** Records in a row that carry no data: a peer that sends more only wants to keep us busy. */
    static final int QUIET_RECORDS_MAX = 32;

    private final TlsTrafficKeys keys;
    private final TlsScratch scratch;
    private final ReceiveBufferPool buffers;
    private final TlsPostHandshake messages;
    private final Consumer<ReceiveBuffer> sink;
    /** The beginning of a record whose end has not come. */
    private byte[] partial;
    private int partialLength;
    private int position;
    private int quietRecords;
    private boolean ended;

    /**
     * @param messages takes the handshake messages that still come
     * @param sink is given what was opened
     */
    TlsRecordReader(TlsTrafficKeys keys, TlsScratch scratch, ReceiveBufferPool buffers, TlsPostHandshake messages,
            Consumer<ReceiveBuffer> sink) {
        this.keys = keys;
        this.scratch = scratch;
        this.buffers = buffers;
        this.messages = messages;
        this.sink = sink;
    }

    /** Whether the peer has said that nothing more comes. */
    boolean isEnded() {
        return ended;
    }

    /** Whether the stream stands inside a record. */
    boolean insideRecord() {
        return partialLength > 0;
    }

    /**
     * Opens what has come, and owns the buffer.
     *
     * @throws TlsFailure if a record is not what the peer may send; what came before it has been handed on
     */
    void receive(ReceiveBuffer buffer) throws TlsFailure {
        int start = buffer.readerIndex();
        int end = buffer.writerIndex();
        position = start;
        int written = start;
        ReceiveBuffer front = null;
        TlsFailure failure = null;
        try {
            if (partialLength > 0) {
                front = completePartial(buffer.segment(), end);
            }
            int opened;
            while (partialLength == 0 && (opened = openNext(buffer.segment(), end)) >= 0) {
                MemorySegment.copy(scratch.plain, 0, buffer.segment(), ValueLayout.JAVA_BYTE, written, opened);
                written += opened;
            }
            if (partialLength == 0 && !ended && position < end) {
                fillPartial(buffer.segment(), end, end - position);
            }
        } catch (TlsFailure fault) {
            failure = fault;
        } catch (RuntimeException | Error bug) {
            buffer.release();
            if (front != null) {
                front.release();
            }
            throw bug;
        }
        if (front != null) {
            sink.accept(front);
        }
        if (written > start) {
            buffer.setIndex(start, written);
            sink.accept(buffer);
        } else {
            buffer.release();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Wipes the keys and gives back what is borrowed. */
    void close() {
        ended = true;
        partialLength = 0;
        if (partial != null) {
            scratch.giveBack(partial);
            partial = null;
        }
        keys.destroy();
    }

    /** Opens the record at the position into the scratch array; -1 if it is not there as a whole. */
    private int openNext(MemorySegment segment, int end) throws TlsFailure {
        if (ended || end - position < TlsRecord.HEADER_BYTES) {
            return -1;
        }
        byte[] sealed = scratch.sealed;
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position, sealed, 0, TlsRecord.HEADER_BYTES);
        int length = lengthOf(sealed);
        if (end - position - TlsRecord.HEADER_BYTES < length) {
            return -1;
        }
        MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position + TlsRecord.HEADER_BYTES, sealed,
                TlsRecord.HEADER_BYTES, length);
        position += TlsRecord.HEADER_BYTES + length;
        return open(sealed, length);
    }

    /** Goes on with a record that began in an earlier read; its content, if it has any, in a buffer of its own. */
    private ReceiveBuffer completePartial(MemorySegment segment, int end) throws TlsFailure {
        if (!fillPartial(segment, end, TlsRecord.HEADER_BYTES)
                || !fillPartial(segment, end, TlsRecord.HEADER_BYTES + lengthOf(partial))) {
            return null;
        }
        int opened = open(partial, partialLength - TlsRecord.HEADER_BYTES);
        partialLength = 0;
        scratch.giveBack(partial);
        partial = null;
        if (opened == 0) {
            return null;
        }
        ReceiveBuffer front = buffers.take();
        MemorySegment.copy(scratch.plain, 0, front.segment(), ValueLayout.JAVA_BYTE, 0, opened);
        front.setIndex(0, opened);
        return front;
    }

    /** Takes bytes until there are as many as wanted; false if there are too few. */
    private boolean fillPartial(MemorySegment segment, int end, int wanted) {
        if (partial == null) {
            partial = scratch.takePartial();
        }
        int taken = Math.min(wanted - partialLength, end - position);
        if (taken > 0) {
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, position, partial, partialLength, taken);
            position += taken;
            partialLength += taken;
        }
        return partialLength >= wanted;
    }

    private static int lengthOf(byte[] header) throws TlsFailure {
        int fault = TlsRecord.fault(header, 0);
        if (fault != TlsFailure.NO_ALERT) {
            throw TlsFailure.of(fault, "what came is not a TLS record");
        }
        return TlsRecord.length(header, 0);
    }

    /** Opens a record, and acts on it if it is not data; returns how many bytes of data are in the scratch array. */
    private int open(byte[] record, int length) throws TlsFailure {
        if (record[0] != TlsRecord.APPLICATION_DATA) {
            throw TlsFailure.of(TlsAlert.UNEXPECTED_MESSAGE, "a TLS record of type " + record[0] + " is not sealed");
        }
        if (length <= TlsTrafficKeys.TAG_BYTES) {
            throw TlsFailure.of(TlsAlert.DECODE_ERROR, "a TLS record of " + length + " bytes is empty");
        }
        byte[] plain = scratch.plain;
        int opened;
        try {
            opened = keys.apply(record, record, TlsRecord.HEADER_BYTES, length, plain, 0);
        } catch (AEADBadTagException changed) {
            throw TlsFailure.of(TlsAlert.BAD_RECORD_MAC, "a TLS record was changed on its way");
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("a TLS record cannot be opened", failure);
        }
        // The true type follows the content; zeros after it are padding.
        int content = opened - 1;
        while (content >= 0 && plain[content] == 0) {
            content--;
        }
        if (content < 0) {
            throw TlsFailure.of(TlsAlert.UNEXPECTED_MESSAGE, "a TLS record has no type");
        }
        if (content > TlsRecord.CONTENT_BYTES_MAX) {
            throw TlsFailure.of(TlsAlert.RECORD_OVERFLOW, "a TLS record carries " + content + " bytes");
        }
        return accept(plain[content], content);
    }

    private int accept(int type, int length) throws TlsFailure {
        if (type == TlsRecord.APPLICATION_DATA && length > 0) {
            messages.requireNoneBegun();
            quietRecords = 0;
            return length;
        }
        if (++quietRecords > QUIET_RECORDS_MAX) {
            throw TlsFailure.of(TlsAlert.UNEXPECTED_MESSAGE, QUIET_RECORDS_MAX + " TLS records without data in a row");
        }
        switch (type) {
            case TlsRecord.APPLICATION_DATA -> messages.requireNoneBegun();
            case TlsRecord.HANDSHAKE -> {
                if (messages.receive(scratch.plain, length)) {
                    updateKeys();
                }
            }
            case TlsRecord.ALERT -> onAlert(length);
            default -> throw TlsFailure.of(TlsAlert.UNEXPECTED_MESSAGE, "a TLS record of type " + type);
        }
        return 0;
    }

    private void onAlert(int length) throws TlsFailure {
        if (length != 2) {
            throw TlsFailure.of(TlsAlert.DECODE_ERROR, "a TLS alert of " + length + " bytes");
        }
        int description = Byte.toUnsignedInt(scratch.plain[1]);
        if (description == TlsAlert.CLOSE_NOTIFY) {
            ended = true;
        } else if (description != TlsAlert.USER_CANCELED) {
            throw TlsFailure.silent(CloseReason.Kind.TERMINATED_BY_PEER,
                    "the peer ended the TLS channel: " + TlsAlert.name(description));
        }
    }

    private void updateKeys() {
        try {
            keys.update();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("the next TLS keys cannot be derived", failure);
        }
    }
}
