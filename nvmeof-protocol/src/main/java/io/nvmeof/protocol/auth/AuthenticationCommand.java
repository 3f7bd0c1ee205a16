package io.nvmeof.protocol.auth;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.fabrics.FabricsCommandType;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.sgl.SglDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * Authentication Send and Authentication Receive (NVMe Base 2.1, Fabrics Command Set): they carry an
 * {@link AuthenticationMessage} to the controller and from it, before any other command of a queue that must
 * authenticate.
 *
 * <p>Flyweight over a submission queue entry: holds no field but the segment it was last wrapped over, and is valid
 * until that segment is reused.
 */
public final class AuthenticationCommand {
    /** The wire layout; names are the specification's abbreviations. TL is AL in Authentication Receive. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("OPC"),
            U8.withName("FLAGS"),
            LE16.withName("CID"),
            U8.withName("FCTYPE"),
            MemoryLayout.paddingLayout(19),
            MemoryLayout.sequenceLayout(16, U8).withName("SGL1"),
            MemoryLayout.paddingLayout(1),
            U8.withName("SPSP0"),
            U8.withName("SPSP1"),
            U8.withName("SECP"),
            LE32.withName("TL"),
            MemoryLayout.paddingLayout(16));

    /** Where SPSP0 is, for error locations. */
    public static final int SPSP0_OFFSET = (int) LAYOUT.byteOffset(groupElement("SPSP0"));
    /** Where SPSP1 is, for error locations. */
    public static final int SPSP1_OFFSET = (int) LAYOUT.byteOffset(groupElement("SPSP1"));
    /** Where SECP is, for error locations. */
    public static final int SECP_OFFSET = (int) LAYOUT.byteOffset(groupElement("SECP"));
    /** Where TL of Send and AL of Receive are, for error locations. */
    public static final int LENGTH_OFFSET = (int) LAYOUT.byteOffset(groupElement("TL"));

    /** SECP: the security protocol of NVMe authentication. */
    public static final int NVME_SECURITY_PROTOCOL = 0xE9;
    /** SPSP0 and SPSP1: what NVMe authentication has there. */
    public static final int SECURITY_PROTOCOL_SPECIFIC = 0x01;

    private static final VarHandle FCTYPE = field("FCTYPE");
    private static final VarHandle SPSP0 = field("SPSP0");
    private static final VarHandle SPSP1 = field("SPSP1");
    private static final VarHandle SECP = field("SECP");
    private static final VarHandle LENGTH = field("TL");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 64 bytes of {@code segment} that start at {@code base} from now on. */
    public AuthenticationCommand wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /**
     * Writes all 64 bytes of an Authentication Send whose data comes in the capsule.
     *
     * @param length bytes of the message
     */
    public AuthenticationCommand encodeSend(int commandId, long length) {
        SubmissionQueueEntry entry = clear(commandId);
        SglDescriptor.inCapsule(entry, 0, length);
        return encode(FabricsCommandType.AUTHENTICATION_SEND, length);
    }

    /**
     * Writes all 64 bytes of an Authentication Receive.
     *
     * @param length the most bytes to receive: {@link AuthenticationMessage#MAX_TRANSFER_LENGTH}
     */
    public AuthenticationCommand encodeReceive(int commandId, long length) {
        SubmissionQueueEntry entry = clear(commandId);
        SglDescriptor.transport(entry, length);
        return encode(FabricsCommandType.AUTHENTICATION_RECEIVE, length);
    }

    /** TL of a Send, AL of a Receive: bytes of data, 0 to 2^32 - 1. */
    public long length() {
        return Integer.toUnsignedLong((int) LENGTH.get(segment, base));
    }

    /**
     * Where a field has a value no Authentication Send or Receive may have, to be answered with Invalid Field in
     * Command: another security protocol, or a length of 0 or above {@link AuthenticationMessage#MAX_TRANSFER_LENGTH}.
     *
     * @return the offset of the field in the command, or -1 if all are good
     */
    public int invalidFieldOffset() {
        if (u8(SECP) != NVME_SECURITY_PROTOCOL) {
            return SECP_OFFSET;
        }
        if (u8(SPSP0) != SECURITY_PROTOCOL_SPECIFIC) {
            return SPSP0_OFFSET;
        }
        if (u8(SPSP1) != SECURITY_PROTOCOL_SPECIFIC) {
            return SPSP1_OFFSET;
        }
        return length() == 0 || length() > AuthenticationMessage.MAX_TRANSFER_LENGTH ? LENGTH_OFFSET : -1;
    }

    private SubmissionQueueEntry clear(int commandId) {
        return new SubmissionQueueEntry().wrap(segment, base).clear()
                .opcode(AdminOpcode.FABRICS.code()).psdt(SubmissionQueueEntry.PSDT_SGL).commandId(commandId);
    }

    private AuthenticationCommand encode(FabricsCommandType type, long length) {
        FCTYPE.set(segment, base, (byte) type.code());
        SPSP0.set(segment, base, (byte) SECURITY_PROTOCOL_SPECIFIC);
        SPSP1.set(segment, base, (byte) SECURITY_PROTOCOL_SPECIFIC);
        SECP.set(segment, base, (byte) NVME_SECURITY_PROTOCOL);
        LENGTH.set(segment, base, (int) length);
        return this;
    }

    private int u8(VarHandle field) {
        return Byte.toUnsignedInt((byte) field.get(segment, base));
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
