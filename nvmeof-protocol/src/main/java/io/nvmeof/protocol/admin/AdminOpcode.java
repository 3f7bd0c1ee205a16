package io.nvmeof.protocol.admin;

/** Opcodes of the admin queue (NVMe Base 2.1, Opcodes for Admin Commands). */
public enum AdminOpcode {
    /** Delete I/O Submission Queue; not over fabrics (00h). */
    DELETE_IO_SUBMISSION_QUEUE(0x00),
    /** Create I/O Submission Queue; not over fabrics (01h). */
    CREATE_IO_SUBMISSION_QUEUE(0x01),
    /** Get Log Page (02h). */
    GET_LOG_PAGE(0x02),
    /** Delete I/O Completion Queue; not over fabrics (04h). */
    DELETE_IO_COMPLETION_QUEUE(0x04),
    /** Create I/O Completion Queue; not over fabrics (05h). */
    CREATE_IO_COMPLETION_QUEUE(0x05),
    /** Identify (06h). */
    IDENTIFY(0x06),
    /** Abort (08h). */
    ABORT(0x08),
    /** Set Features (09h). */
    SET_FEATURES(0x09),
    /** Get Features (0Ah). */
    GET_FEATURES(0x0A),
    /** Asynchronous Event Request (0Ch). */
    ASYNCHRONOUS_EVENT_REQUEST(0x0C),
    /** Namespace Management (0Dh). */
    NAMESPACE_MANAGEMENT(0x0D),
    /** Firmware Commit (10h). */
    FIRMWARE_COMMIT(0x10),
    /** Firmware Image Download (11h). */
    FIRMWARE_IMAGE_DOWNLOAD(0x11),
    /** Device Self-test (14h). */
    DEVICE_SELF_TEST(0x14),
    /** Namespace Attachment (15h). */
    NAMESPACE_ATTACHMENT(0x15),
    /** Keep Alive (18h). */
    KEEP_ALIVE(0x18),
    /** Directive Send (19h). */
    DIRECTIVE_SEND(0x19),
    /** Directive Receive (1Ah). */
    DIRECTIVE_RECEIVE(0x1A),
    /** Virtualization Management (1Ch). */
    VIRTUALIZATION_MANAGEMENT(0x1C),
    /** NVMe-MI Send (1Dh). */
    NVME_MI_SEND(0x1D),
    /** NVMe-MI Receive (1Eh). */
    NVME_MI_RECEIVE(0x1E),
    /** Capacity Management (20h). */
    CAPACITY_MANAGEMENT(0x20),
    /** Discovery Information Management (21h). */
    DISCOVERY_INFORMATION_MANAGEMENT(0x21),
    /** Fabric Zoning Receive (22h). */
    FABRIC_ZONING_RECEIVE(0x22),
    /** Lockdown (24h). */
    LOCKDOWN(0x24),
    /** Fabric Zoning Lookup (25h). */
    FABRIC_ZONING_LOOKUP(0x25),
    /** Clear Exported NVM Resource Configuration (28h). */
    CLEAR_EXPORTED_NVM_RESOURCE_CONFIGURATION(0x28),
    /** Fabric Zoning Send (29h). */
    FABRIC_ZONING_SEND(0x29),
    /** Create Exported NVM Subsystem (2Ah). */
    CREATE_EXPORTED_NVM_SUBSYSTEM(0x2A),
    /** Manage Exported NVM Subsystem (2Dh). */
    MANAGE_EXPORTED_NVM_SUBSYSTEM(0x2D),
    /** Manage Exported Namespace (31h). */
    MANAGE_EXPORTED_NAMESPACE(0x31),
    /** Manage Exported Port (35h). */
    MANAGE_EXPORTED_PORT(0x35),
    /** Send Discovery Log Page (39h). */
    SEND_DISCOVERY_LOG_PAGE(0x39),
    /** Track Send (3Dh). */
    TRACK_SEND(0x3D),
    /** Track Receive (3Eh). */
    TRACK_RECEIVE(0x3E),
    /** Migration Send (41h). */
    MIGRATION_SEND(0x41),
    /** Migration Receive (42h). */
    MIGRATION_RECEIVE(0x42),
    /** Controller Data Queue (45h). */
    CONTROLLER_DATA_QUEUE(0x45),
    /** Doorbell Buffer Config; not over fabrics (7Ch). */
    DOORBELL_BUFFER_CONFIG(0x7C),
    /** Fabrics commands, told apart by their command type (7Fh). */
    FABRICS(0x7F),
    /** Format NVM (80h). */
    FORMAT_NVM(0x80),
    /** Security Send (81h). */
    SECURITY_SEND(0x81),
    /** Security Receive (82h). */
    SECURITY_RECEIVE(0x82),
    /** Sanitize (84h). */
    SANITIZE(0x84),
    /** Load Program (85h). */
    LOAD_PROGRAM(0x85),
    /** Get LBA Status (86h). */
    GET_LBA_STATUS(0x86),
    /** Program Activation Management (88h). */
    PROGRAM_ACTIVATION_MANAGEMENT(0x88),
    /** Memory Range Set Management (89h). */
    MEMORY_RANGE_SET_MANAGEMENT(0x89);

    private static final AdminOpcode[] BY_CODE = new AdminOpcode[256];

    static {
        for (AdminOpcode value : values()) {
            BY_CODE[value.code] = value;
        }
    }

    private final int code;

    AdminOpcode(int code) {
        this.code = code;
    }

    /** Returns the opcode with this code (0..255), or null if there is none. */
    public static AdminOpcode ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The opcode on the wire. */
    public int code() {
        return code;
    }
}
