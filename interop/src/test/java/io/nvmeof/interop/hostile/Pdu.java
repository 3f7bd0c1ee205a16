package io.nvmeof.interop.hostile;

import java.util.Arrays;

/**
 * A PDU as bytes, right or wrong. It is built right, for the digests of a connection, and then spoilt: {@link #u8} and
 * its siblings change bytes and leave the digests as they were, {@link #resealed} computes them again.
 */
final class Pdu {
    static final int IC_REQ = 0;
    static final int IC_RESP = 1;
    static final int H2C_TERM = 2;
    static final int C2H_TERM = 3;
    static final int COMMAND = 4;
    static final int RESPONSE = 5;
    static final int H2C_DATA = 6;
    static final int C2H_DATA = 7;
    static final int R2T = 9;

    static final int HDGSTF = 1;
    static final int DDGSTF = 2;
    static final int LAST = 4;
    static final int SUCCESS = 8;

    final byte[] bytes;
    private final int headerLength;
    private final boolean headerDigest;
    private final boolean dataDigest;

    private Pdu(byte[] bytes, int headerLength, boolean headerDigest, boolean dataDigest) {
        this.bytes = bytes;
        this.headerLength = headerLength;
        this.headerDigest = headerDigest;
        this.dataDigest = dataDigest;
    }

    /** A whole PDU with the common header, and both digests where there are such. */
    static Pdu of(int type, int flags, byte[] header, byte[] data, Digests digests) {
        boolean headerDigest = digests.header() && type > C2H_TERM;
        boolean dataDigest = digests.data() && data.length > 0 && type > C2H_TERM;
        int dataOffset = header.length + (headerDigest ? 4 : 0);
        int length = dataOffset + data.length + (dataDigest ? 4 : 0);
        byte[] bytes = Arrays.copyOf(header, length);
        bytes[0] = (byte) type;
        bytes[1] = (byte) (flags | (headerDigest ? HDGSTF : 0) | (dataDigest ? DDGSTF : 0));
        bytes[2] = (byte) header.length;
        bytes[3] = (byte) (data.length > 0 ? dataOffset : 0);
        Bytes.of(bytes).putInt(4, length);
        System.arraycopy(data, 0, bytes, dataOffset, data.length);
        return new Pdu(bytes, header.length, headerDigest, dataDigest).resealed();
    }

    static Pdu icReq(int digests) {
        byte[] header = new byte[128];
        header[11] = (byte) digests;
        return of(IC_REQ, 0, header, new byte[0], Digests.NONE);
    }

    static Pdu icResp(int cpda, int digests, int maxH2cData) {
        byte[] header = new byte[128];
        header[10] = (byte) cpda;
        header[11] = (byte) digests;
        Bytes.of(header).putInt(12, maxH2cData);
        return of(IC_RESP, 0, header, new byte[0], Digests.NONE);
    }

    static Pdu termReq(int type, int status, int information) {
        byte[] header = new byte[24];
        Bytes.of(header).putShort(8, (short) status).putInt(10, information);
        return of(type, 0, header, new byte[0], Digests.NONE);
    }

    static Pdu command(Sqe sqe, byte[] data, Digests digests) {
        byte[] header = new byte[72];
        System.arraycopy(sqe.bytes, 0, header, 8, 64);
        return of(COMMAND, 0, header, data, digests);
    }

    static Pdu h2cData(int cid, int tag, long offset, byte[] data, boolean last, Digests digests) {
        return data(H2C_DATA, last ? LAST : 0, cid, tag, offset, data, digests);
    }

    static Pdu c2hData(int cid, long offset, byte[] data, int flags, Digests digests) {
        return data(C2H_DATA, flags, cid, 0, offset, data, digests);
    }

    static Pdu r2t(int cid, int tag, long offset, long length, Digests digests) {
        byte[] header = new byte[24];
        Bytes.of(header).putShort(8, (short) cid).putShort(10, (short) tag).putInt(12, (int) offset)
                .putInt(16, (int) length);
        return of(R2T, 0, header, new byte[0], digests);
    }

    static Pdu response(int cid, long result, int sqHead, int status, Digests digests) {
        byte[] header = new byte[24];
        Bytes.of(header).putLong(8, result).putShort(16, (short) sqHead).putShort(20, (short) cid)
                .putShort(22, (short) (status << 1));
        return of(RESPONSE, 0, header, new byte[0], digests);
    }

    private static Pdu data(int type, int flags, int cid, int tag, long offset, byte[] data, Digests digests) {
        byte[] header = new byte[24];
        Bytes.of(header).putShort(8, (short) cid).putShort(10, (short) tag).putInt(12, (int) offset)
                .putInt(16, data.length);
        return of(type, flags, header, data, digests);
    }

    // ---- To spoil it

    Pdu u8(int offset, int value) {
        bytes[offset] = (byte) value;
        return this;
    }

    Pdu u16(int offset, int value) {
        Bytes.of(bytes).putShort(offset, (short) value);
        return this;
    }

    Pdu u32(int offset, long value) {
        Bytes.of(bytes).putInt(offset, (int) value);
        return this;
    }

    Pdu xor(int offset, int mask) {
        bytes[offset] ^= (byte) mask;
        return this;
    }

    /** Computes the digests again, where they were when it was built. */
    Pdu resealed() {
        if (headerDigest) {
            Bytes.of(bytes).putInt(headerLength, Bytes.crc32c(bytes, 0, headerLength));
        }
        if (dataDigest) {
            int dataOffset = headerLength + (headerDigest ? 4 : 0);
            int length = bytes.length - dataOffset - 4;
            Bytes.of(bytes).putInt(bytes.length - 4, Bytes.crc32c(bytes, dataOffset, length));
        }
        return this;
    }
}
