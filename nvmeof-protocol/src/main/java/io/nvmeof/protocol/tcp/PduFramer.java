package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Cuts a byte stream into PDUs and checks of each what does not depend on commands: type, state, lengths, data offset,
 * digests. What is wrong ends the connection, with the Fatal Error Status of {@code docs/protocol-errors.md}.
 *
 * <p>A header that lies in one piece in the received segment is read there; one that comes in pieces, or has a digest,
 * is gathered in a small buffer. Data is never gathered: it is passed on as it comes.
 *
 * <p>Owned by the connection's event loop.
 */
final class PduFramer {
    private enum Phase { HEADER, PADDING, DATA, DATA_DIGEST, STOPPED }

    /** The longest header, and its digest. */
    private static final int GATHER_BYTES = 160;

    private final PduConnection connection;
    private final boolean fromHost;
    // Not an arena to close: the connection's last use of it has no sure moment, and one size of segment stays fastest.
    private final MemorySegment gather = Arena.ofAuto().allocate(GATHER_BYTES, Long.BYTES);
    private final Crc32cDigest headerCrc = new Crc32cDigest();
    private final Crc32cDigest dataCrc = new Crc32cDigest();

    private boolean initialized;
    private boolean headerDigest;
    private boolean dataDigest;
    private int alignmentBytes = Integer.BYTES;
    private int inCapsuleBytesMax;
    private int dataBytesMax;

    private Phase phase = Phase.HEADER;
    private int gathered;
    private boolean commonChecked;
    private PduType type;
    private int flags;
    private int headerBytes;
    private int paddingBytes;
    private int dataBytes;
    private int dataLeft;
    private boolean dataDigestFollows;

    private MemorySegment header = gather;
    private long headerBase;
    private int headerKnown;

    /**
     * @param fromHost whether a host sends what comes here
     */
    PduFramer(PduConnection connection, boolean fromHost) {
        this.connection = connection;
        this.fromHost = fromHost;
    }

    /**
     * The initialize connection exchange is done: from now on PDUs look as it says.
     *
     * @param alignmentBytes what data must be aligned to, as we asked for
     * @param inCapsuleBytesMax most data in a command capsule
     * @param dataBytesMax most data in one H2CData or C2HData
     */
    void initialize(boolean headerDigest, boolean dataDigest, int alignmentBytes, int inCapsuleBytesMax,
            int dataBytesMax) {
        this.initialized = true;
        this.headerDigest = headerDigest;
        this.dataDigest = dataDigest;
        this.alignmentBytes = alignmentBytes;
        this.inCapsuleBytesMax = inCapsuleBytesMax;
        this.dataBytesMax = dataBytesMax;
    }

    /** Swallows everything from now on. */
    void stop() {
        phase = Phase.STOPPED;
    }

    /** Whether part of a PDU has come, and the rest is to follow. */
    boolean midPdu() {
        return phase != Phase.HEADER ? phase != Phase.STOPPED : gathered > 0;
    }

    /** The segment of the header looked at last, for a terminate request; valid until the next bytes. */
    MemorySegment header() {
        return header;
    }

    long headerBase() {
        return headerBase;
    }

    /** How many bytes of it have come. */
    int headerKnown() {
        return headerKnown;
    }

    /**
     * Takes bytes of the stream.
     *
     * @return how many; fewer than {@code length} if the connection cannot take more now
     * @throws ConnectionException if the peer broke the protocol
     */
    int receive(MemorySegment segment, long offset, int length) {
        int taken = 0;
        while (taken < length) {
            int left = length - taken;
            switch (phase) {
                case HEADER -> {
                    if (gathered == 0 && !connection.mayBeginPdu()) {
                        return taken;
                    }
                    taken += onHeaderBytes(segment, offset + taken, left);
                }
                case PADDING -> {
                    int count = Math.min(paddingBytes, left);
                    paddingBytes -= count;
                    taken += count;
                    if (paddingBytes == 0) {
                        phase = Phase.DATA;
                    }
                }
                case DATA -> {
                    int count = Math.min(dataLeft, left);
                    if (!onDataBytes(segment, offset + taken, count)) {
                        return taken;
                    }
                    taken += count;
                }
                case DATA_DIGEST -> taken += onDataDigestBytes(segment, offset + taken, left);
                case STOPPED -> {
                    return length;
                }
            }
        }
        return taken;
    }

    private int onHeaderBytes(MemorySegment segment, long offset, int length) {
        if (gathered == 0 && length >= PduHeader.SIZE) {
            look(segment, offset);
            checkCommonHeader(length);
            commonChecked = true;
            // With a digest a copy of the header costs less than a new view of each receive buffer.
            if (length >= headerBytes && !headerDigest) {
                onHeader();
                return headerBytes;
            }
        }
        int count = Math.min((commonChecked ? headerBytes : PduHeader.SIZE) - gathered, length);
        MemorySegment.copy(segment, offset, gather, gathered, count);
        gathered += count;
        if (gathered >= PduHeader.SIZE) {
            look(gather, 0);
            if (!commonChecked) {
                checkCommonHeader(gathered);
                commonChecked = true;
            }
            if (gathered == headerBytes) {
                checkHeaderDigest();
                onHeader();
            }
        }
        return count;
    }

    private void look(MemorySegment segment, long base) {
        header = segment;
        headerBase = base;
        headerKnown = PduHeader.SIZE;
    }

    /** The checks in the order in which the fields gain meaning. */
    private void checkCommonHeader(int known) {
        long word = header.get(LE64, headerBase);
        PduType pduType = PduType.ofCode((int) word & 0xFF);
        if (pduType == null || pduType.hostToController() != fromHost) {
            throw ConnectionException.invalidField(PduHeader.TYPE_OFFSET,
                    "PDU type " + (word & 0xFF) + " is none this side receives");
        }
        boolean term = pduType == PduType.H2C_TERM_REQ || pduType == PduType.C2H_TERM_REQ;
        if (!term && initialized == (pduType == PduType.IC_REQ || pduType == PduType.IC_RESP)) {
            throw ConnectionException.of(FatalErrorStatus.PDU_SEQUENCE_ERROR,
                    pduType + (initialized ? " after" : " before") + " the initialize connection exchange");
        }
        type = pduType;
        flags = (int) (word >>> 8) & 0xFF;
        int headerLength = (int) (word >>> 16) & 0xFF;
        if (headerLength != pduType.headerLength()) {
            throw ConnectionException.invalidField(PduHeader.HLEN_OFFSET, pduType + " with HLEN " + headerLength);
        }
        headerKnown = Math.min(known, headerLength);
        headerBytes = headerLength;
        if (headerDigest && pduType.digestable()) {
            headerBytes += PduHeader.DIGEST_SIZE;
        }
        if (pduType.digestable() && headerDigest != ((flags & PduHeader.HDGSTF) != 0)) {
            throw ConnectionException.invalidField(PduHeader.FLAGS_OFFSET,
                    pduType + (headerDigest ? " without" : " with") + " header digest");
        }
        checkLengths((int) (word >>> 24) & 0xFF, word >>> 32, term);
    }

    private void checkLengths(int dataOffset, long length, boolean term) {
        dataDigestFollows = false;
        dataBytes = 0;
        paddingBytes = 0;
        if (length < headerBytes) {
            throw invalidLength(length);
        }
        if (!type.carriesData()) {
            // A terminate request carries a copy of the header at fault.
            if (length > (term ? TermReqPdu.MAX_SIZE : headerBytes)) {
                throw invalidLength(length);
            }
            dataBytes = (int) length - headerBytes;
            return;
        }
        if (length == headerBytes) {
            if (type != PduType.CAPSULE_CMD) {
                throw invalidLength(length);
            }
            return;
        }
        if (dataDigest != ((flags & PduHeader.DDGSTF) != 0)) {
            throw ConnectionException.invalidField(PduHeader.FLAGS_OFFSET,
                    type + (dataDigest ? " without" : " with") + " data digest");
        }
        if (dataOffset < headerBytes || dataOffset % alignmentBytes != 0) {
            throw ConnectionException.invalidField(PduHeader.PDO_OFFSET, type + " with PDO " + dataOffset);
        }
        long dataLength = length - dataOffset - (dataDigest ? PduHeader.DIGEST_SIZE : 0);
        if (dataLength <= 0) {
            throw invalidLength(length);
        }
        if (type == PduType.CAPSULE_CMD && dataLength > inCapsuleBytesMax) {
            throw invalidLength(length);
        }
        if (type != PduType.CAPSULE_CMD && dataLength > dataBytesMax) {
            throw ConnectionException.of(FatalErrorStatus.LIMIT_EXCEEDED,
                    type + " with " + dataLength + " bytes of data");
        }
        dataDigestFollows = dataDigest;
        paddingBytes = dataOffset - headerBytes;
        dataBytes = (int) dataLength;
    }

    private ConnectionException invalidLength(long length) {
        return ConnectionException.invalidField(PduHeader.PLEN_OFFSET, type + " with PLEN " + length);
    }

    private void checkHeaderDigest() {
        int headerLength = type.headerLength();
        if (headerBytes == headerLength || headerCrc.verifyHeaderDigest(gather, 0, headerLength)) {
            return;
        }
        headerKnown = headerLength;
        throw new ConnectionException(FatalErrorStatus.HEADER_DIGEST_ERROR, gather.get(LE32, headerLength),
                type + " with a wrong header digest");
    }

    private void onHeader() {
        gathered = 0;
        commonChecked = false;
        headerKnown = type.headerLength();
        if (dataBytes > 0) {
            dataLeft = dataBytes;
            phase = paddingBytes > 0 ? Phase.PADDING : Phase.DATA;
            if (dataDigestFollows) {
                dataCrc.reset();
            }
        }
        connection.onHeader(type, header, headerBase, flags, dataBytes);
    }

    private boolean onDataBytes(MemorySegment segment, long offset, int count) {
        if (!connection.onData(segment, offset, count)) {
            return false;
        }
        if (dataDigestFollows) {
            dataCrc.update(segment, offset, count);
        }
        dataLeft -= count;
        if (dataLeft == 0) {
            if (dataDigestFollows) {
                phase = Phase.DATA_DIGEST;
            } else {
                onEnd(true);
            }
        }
        return true;
    }

    private int onDataDigestBytes(MemorySegment segment, long offset, int length) {
        int count = Math.min(PduHeader.DIGEST_SIZE - gathered, length);
        MemorySegment.copy(segment, offset, gather, gathered, count);
        gathered += count;
        if (gathered == PduHeader.DIGEST_SIZE) {
            gathered = 0;
            onEnd(gather.get(LE32, 0) == dataCrc.value());
        }
        return count;
    }

    private void onEnd(boolean dataIntact) {
        phase = Phase.HEADER;
        connection.onDataEnd(type, dataIntact);
    }
}
