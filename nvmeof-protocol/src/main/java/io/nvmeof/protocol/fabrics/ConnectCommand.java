package io.nvmeof.protocol.fabrics;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.sgl.SglDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/**
 * Connect: makes a connection a queue of a controller (NVMe Base 2.1, Connect Command and Response).
 *
 * <p>Flyweight over a submission queue entry: holds no field but the segment it was last wrapped over, and is valid
 * until that segment is reused.
 */
public final class ConnectCommand {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("OPC"),
            U8.withName("FLAGS"),
            LE16.withName("CID"),
            U8.withName("FCTYPE"),
            MemoryLayout.paddingLayout(19),
            MemoryLayout.sequenceLayout(16, U8).withName("SGL1"),
            LE16.withName("RECFMT"),
            LE16.withName("QID"),
            LE16.withName("SQSIZE"),
            U8.withName("CATTR"),
            MemoryLayout.paddingLayout(1),
            LE32.withName("KATO"),
            MemoryLayout.paddingLayout(12));

    /** Byte of the command that holds the Fabrics command type of any Fabrics command. */
    public static final int FCTYPE_OFFSET = (int) LAYOUT.byteOffset(groupElement("FCTYPE"));
    /** Where RECFMT is, for {@link #invalidParameterResult}. */
    public static final int RECFMT_OFFSET = (int) LAYOUT.byteOffset(groupElement("RECFMT"));
    /** Where QID is. */
    public static final int QID_OFFSET = (int) LAYOUT.byteOffset(groupElement("QID"));
    /** Where SQSIZE is. */
    public static final int SQSIZE_OFFSET = (int) LAYOUT.byteOffset(groupElement("SQSIZE"));
    /** Where CATTR is. */
    public static final int CATTR_OFFSET = (int) LAYOUT.byteOffset(groupElement("CATTR"));
    /** Where KATO is. */
    public static final int KATO_OFFSET = (int) LAYOUT.byteOffset(groupElement("KATO"));

    /** CATTR bits 1:0: priority class of the queue. */
    public static final int CATTR_PRIORITY_MASK = 0x3;
    /** CATTR: no submission queue flow control: SQHD means nothing. */
    public static final int CATTR_DISABLE_SQ_FLOW_CONTROL = 1 << 2;
    /** CATTR: the host can delete I/O queues one by one with Disconnect. */
    public static final int CATTR_INDIVIDUAL_QUEUE_DELETION = 1 << 3;

    /** Response dword 0: the host must authenticate in this connection (ATR). */
    public static final int AUTHENTICATION_REQUIRED = 1 << 17;
    /** Response dword 0: the host must authenticate and establish a secure channel (ASCR). */
    public static final int AUTHENTICATION_AND_SECURE_CHANNEL_REQUIRED = 1 << 18;

    private static final int LOW_HALF = 0xFFFF;
    private static final int PARAMETER_IN_DATA = 1 << 16;

    private static final VarHandle RECFMT = field("RECFMT");
    private static final VarHandle QID = field("QID");
    private static final VarHandle SQSIZE = field("SQSIZE");
    private static final VarHandle CATTR = field("CATTR");
    private static final VarHandle KATO = field("KATO");

    private MemorySegment segment = MemorySegment.NULL;
    private long base;

    /** Looks at the 64 bytes of {@code segment} that start at {@code base} from now on. */
    public ConnectCommand wrap(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        return this;
    }

    /**
     * Writes all 64 bytes of a command whose {@link ConnectData} comes in the capsule; record format 0.
     *
     * @param queueSize entries of the submission queue, 0's based
     * @param attributes CATTR
     * @param keepAliveTimeoutMillis KATO, 0 turns Keep Alive off; only for the admin queue
     */
    public ConnectCommand encode(int commandId, int queueId, int queueSize, int attributes,
            long keepAliveTimeoutMillis) {
        SubmissionQueueEntry entry = new SubmissionQueueEntry().wrap(segment, base).clear()
                .opcode(AdminOpcode.FABRICS.code()).psdt(SubmissionQueueEntry.PSDT_SGL).commandId(commandId);
        SglDescriptor.inCapsule(entry, 0, ConnectData.SIZE);
        segment.set(U8, base + FCTYPE_OFFSET, (byte) FabricsCommandType.CONNECT.code());
        QID.set(segment, base, (short) queueId);
        SQSIZE.set(segment, base, (short) queueSize);
        CATTR.set(segment, base, (byte) attributes);
        KATO.set(segment, base, (int) keepAliveTimeoutMillis);
        return this;
    }

    /** RECFMT: 0 is the only format there is; anything else is Connect Incompatible Format. */
    public int recordFormat() {
        return Short.toUnsignedInt((short) RECFMT.get(segment, base));
    }

    /** QID: 0 is the admin queue. */
    public int queueId() {
        return Short.toUnsignedInt((short) QID.get(segment, base));
    }

    /** SQSIZE: entries of the submission queue, 0's based; 0 is not allowed. */
    public int queueSize() {
        return Short.toUnsignedInt((short) SQSIZE.get(segment, base));
    }

    /** CATTR. */
    public int attributes() {
        return Byte.toUnsignedInt((byte) CATTR.get(segment, base));
    }

    /** Whether the host does without submission queue flow control. */
    public boolean flowControlDisabled() {
        return (attributes() & CATTR_DISABLE_SQ_FLOW_CONTROL) != 0;
    }

    /** KATO in milliseconds; 0 is no Keep Alive. */
    public long keepAliveTimeoutMillis() {
        return Integer.toUnsignedLong((int) KATO.get(segment, base));
    }

    /** FCTYPE of a command with the Fabrics opcode, 0 to 255; see {@link FabricsCommandType#ofCode}. */
    public static int commandType(SubmissionQueueEntry entry) {
        return entry.namespaceId() & 0xFF; // Fabrics commands have FCTYPE in the first byte of what is NSID elsewhere.
    }

    /** Dword 0 of a successful Connect: the controller, and what authentication it asks for. */
    public static int successResult(int controllerId, int authenticationRequirements) {
        return controllerId & LOW_HALF | authenticationRequirements;
    }

    /** The controller that dword 0 of a successful Connect names. */
    public static int controllerId(int dword0) {
        return dword0 & LOW_HALF;
    }

    /**
     * Dword 0 of Connect Invalid Parameters: IATTR and IPO.
     *
     * @param inData whether the parameter is in the {@link ConnectData}, not in the command
     * @param offset byte offset of the parameter there
     */
    public static int invalidParameterResult(boolean inData, int offset) {
        return offset & LOW_HALF | (inData ? PARAMETER_IN_DATA : 0);
    }

    /** Whether dword 0 of Connect Invalid Parameters speaks of the data; the offset is in its low 16 bits. */
    public static boolean invalidParameterInData(int dword0) {
        return (dword0 & PARAMETER_IN_DATA) != 0;
    }

    private static VarHandle field(String name) {
        return LAYOUT.varHandle(groupElement(name));
    }
}
