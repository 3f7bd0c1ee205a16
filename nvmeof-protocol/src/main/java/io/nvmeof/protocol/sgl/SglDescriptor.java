package io.nvmeof.protocol.sgl;

import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;

/**
 * The identifier byte of an SGL descriptor and the rules NVMe/TCP has for it (NVMe Base 2.1, Scatter Gather Lists;
 * NVMe/TCP Transport 1.1, Transport Specific SGLs). Type in bits 7:4, sub type in bits 3:0.
 */
public final class SglDescriptor {
    /** Data Block, sub type Address: a host memory address, meaningless over a fabric. */
    public static final int DATA_BLOCK_ADDRESS = 0x00;
    /** Data Block, sub type Offset: data inside the command capsule, at an offset from ICDOFF. */
    public static final int IN_CAPSULE_OFFSET = 0x01;
    /** Bit Bucket. */
    public static final int BIT_BUCKET = 0x10;
    /** Segment. */
    public static final int SEGMENT = 0x20;
    /** Last Segment. */
    public static final int LAST_SEGMENT = 0x30;
    /** Keyed Data Block, sub type Address (RDMA). */
    public static final int KEYED_DATA_BLOCK = 0x40;
    /** Transport Data Block, sub type Ah: the transport moves the data in PDUs of its own (C2HData, H2CData). */
    public static final int TRANSPORT_DATA_BLOCK = 0x5A;

    /** Byte of the command at which the descriptor starts, for error locations. */
    public static final int OFFSET_IN_COMMAND = 24;

    private SglDescriptor() {}

    /** Makes the entry's data pointer "in this capsule, at {@code offset} bytes, {@code length} bytes". */
    public static void inCapsule(SubmissionQueueEntry entry, long offset, long length) {
        entry.sgl(IN_CAPSULE_OFFSET, offset, length);
    }

    /** Makes the entry's data pointer "{@code length} bytes that the transport is to move". */
    public static void transport(SubmissionQueueEntry entry, long length) {
        entry.sgl(TRANSPORT_DATA_BLOCK, 0, length);
    }

    /**
     * Checks a command's data pointer against what came with its capsule.
     *
     * @param entry the command
     * @param inCapsuleLength bytes of data the capsule carries, 0 if none
     * @param inCapsuleLimit bytes of in-capsule data this queue allows
     * @param transferLimit largest transfer in bytes this controller allows (MDTS)
     * @return {@link GenericStatus#SUCCESSFUL_COMPLETION}, or what to complete the command with
     */
    public static StatusCode validate(SubmissionQueueEntry entry, long inCapsuleLength, long inCapsuleLimit,
            long transferLimit) {
        long length = entry.sglLength();
        return switch (entry.sglType()) {
            case IN_CAPSULE_OFFSET -> {
                if (length > inCapsuleLimit) {
                    yield GenericStatus.DATA_SGL_LENGTH_INVALID;
                }
                // Compared without adding: the peer chose all 64 bits of the offset.
                if (Long.compareUnsigned(entry.sglAddress(), inCapsuleLength) > 0) {
                    yield GenericStatus.SGL_OFFSET_INVALID;
                }
                yield length <= inCapsuleLength - entry.sglAddress()
                        ? GenericStatus.SUCCESSFUL_COMPLETION : GenericStatus.DATA_SGL_LENGTH_INVALID;
            }
            case TRANSPORT_DATA_BLOCK -> {
                if (inCapsuleLength != 0) {
                    yield GenericStatus.INVALID_FIELD_IN_COMMAND;
                }
                yield length <= transferLimit
                        ? GenericStatus.SUCCESSFUL_COMPLETION : GenericStatus.DATA_SGL_LENGTH_INVALID;
            }
            // A host that names no data at all leaves the pointer zero.
            case DATA_BLOCK_ADDRESS -> length == 0 && inCapsuleLength == 0
                    ? GenericStatus.SUCCESSFUL_COMPLETION : GenericStatus.SGL_DESCRIPTOR_TYPE_INVALID;
            default -> GenericStatus.SGL_DESCRIPTOR_TYPE_INVALID;
        };
    }
}
