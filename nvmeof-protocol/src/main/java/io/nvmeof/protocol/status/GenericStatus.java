package io.nvmeof.protocol.status;

/**
 * Status Code Type 0: statuses any command may end with (NVMe Base 2.1, Generic Command Status; 80h and up: NVM Command
 * Set 1.1 and Key Value Command Set).
 */
public enum GenericStatus implements StatusCode {
    /** Successful Completion (00h). */
    SUCCESSFUL_COMPLETION(0x00, "Successful Completion"),
    /** Invalid Command Opcode (01h). */
    INVALID_OPCODE(0x01, "Invalid Command Opcode"),
    /** Invalid Field in Command (02h). */
    INVALID_FIELD_IN_COMMAND(0x02, "Invalid Field in Command"),
    /** Command ID Conflict (03h). */
    COMMAND_ID_CONFLICT(0x03, "Command ID Conflict"),
    /** Data Transfer Error (04h). */
    DATA_TRANSFER_ERROR(0x04, "Data Transfer Error"),
    /** Commands Aborted due to Power Loss Notification (05h). */
    COMMANDS_ABORTED_POWER_LOSS(0x05, "Commands Aborted due to Power Loss Notification"),
    /** Internal Error (06h). */
    INTERNAL_ERROR(0x06, "Internal Error"),
    /** Command Abort Requested (07h). */
    COMMAND_ABORT_REQUESTED(0x07, "Command Abort Requested"),
    /** Command Aborted due to SQ Deletion (08h). */
    COMMAND_ABORTED_SQ_DELETION(0x08, "Command Aborted due to SQ Deletion"),
    /** Command Aborted due to Failed Fused Command (09h). */
    COMMAND_ABORTED_FAILED_FUSED(0x09, "Command Aborted due to Failed Fused Command"),
    /** Command Aborted due to Missing Fused Command (0Ah). */
    COMMAND_ABORTED_MISSING_FUSED(0x0A, "Command Aborted due to Missing Fused Command"),
    /** Invalid Namespace or Format (0Bh). */
    INVALID_NAMESPACE_OR_FORMAT(0x0B, "Invalid Namespace or Format"),
    /** Command Sequence Error (0Ch). */
    COMMAND_SEQUENCE_ERROR(0x0C, "Command Sequence Error"),
    /** Invalid SGL Segment Descriptor (0Dh). */
    INVALID_SGL_SEGMENT_DESCRIPTOR(0x0D, "Invalid SGL Segment Descriptor"),
    /** Invalid Number of SGL Descriptors (0Eh). */
    INVALID_NUMBER_OF_SGL_DESCRIPTORS(0x0E, "Invalid Number of SGL Descriptors"),
    /** Data SGL Length Invalid (0Fh). */
    DATA_SGL_LENGTH_INVALID(0x0F, "Data SGL Length Invalid"),
    /** Metadata SGL Length Invalid (10h). */
    METADATA_SGL_LENGTH_INVALID(0x10, "Metadata SGL Length Invalid"),
    /** SGL Descriptor Type Invalid (11h). */
    SGL_DESCRIPTOR_TYPE_INVALID(0x11, "SGL Descriptor Type Invalid"),
    /** Invalid Use of Controller Memory Buffer (12h). */
    INVALID_USE_OF_CONTROLLER_MEMORY_BUFFER(0x12, "Invalid Use of Controller Memory Buffer"),
    /** PRP Offset Invalid (13h). */
    PRP_OFFSET_INVALID(0x13, "PRP Offset Invalid"),
    /** Atomic Write Unit Exceeded (14h). */
    ATOMIC_WRITE_UNIT_EXCEEDED(0x14, "Atomic Write Unit Exceeded"),
    /** Operation Denied (15h). */
    OPERATION_DENIED(0x15, "Operation Denied"),
    /** SGL Offset Invalid (16h). */
    SGL_OFFSET_INVALID(0x16, "SGL Offset Invalid"),
    /** Host Identifier Inconsistent Format (18h). */
    HOST_IDENTIFIER_INCONSISTENT_FORMAT(0x18, "Host Identifier Inconsistent Format"),
    /** Keep Alive Timer Expired (19h). */
    KEEP_ALIVE_TIMER_EXPIRED(0x19, "Keep Alive Timer Expired"),
    /** Keep Alive Timeout Invalid (1Ah). */
    KEEP_ALIVE_TIMEOUT_INVALID(0x1A, "Keep Alive Timeout Invalid"),
    /** Command Aborted due to Preempt and Abort (1Bh). */
    COMMAND_ABORTED_PREEMPT_AND_ABORT(0x1B, "Command Aborted due to Preempt and Abort"),
    /** Sanitize Failed (1Ch). */
    SANITIZE_FAILED(0x1C, "Sanitize Failed"),
    /** Sanitize In Progress (1Dh). */
    SANITIZE_IN_PROGRESS(0x1D, "Sanitize In Progress"),
    /** SGL Data Block Granularity Invalid (1Eh). */
    SGL_DATA_BLOCK_GRANULARITY_INVALID(0x1E, "SGL Data Block Granularity Invalid"),
    /** Command Not Supported for Queue in CMB (1Fh). */
    COMMAND_NOT_SUPPORTED_FOR_QUEUE_IN_CMB(0x1F, "Command Not Supported for Queue in CMB"),
    /** Namespace is Write Protected (20h). */
    NAMESPACE_IS_WRITE_PROTECTED(0x20, "Namespace is Write Protected"),
    /** Command Interrupted (21h). */
    COMMAND_INTERRUPTED(0x21, "Command Interrupted"),
    /** Transient Transport Error (22h). */
    TRANSIENT_TRANSPORT_ERROR(0x22, "Transient Transport Error"),
    /** Command Prohibited by Command and Feature Lockdown (23h). */
    COMMAND_PROHIBITED_BY_LOCKDOWN(0x23, "Command Prohibited by Command and Feature Lockdown"),
    /** Admin Command Media Not Ready (24h). */
    ADMIN_COMMAND_MEDIA_NOT_READY(0x24, "Admin Command Media Not Ready"),
    /** Invalid Key Tag (25h). */
    INVALID_KEY_TAG(0x25, "Invalid Key Tag"),
    /** Host Dispersed Namespace Support Not Enabled (26h). */
    HOST_DISPERSED_NAMESPACE_SUPPORT_NOT_ENABLED(0x26, "Host Dispersed Namespace Support Not Enabled"),
    /** Host Identifier Not Initialized (27h). */
    HOST_IDENTIFIER_NOT_INITIALIZED(0x27, "Host Identifier Not Initialized"),
    /** Incorrect Key (28h). */
    INCORRECT_KEY(0x28, "Incorrect Key"),
    /** FDP Disabled (29h). */
    FDP_DISABLED(0x29, "FDP Disabled"),
    /** Invalid Placement Handle List (2Ah). */
    INVALID_PLACEMENT_HANDLE_LIST(0x2A, "Invalid Placement Handle List"),
    /** LBA Out of Range (80h). */
    LBA_OUT_OF_RANGE(0x80, "LBA Out of Range"),
    /** Capacity Exceeded (81h). */
    CAPACITY_EXCEEDED(0x81, "Capacity Exceeded"),
    /** Namespace Not Ready (82h). */
    NAMESPACE_NOT_READY(0x82, "Namespace Not Ready"),
    /** Reservation Conflict (83h). */
    RESERVATION_CONFLICT(0x83, "Reservation Conflict"),
    /** Format In Progress (84h). */
    FORMAT_IN_PROGRESS(0x84, "Format In Progress"),
    /** Invalid Value Size (85h). */
    INVALID_VALUE_SIZE(0x85, "Invalid Value Size"),
    /** Invalid Key Size (86h). */
    INVALID_KEY_SIZE(0x86, "Invalid Key Size"),
    /** KV Key Does Not Exist (87h). */
    KEY_DOES_NOT_EXIST(0x87, "KV Key Does Not Exist"),
    /** Unrecovered Error (88h). */
    UNRECOVERED_ERROR(0x88, "Unrecovered Error"),
    /** Key Exists (89h). */
    KEY_EXISTS(0x89, "Key Exists");

    /** The Status Code Type all of these share. */
    public static final int TYPE = 0;

    private static final GenericStatus[] BY_CODE = new GenericStatus[256];

    static {
        for (GenericStatus status : values()) {
            BY_CODE[status.code] = status;
        }
    }

    private final int code;
    private final String description;

    GenericStatus(int code, String description) {
        this.code = code;
        this.description = description;
    }

    /** Returns the status with this Status Code (0..255), or null if this type has no such code. */
    public static GenericStatus ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public int code() {
        return code;
    }

    @Override
    public String description() {
        return description;
    }
}
