package io.nvmeof.interop.hostile;

import java.nio.charset.StandardCharsets;

/** A submission queue entry as 64 bytes, right or wrong. */
final class Sqe {
    static final int IN_CAPSULE = 0x01;
    static final int TRANSPORT = 0x5A;

    final byte[] bytes = new byte[64];

    private Sqe(int opcode, int cid) {
        bytes[0] = (byte) opcode;
        bytes[1] = 0x40; // PSDT: SGL.
        u16(2, cid);
    }

    static Sqe of(int opcode, int cid) {
        return new Sqe(opcode, cid);
    }

    static Sqe fabrics(int type, int cid) {
        return new Sqe(0x7F, cid).u8(4, type);
    }

    static Sqe connect(int cid, int queueId, int entriesZeroBased, long keepAliveMillis) {
        return fabrics(1, cid).sgl(IN_CAPSULE, 0, 1024).u16(42, queueId).u16(44, entriesZeroBased)
                .u32(48, keepAliveMillis);
    }

    static Sqe propertySet(int cid, int offset, boolean wide, long value) {
        return fabrics(0, cid).u8(40, wide ? 1 : 0).u32(44, offset).u64(48, value);
    }

    static Sqe propertyGet(int cid, int offset, boolean wide) {
        return fabrics(4, cid).u8(40, wide ? 1 : 0).u32(44, offset);
    }

    static Sqe identify(int cid, int cns, int nsid) {
        return of(0x06, cid).nsid(nsid).sgl(TRANSPORT, 0, 4096).u32(40, cns);
    }

    static Sqe logPage(int cid, int lid, int bytes, long offset) {
        int dwords = bytes / 4 - 1;
        return of(0x02, cid).sgl(TRANSPORT, 0, bytes).u32(40, lid | (long) (dwords & 0xFFFF) << 16)
                .u32(44, dwords >>> 16).u64(48, offset);
    }

    static Sqe setFeatures(int cid, int feature, long value) {
        return of(0x09, cid).u32(40, feature).u32(44, value);
    }

    static Sqe getFeatures(int cid, int feature) {
        return of(0x0A, cid).u32(40, feature);
    }

    static Sqe abort(int cid, int queueId, int victim) {
        return of(0x08, cid).u16(40, queueId).u16(42, victim);
    }

    static Sqe read(int cid, long block, int count, int blockSize) {
        return io(0x02, cid, block, count).sgl(TRANSPORT, 0, (long) count * blockSize);
    }

    static Sqe writeInCapsule(int cid, long block, int count, int blockSize) {
        return io(0x01, cid, block, count).sgl(IN_CAPSULE, 0, (long) count * blockSize);
    }

    static Sqe write(int cid, long block, int count, int blockSize) {
        return io(0x01, cid, block, count).sgl(TRANSPORT, 0, (long) count * blockSize);
    }

    /** A command on blocks of namespace 1, without data. */
    static Sqe io(int opcode, int cid, long block, int count) {
        return of(opcode, cid).nsid(1).u64(40, block).u32(48, count - 1);
    }

    static byte[] connectData(int controllerId, String subsystem, String host) {
        byte[] data = new byte[1024];
        for (int i = 0; i < 16; i++) {
            data[i] = (byte) (host.hashCode() >>> (i % 4 * 8) | 1);
        }
        Bytes.of(data).putShort(16, (short) controllerId);
        byte[] nqn = subsystem.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(nqn, 0, data, 256, nqn.length);
        byte[] hostNqn = host.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(hostNqn, 0, data, 512, hostNqn.length);
        return data;
    }

    int cid() {
        return Bytes.u16(bytes, 2);
    }

    Sqe nsid(int nsid) {
        return u32(4, nsid);
    }

    Sqe sgl(int type, long address, long length) {
        return u64(24, address).u32(32, length).u8(39, type);
    }

    Sqe u8(int offset, int value) {
        bytes[offset] = (byte) value;
        return this;
    }

    Sqe u16(int offset, int value) {
        Bytes.of(bytes).putShort(offset, (short) value);
        return this;
    }

    Sqe u32(int offset, long value) {
        Bytes.of(bytes).putInt(offset, (int) value);
        return this;
    }

    Sqe u64(int offset, long value) {
        Bytes.of(bytes).putLong(offset, value);
        return this;
    }
}
