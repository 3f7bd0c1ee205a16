package io.nvmeof.transport.tcp;

/**
 * The handshake messages that come after the handshake (RFC 8446, 4.6): KeyUpdate, which changes the peer's keys, and
 * NewSessionTicket, which a server may send whether we want it or not, and which is passed over.
 *
 * <p>Owned by the connection's loop.
 */
final class TlsPostHandshake {
    private static final int HEADER_BYTES = 4;
    private static final int NEW_SESSION_TICKET = 4;
    private static final int KEY_UPDATE = 24;
    private static final int UPDATE_NOT_REQUESTED = 0;
    private static final int UPDATE_REQUESTED = 1;

    private final boolean host;
    private int headerFill;
    private int type;
    private int left;
    private boolean updateRequested;

    /** @param host whether this is the host's end, which is TLS's client: only a client is sent tickets */
    TlsPostHandshake(boolean host) {
        this.host = host;
    }

    /** Whether the peer wants us to change our keys too; asked once for each time it did. */
    boolean takeUpdateRequest() {
        boolean requested = updateRequested;
        updateRequested = false;
        return requested;
    }

    /** Messages are not interleaved with data. */
    void requireNoneBegun() throws TlsFailure {
        if (headerFill > 0) {
            throw TlsFailure.of(TlsAlert.UNEXPECTED_MESSAGE, "data inside a TLS handshake message");
        }
    }

    /**
     * Takes the content of a record.
     *
     * @return whether the peer's next record comes under its next keys
     */
    boolean receive(byte[] bytes, int length) throws TlsFailure {
        if (length == 0) {
            throw TlsFailure.of(TlsAlert.UNEXPECTED_MESSAGE, "a TLS handshake record without content");
        }
        int position = 0;
        while (position < length) {
            if (headerFill < HEADER_BYTES) {
                header(Byte.toUnsignedInt(bytes[position++]));
            } else if (type == KEY_UPDATE) {
                keyUpdate(bytes[position++]);
                if (position < length) {
                    throw TlsFailure.of(TlsAlert.UNEXPECTED_MESSAGE, "a TLS KeyUpdate that does not end its record");
                }
                return true;
            } else {
                int skipped = Math.min(left, length - position);
                position += skipped;
                left -= skipped;
            }
            if (headerFill == HEADER_BYTES && left == 0) {
                headerFill = 0;
            }
        }
        return false;
    }

    private void header(int value) throws TlsFailure {
        if (headerFill++ == 0) {
            type = value;
            left = 0;
            if (type != KEY_UPDATE && !(host && type == NEW_SESSION_TICKET)) {
                throw TlsFailure.of(TlsAlert.UNEXPECTED_MESSAGE, "a TLS handshake message of type " + type
                        + " after the handshake");
            }
            return;
        }
        left = left << Byte.SIZE | value;
        if (headerFill == HEADER_BYTES && type == KEY_UPDATE && left != 1) {
            throw TlsFailure.of(TlsAlert.DECODE_ERROR, "a TLS KeyUpdate of " + left + " bytes");
        }
    }

    private void keyUpdate(int request) throws TlsFailure {
        if (request != UPDATE_NOT_REQUESTED && request != UPDATE_REQUESTED) {
            throw TlsFailure.of(TlsAlert.ILLEGAL_PARAMETER, "a TLS KeyUpdate that asks for " + request);
        }
        updateRequested |= request == UPDATE_REQUESTED;
        headerFill = 0;
    }

    /** The message with which we go on to our next keys, not asking the peer for its own. */
    static byte[] encodeKeyUpdate(boolean request) {
        return new byte[] {KEY_UPDATE, 0, 0, 1, (byte) (request ? UPDATE_REQUESTED : UPDATE_NOT_REQUESTED)};
    }
}
