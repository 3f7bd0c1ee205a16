package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * I/O Command Set Independent Identify Namespace data structure, CNS 08h (NVMe Base 2.1).
 *
 * @param features NSFEAT: bits 4 ({@link #NSFEAT_ROTATIONAL}) and others
 * @param multipathCapabilities NMIC, as in {@link IdentifyNamespace}
 * @param reservationCapabilities RESCAP
 * @param formatProgress FPI
 * @param anaGroupIdentifier ANAGRPID, unsigned 32 bits
 * @param attributes NSATTR, as in {@link IdentifyNamespace}
 * @param nvmSetIdentifier NVMSETID
 * @param enduranceGroupIdentifier ENDGID
 * @param status NSTAT: {@link #NSTAT_READY}
 */
public record IoCommandSetIndependentNamespace(int features, int multipathCapabilities, int reservationCapabilities,
        int formatProgress, long anaGroupIdentifier, int attributes, int nvmSetIdentifier,
        int enduranceGroupIdentifier, int status) {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("NSFEAT"),
            U8.withName("NMIC"),
            U8.withName("RESCAP"),
            U8.withName("FPI"),
            LE32.withName("ANAGRPID"),
            U8.withName("NSATTR"),
            MemoryLayout.paddingLayout(1),
            LE16.withName("NVMSETID"),
            LE16.withName("ENDGID"),
            U8.withName("NSTAT"),
            U8.withName("KPIOS"),
            LE16.withName("MAXKT"),
            MemoryLayout.paddingLayout(2),
            LE32.withName("RGRPID"),
            MemoryLayout.paddingLayout(4072));

    /** Bytes of the structure. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** NSTAT: the namespace is ready for media access; without it hosts do not use the namespace. */
    public static final int NSTAT_READY = 1;
    /** NSFEAT: stored on rotational media. */
    public static final int NSFEAT_ROTATIONAL = 1 << 4;
    /** NSFEAT: a volatile write cache is not present for this namespace. */
    public static final int NSFEAT_NO_VOLATILE_WRITE_CACHE = 1 << 5;

    /** Refuses what the fields cannot hold. */
    public IoCommandSetIndependentNamespace {
        int bytes = features | multipathCapabilities | reservationCapabilities | formatProgress | attributes | status;
        if ((bytes & ~0xFF | (nvmSetIdentifier | enduranceGroupIdentifier) & ~0xFFFF) != 0
                || anaGroupIdentifier >>> Integer.SIZE != 0) {
            throw new IllegalArgumentException("a value does not fit its field");
        }
    }

    /** Reads the {@link #SIZE} bytes at {@code base}, whatever they are. */
    public static IoCommandSetIndependentNamespace decode(MemorySegment from, long base) {
        MemorySegment bytes = from.asSlice(base, SIZE);
        return new IoCommandSetIndependentNamespace(u8(bytes, "NSFEAT"), u8(bytes, "NMIC"), u8(bytes, "RESCAP"),
                u8(bytes, "FPI"), Integer.toUnsignedLong(bytes.get(LE32, offset("ANAGRPID"))), u8(bytes, "NSATTR"),
                Short.toUnsignedInt(bytes.get(LE16, offset("NVMSETID"))),
                Short.toUnsignedInt(bytes.get(LE16, offset("ENDGID"))), u8(bytes, "NSTAT"));
    }

    /** Writes all {@link #SIZE} bytes. */
    public void encode(MemorySegment into, long base) {
        MemorySegment bytes = into.asSlice(base, SIZE).fill((byte) 0);
        bytes.set(U8, offset("NSFEAT"), (byte) features);
        bytes.set(U8, offset("NMIC"), (byte) multipathCapabilities);
        bytes.set(U8, offset("RESCAP"), (byte) reservationCapabilities);
        bytes.set(U8, offset("FPI"), (byte) formatProgress);
        bytes.set(LE32, offset("ANAGRPID"), (int) anaGroupIdentifier);
        bytes.set(U8, offset("NSATTR"), (byte) attributes);
        bytes.set(LE16, offset("NVMSETID"), (short) nvmSetIdentifier);
        bytes.set(LE16, offset("ENDGID"), (short) enduranceGroupIdentifier);
        bytes.set(U8, offset("NSTAT"), (byte) status);
    }

    private static int u8(MemorySegment bytes, String name) {
        return Byte.toUnsignedInt(bytes.get(U8, offset(name)));
    }

    private static long offset(String name) {
        return LAYOUT.byteOffset(groupElement(name));
    }
}
