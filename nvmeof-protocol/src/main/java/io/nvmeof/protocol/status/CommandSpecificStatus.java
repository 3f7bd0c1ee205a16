package io.nvmeof.protocol.status;

/**
 * Status Code Type 1: what a code means depends on the command (NVMe Base 2.1, Command Specific Status; NVM Command Set
 * 1.1; Zoned Namespace Command Set; Fabrics).
 *
 * <p>Codes 80h to 85h have two names each: one for I/O commands and one for Fabrics commands. {@link #ofCode} reads
 * them as an I/O command's, {@link #ofFabricsCode} as a Fabrics command's.
 */
public enum CommandSpecificStatus implements StatusCode {
    /** Completion Queue Invalid (00h). */
    COMPLETION_QUEUE_INVALID(0x00, "Completion Queue Invalid"),
    /** Invalid Queue Identifier (01h). */
    INVALID_QUEUE_IDENTIFIER(0x01, "Invalid Queue Identifier"),
    /** Invalid Queue Size (02h). */
    INVALID_QUEUE_SIZE(0x02, "Invalid Queue Size"),
    /** Abort Command Limit Exceeded (03h). */
    ABORT_COMMAND_LIMIT_EXCEEDED(0x03, "Abort Command Limit Exceeded"),
    /** Asynchronous Event Request Limit Exceeded (05h). */
    ASYNCHRONOUS_EVENT_REQUEST_LIMIT_EXCEEDED(0x05, "Asynchronous Event Request Limit Exceeded"),
    /** Invalid Firmware Slot (06h). */
    INVALID_FIRMWARE_SLOT(0x06, "Invalid Firmware Slot"),
    /** Invalid Firmware Image (07h). */
    INVALID_FIRMWARE_IMAGE(0x07, "Invalid Firmware Image"),
    /** Invalid Interrupt Vector (08h). */
    INVALID_INTERRUPT_VECTOR(0x08, "Invalid Interrupt Vector"),
    /** Invalid Log Page (09h). */
    INVALID_LOG_PAGE(0x09, "Invalid Log Page"),
    /** Invalid Format (0Ah). */
    INVALID_FORMAT(0x0A, "Invalid Format"),
    /** Firmware Activation Requires Conventional Reset (0Bh). */
    FIRMWARE_ACTIVATION_REQUIRES_CONVENTIONAL_RESET(0x0B, "Firmware Activation Requires Conventional Reset"),
    /** Invalid Queue Deletion (0Ch). */
    INVALID_QUEUE_DELETION(0x0C, "Invalid Queue Deletion"),
    /** Feature Identifier Not Saveable (0Dh). */
    FEATURE_IDENTIFIER_NOT_SAVEABLE(0x0D, "Feature Identifier Not Saveable"),
    /** Feature Not Changeable (0Eh). */
    FEATURE_NOT_CHANGEABLE(0x0E, "Feature Not Changeable"),
    /** Feature Not Namespace Specific (0Fh). */
    FEATURE_NOT_NAMESPACE_SPECIFIC(0x0F, "Feature Not Namespace Specific"),
    /** Firmware Activation Requires NVM Subsystem Reset (10h). */
    FIRMWARE_ACTIVATION_REQUIRES_NVM_SUBSYSTEM_RESET(0x10, "Firmware Activation Requires NVM Subsystem Reset"),
    /** Firmware Activation Requires Controller Level Reset (11h). */
    FIRMWARE_ACTIVATION_REQUIRES_CONTROLLER_LEVEL_RESET(0x11, "Firmware Activation Requires Controller Level Reset"),
    /** Firmware Activation Requires Maximum Time Violation (12h). */
    FIRMWARE_ACTIVATION_REQUIRES_MAXIMUM_TIME_VIOLATION(0x12, "Firmware Activation Requires Maximum Time Violation"),
    /** Firmware Activation Prohibited (13h). */
    FIRMWARE_ACTIVATION_PROHIBITED(0x13, "Firmware Activation Prohibited"),
    /** Overlapping Range (14h). */
    OVERLAPPING_RANGE(0x14, "Overlapping Range"),
    /** Namespace Insufficient Capacity (15h). */
    NAMESPACE_INSUFFICIENT_CAPACITY(0x15, "Namespace Insufficient Capacity"),
    /** Namespace Identifier Unavailable (16h). */
    NAMESPACE_IDENTIFIER_UNAVAILABLE(0x16, "Namespace Identifier Unavailable"),
    /** Namespace Already Attached (18h). */
    NAMESPACE_ALREADY_ATTACHED(0x18, "Namespace Already Attached"),
    /** Namespace Is Private (19h). */
    NAMESPACE_IS_PRIVATE(0x19, "Namespace Is Private"),
    /** Namespace Not Attached (1Ah). */
    NAMESPACE_NOT_ATTACHED(0x1A, "Namespace Not Attached"),
    /** Thin Provisioning Not Supported (1Bh). */
    THIN_PROVISIONING_NOT_SUPPORTED(0x1B, "Thin Provisioning Not Supported"),
    /** Controller List Invalid (1Ch). */
    CONTROLLER_LIST_INVALID(0x1C, "Controller List Invalid"),
    /** Device Self-test In Progress (1Dh). */
    DEVICE_SELF_TEST_IN_PROGRESS(0x1D, "Device Self-test In Progress"),
    /** Boot Partition Write Prohibited (1Eh). */
    BOOT_PARTITION_WRITE_PROHIBITED(0x1E, "Boot Partition Write Prohibited"),
    /** Invalid Controller Identifier (1Fh). */
    INVALID_CONTROLLER_IDENTIFIER(0x1F, "Invalid Controller Identifier"),
    /** Invalid Secondary Controller State (20h). */
    INVALID_SECONDARY_CONTROLLER_STATE(0x20, "Invalid Secondary Controller State"),
    /** Invalid Number of Controller Resources (21h). */
    INVALID_NUMBER_OF_CONTROLLER_RESOURCES(0x21, "Invalid Number of Controller Resources"),
    /** Invalid Resource Identifier (22h). */
    INVALID_RESOURCE_IDENTIFIER(0x22, "Invalid Resource Identifier"),
    /** Sanitize Prohibited While Persistent Memory Region is Enabled (23h). */
    SANITIZE_PROHIBITED_WHILE_PMR_ENABLED(0x23, "Sanitize Prohibited While Persistent Memory Region is Enabled"),
    /** ANA Group Identifier Invalid (24h). */
    ANA_GROUP_IDENTIFIER_INVALID(0x24, "ANA Group Identifier Invalid"),
    /** ANA Attach Failed (25h). */
    ANA_ATTACH_FAILED(0x25, "ANA Attach Failed"),
    /** Insufficient Capacity (26h). */
    INSUFFICIENT_CAPACITY(0x26, "Insufficient Capacity"),
    /** Namespace Attachment Limit Exceeded (27h). */
    NAMESPACE_ATTACHMENT_LIMIT_EXCEEDED(0x27, "Namespace Attachment Limit Exceeded"),
    /** Prohibition of Command Execution Not Supported (28h). */
    PROHIBITION_OF_COMMAND_EXECUTION_NOT_SUPPORTED(0x28, "Prohibition of Command Execution Not Supported"),
    /** I/O Command Set Not Supported (29h). */
    IO_COMMAND_SET_NOT_SUPPORTED(0x29, "I/O Command Set Not Supported"),
    /** I/O Command Set Not Enabled (2Ah). */
    IO_COMMAND_SET_NOT_ENABLED(0x2A, "I/O Command Set Not Enabled"),
    /** I/O Command Set Combination Rejected (2Bh). */
    IO_COMMAND_SET_COMBINATION_REJECTED(0x2B, "I/O Command Set Combination Rejected"),
    /** Invalid I/O Command Set (2Ch). */
    INVALID_IO_COMMAND_SET(0x2C, "Invalid I/O Command Set"),
    /** Identifier Unavailable (2Dh). */
    IDENTIFIER_UNAVAILABLE(0x2D, "Identifier Unavailable"),
    /** Namespace Is Dispersed (2Eh). */
    NAMESPACE_IS_DISPERSED(0x2E, "Namespace Is Dispersed"),
    /** Invalid Discovery Information (2Fh). */
    INVALID_DISCOVERY_INFORMATION(0x2F, "Invalid Discovery Information"),
    /** Zoning Data Structure Locked (30h). */
    ZONING_DATA_STRUCTURE_LOCKED(0x30, "Zoning Data Structure Locked"),
    /** Zoning Data Structure Not Found (31h). */
    ZONING_DATA_STRUCTURE_NOT_FOUND(0x31, "Zoning Data Structure Not Found"),
    /** Insufficient Discovery Resources (32h). */
    INSUFFICIENT_DISCOVERY_RESOURCES(0x32, "Insufficient Discovery Resources"),
    /** Requested Function Disabled (33h). */
    REQUESTED_FUNCTION_DISABLED(0x33, "Requested Function Disabled"),
    /** ZoneGroup Originator Invalid (34h). */
    ZONEGROUP_ORIGINATOR_INVALID(0x34, "ZoneGroup Originator Invalid"),
    /** Invalid Host (35h). */
    INVALID_HOST(0x35, "Invalid Host"),
    /** Invalid NVM Subsystem (36h). */
    INVALID_NVM_SUBSYSTEM(0x36, "Invalid NVM Subsystem"),
    /** Invalid Controller Data Queue (37h). */
    INVALID_CONTROLLER_DATA_QUEUE(0x37, "Invalid Controller Data Queue"),
    /** Not Enough Resources (38h). */
    NOT_ENOUGH_RESOURCES(0x38, "Not Enough Resources"),
    /** Controller Suspended (39h). */
    CONTROLLER_SUSPENDED(0x39, "Controller Suspended"),
    /** Controller Not Suspended (3Ah). */
    CONTROLLER_NOT_SUSPENDED(0x3A, "Controller Not Suspended"),
    /** Controller Data Queue Full (3Bh). */
    CONTROLLER_DATA_QUEUE_FULL(0x3B, "Controller Data Queue Full"),
    /** Conflicting Attributes (80h). */
    CONFLICTING_ATTRIBUTES(0x80, "Conflicting Attributes"),
    /** Invalid Protection Information (81h). */
    INVALID_PROTECTION_INFORMATION(0x81, "Invalid Protection Information"),
    /** Attempted Write to Read Only Range (82h). */
    ATTEMPTED_WRITE_TO_READ_ONLY_RANGE(0x82, "Attempted Write to Read Only Range"),
    /** Command Size Limit Exceeded (83h). */
    COMMAND_SIZE_LIMIT_EXCEEDED(0x83, "Command Size Limit Exceeded"),
    /** Invalid Command ID (84h). */
    INVALID_COMMAND_ID(0x84, "Invalid Command ID"),
    /** Incompatible Namespace or Format (85h). */
    INCOMPATIBLE_NAMESPACE_OR_FORMAT(0x85, "Incompatible Namespace or Format"),
    /** Fast Copy Not Possible (86h). */
    FAST_COPY_NOT_POSSIBLE(0x86, "Fast Copy Not Possible"),
    /** Overlapping I/O Range (87h). */
    OVERLAPPING_IO_RANGE(0x87, "Overlapping I/O Range"),
    /** Namespace Not Reachable (88h). */
    NAMESPACE_NOT_REACHABLE(0x88, "Namespace Not Reachable"),
    /** Insufficient Resources (89h). */
    INSUFFICIENT_RESOURCES(0x89, "Insufficient Resources"),
    /** Invalid Zone Operation Request (B6h). */
    ZONE_INVALID_OPERATION_REQUEST(0xB6, "Invalid Zone Operation Request"),
    /** ZRWA Resources Unavailable (B7h). */
    ZONE_RANDOM_WRITE_AREA_RESOURCES_UNAVAILABLE(0xB7, "ZRWA Resources Unavailable"),
    /** Zoned Boundary Error (B8h). */
    ZONE_BOUNDARY_ERROR(0xB8, "Zoned Boundary Error"),
    /** Zone Is Full (B9h). */
    ZONE_IS_FULL(0xB9, "Zone Is Full"),
    /** Zone Is Read Only (BAh). */
    ZONE_IS_READ_ONLY(0xBA, "Zone Is Read Only"),
    /** Zone Is Offline (BBh). */
    ZONE_IS_OFFLINE(0xBB, "Zone Is Offline"),
    /** Zone Invalid Write (BCh). */
    ZONE_INVALID_WRITE(0xBC, "Zone Invalid Write"),
    /** Too Many Active Zones (BDh). */
    TOO_MANY_ACTIVE_ZONES(0xBD, "Too Many Active Zones"),
    /** Too Many Open Zones (BEh). */
    TOO_MANY_OPEN_ZONES(0xBE, "Too Many Open Zones"),
    /** Invalid Zone State Transition (BFh). */
    INVALID_ZONE_STATE_TRANSITION(0xBF, "Invalid Zone State Transition"),
    /** Connect Incompatible Format (80h). */
    CONNECT_INCOMPATIBLE_FORMAT(0x80, "Connect Incompatible Format"),
    /** Connect Controller Busy (81h). */
    CONNECT_CONTROLLER_BUSY(0x81, "Connect Controller Busy"),
    /** Connect Invalid Parameters (82h). */
    CONNECT_INVALID_PARAMETERS(0x82, "Connect Invalid Parameters"),
    /** Connect Restart Discovery (83h). */
    CONNECT_RESTART_DISCOVERY(0x83, "Connect Restart Discovery"),
    /** Connect Invalid Host (84h). */
    CONNECT_INVALID_HOST(0x84, "Connect Invalid Host"),
    /** Invalid Queue Type (85h). */
    DISCONNECT_INVALID_QUEUE_TYPE(0x85, "Invalid Queue Type"),
    /** Discover Restart (90h). */
    DISCOVER_RESTART(0x90, "Discover Restart"),
    /** Authentication Required (91h). */
    AUTHENTICATION_REQUIRED(0x91, "Authentication Required");

    /** The Status Code Type all of these share. */
    public static final int TYPE = 1;

    private static final CommandSpecificStatus[] BY_CODE = new CommandSpecificStatus[256];
    private static final CommandSpecificStatus[] FABRICS_BY_CODE = new CommandSpecificStatus[256];

    static {
        for (CommandSpecificStatus status : values()) {
            FABRICS_BY_CODE[status.code] = status; // The Fabrics names come last and win.
            if (BY_CODE[status.code] == null) {
                BY_CODE[status.code] = status;
            }
        }
    }

    private final int code;
    private final String description;

    CommandSpecificStatus(int code, String description) {
        this.code = code;
        this.description = description;
    }

    /** Returns the status with this Status Code (0..255), or null if this type has no such code. */
    public static CommandSpecificStatus ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** As {@link #ofCode}, for the completion of a Fabrics command (Connect, Disconnect, Property Get and Set, ...). */
    public static CommandSpecificStatus ofFabricsCode(int code) {
        return FABRICS_BY_CODE[code & 0xFF];
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
