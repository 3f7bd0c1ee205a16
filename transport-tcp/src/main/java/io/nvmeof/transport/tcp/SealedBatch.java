package io.nvmeof.transport.tcp;

import io.netty.channel.ChannelPromise;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.GeneralSecurityException;

/**
 * The sending half of a secure channel (RFC 8446, 5): seals what a {@link ChannelOutput} has batched into records, in
 * transmit slabs of its own, which leave as one buffer each.
 *
 * <p>Owned by the connection's loop.
 */
final class SealedBatch {
    /** What a record counts for besides its content: its own blocks, and those its last one is not full of. */
    private static final int RECORD_COST_BYTES = 32;
    private static final int BLOCK_BYTES = 16;
    /**
     * Most content of a record of ours: four of them, sealed, fill a slab, and with the type behind it there is no
     * broken block, for which the JDK would make two more objects.
     */
    static final int CONTENT_BYTES_MAX =
            (TransmitSlabPool.SLAB_BYTES / 4 - TlsRecord.OVERHEAD_BYTES + 1) / BLOCK_BYTES * BLOCK_BYTES - 1;
    /** How much fills a slab when sealed; a batch of more would leave a short record behind each. */
    static final int BATCH_BYTES_MAX = 4 * CONTENT_BYTES_MAX;

    private final TcpEventLoop loop;
    private final TlsTrafficKeys keys;
    private final TlsScratch scratch;
    private final TlsHandshakes handshakes;
    private final long keyBytesMax;
    private ChannelOutput output;
    private TransmitSlab slab;
    private int runStart;
    private int position;
    /** Bytes in the scratch array that the next record carries; 0 between calls. */
    private int fill;
    private long keyBytes;
    private boolean intact = true;

    SealedBatch(TcpEventLoop loop, TlsHandshakes handshakes, TlsTrafficKeys keys) {
        this.handshakes = handshakes;
        this.loop = loop;
        this.keys = keys;
        this.scratch = loop.tlsScratch();
        this.keyBytesMax = handshakes.options().keyBytesMax();
    }

    void attach(ChannelOutput output) {
        this.output = output;
    }

    /** Seals all of a run. */
    void append(MemorySegment from, long offset, int length) {
        gather(from, offset, length, 0);
        if (fill > 0) {
            sealRecord(TlsRecord.APPLICATION_DATA);
        }
    }

    /**
     * Seals a run and, behind it, as much of some data as fills whole records.
     *
     * @param dataLength more than a record holds
     * @return how many bytes of the data were left over
     */
    int appendWhole(MemorySegment from, long offset, int length, MemorySegment data, int dataLength) {
        gather(from, offset, length, dataLength);
        gather(data, 0, dataLength, 0);
        int left = fill;
        fill = 0;
        return left;
    }

    /** Seals a message of TLS's own behind what is sealed already, and gives all to the channel. */
    void control(int type, byte[] message, ChannelPromise promise) {
        seal(type, message);
        writeRun(promise);
    }

    /** Says in the peer's direction that our keys change, and changes them. */
    void updateKeys() {
        seal(TlsRecord.HANDSHAKE, TlsPostHandshake.encodeKeyUpdate(false));
        try {
            keys.update();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("the next TLS keys cannot be derived", failure);
        }
        keyBytes = 0;
        handshakes.onKeyUpdate();
    }

    /** Gives what is sealed to the channel. */
    void writeRun() {
        writeRun(null);
    }

    /** Whether the peer has got, or is going to get, all records in order: after a gap it could open no other. */
    boolean isIntact() {
        return intact;
    }

    /** Lets go of the slab; what was not given to the channel is lost. */
    void letGo() {
        if (slab != null) {
            intact &= position == runStart;
            TransmitSlab dropped = slab;
            slab = null;
            runStart = 0;
            position = 0;
            dropped.letGo();
        }
    }

    /** Wipes the keys. */
    void close() {
        letGo();
        keys.destroy();
    }

    /** @param more how many bytes will follow these in any case */
    private void gather(MemorySegment from, long offset, int length, int more) {
        long next = offset;
        int left = length;
        while (left > 0) {
            if (fill == 0) {
                beginRecord(Math.min(left + more, CONTENT_BYTES_MAX));
            }
            int part = Math.min(left, CONTENT_BYTES_MAX - fill);
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, next, scratch.plain, fill, part);
            fill += part;
            next += part;
            left -= part;
            if (fill == CONTENT_BYTES_MAX) {
                sealRecord(TlsRecord.APPLICATION_DATA);
            }
        }
    }

    private void beginRecord(int contentLength) {
        if (keyBytes >= keyBytesMax) {
            updateKeys();
        }
        makeRoom(contentLength);
    }

    /** A record lies in one slab; the end of one that has no room for it stays empty. */
    private void makeRoom(int contentLength) {
        if (slab == null || TransmitSlabPool.SLAB_BYTES - position < contentLength + TlsRecord.OVERHEAD_BYTES) {
            nextSlab();
        }
    }

    private void seal(int type, byte[] message) {
        makeRoom(message.length);
        System.arraycopy(message, 0, scratch.plain, 0, message.length);
        fill = message.length;
        sealRecord(type);
    }

    private void sealRecord(int type) {
        scratch.plain[fill] = (byte) type;
        int length = fill + 1 + TlsTrafficKeys.TAG_BYTES;
        TlsRecord.encodeHeader(scratch.sealed, TlsRecord.APPLICATION_DATA, length);
        try {
            keys.apply(scratch.sealed, scratch.plain, 0, fill + 1, scratch.sealed, TlsRecord.HEADER_BYTES);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("a TLS record cannot be sealed", failure);
        }
        int recordLength = TlsRecord.HEADER_BYTES + length;
        MemorySegment.copy(scratch.sealed, 0, slab.segment(), ValueLayout.JAVA_BYTE, position, recordLength);
        position += recordLength;
        keyBytes += fill + RECORD_COST_BYTES;
        fill = 0;
    }

    private void nextSlab() {
        if (slab != null) {
            writeRun(null);
            slab.letGo();
        }
        slab = loop.transmitSlabs().take();
        runStart = 0;
        position = 0;
    }

    private void writeRun(ChannelPromise promise) {
        int length = position - runStart;
        if (length > 0) {
            TransmitSlab.Run run = slab.run(output, runStart, position);
            runStart = position;
            output.writeSealed(run, length, promise);
        }
    }
}
