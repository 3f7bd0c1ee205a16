package io.nvmeof.protocol.admin;

/** What Set Features and Get Features are about (NVMe Base 2.1, Feature Identifiers). */
public enum FeatureIdentifier {
    /** Arbitration (01h). */
    ARBITRATION(0x01),
    /** Power Management (02h). */
    POWER_MANAGEMENT(0x02),
    /** LBA Range Type (03h). */
    LBA_RANGE_TYPE(0x03),
    /** Temperature Threshold (04h). */
    TEMPERATURE_THRESHOLD(0x04),
    /** Error Recovery (05h). */
    ERROR_RECOVERY(0x05),
    /** Volatile Write Cache (06h). */
    VOLATILE_WRITE_CACHE(0x06),
    /** Number of Queues (07h). */
    NUMBER_OF_QUEUES(0x07),
    /** Interrupt Coalescing; not over fabrics (08h). */
    INTERRUPT_COALESCING(0x08),
    /** Interrupt Vector Configuration; not over fabrics (09h). */
    INTERRUPT_VECTOR_CONFIGURATION(0x09),
    /** Write Atomicity Normal (0Ah). */
    WRITE_ATOMICITY_NORMAL(0x0A),
    /** Asynchronous Event Configuration (0Bh). */
    ASYNCHRONOUS_EVENT_CONFIGURATION(0x0B),
    /** Autonomous Power State Transition (0Ch). */
    AUTONOMOUS_POWER_STATE_TRANSITION(0x0C),
    /** Host Memory Buffer; not over fabrics (0Dh). */
    HOST_MEMORY_BUFFER(0x0D),
    /** Timestamp (0Eh). */
    TIMESTAMP(0x0E),
    /** Keep Alive Timer (0Fh). */
    KEEP_ALIVE_TIMER(0x0F),
    /** Host Controlled Thermal Management (10h). */
    HOST_CONTROLLED_THERMAL_MANAGEMENT(0x10),
    /** Non-Operational Power State Config (11h). */
    NON_OPERATIONAL_POWER_STATE_CONFIG(0x11),
    /** Read Recovery Level Config (12h). */
    READ_RECOVERY_LEVEL_CONFIG(0x12),
    /** Predictable Latency Mode Config (13h). */
    PREDICTABLE_LATENCY_MODE_CONFIG(0x13),
    /** Predictable Latency Mode Window (14h). */
    PREDICTABLE_LATENCY_MODE_WINDOW(0x14),
    /** LBA Status Information Attributes (15h). */
    LBA_STATUS_INFORMATION_ATTRIBUTES(0x15),
    /** Host Behavior Support (16h). */
    HOST_BEHAVIOR_SUPPORT(0x16),
    /** Sanitize Config (17h). */
    SANITIZE_CONFIG(0x17),
    /** Endurance Group Event Configuration (18h). */
    ENDURANCE_GROUP_EVENT_CONFIGURATION(0x18),
    /** I/O Command Set Profile (19h). */
    IO_COMMAND_SET_PROFILE(0x19),
    /** Spinup Control (1Ah). */
    SPINUP_CONTROL(0x1A),
    /** Power Loss Signaling Config (1Bh). */
    POWER_LOSS_SIGNALING_CONFIG(0x1B),
    /** Performance Characteristics (1Ch). */
    PERFORMANCE_CHARACTERISTICS(0x1C),
    /** Flexible Data Placement (1Dh). */
    FLEXIBLE_DATA_PLACEMENT(0x1D),
    /** Flexible Data Placement Events (1Eh). */
    FLEXIBLE_DATA_PLACEMENT_EVENTS(0x1E),
    /** Namespace Admin Label (1Fh). */
    NAMESPACE_ADMIN_LABEL(0x1F),
    /** Key Value Configuration (20h). */
    KEY_VALUE_CONFIGURATION(0x20),
    /** Controller Data Queue (21h). */
    CONTROLLER_DATA_QUEUE(0x21),
    /** Embedded Management Controller Address (78h). */
    EMBEDDED_MANAGEMENT_CONTROLLER_ADDRESS(0x78),
    /** Host Management Agent Address (79h). */
    HOST_MANAGEMENT_AGENT_ADDRESS(0x79),
    /** Enhanced Controller Metadata (7Dh). */
    ENHANCED_CONTROLLER_METADATA(0x7D),
    /** Controller Metadata (7Eh). */
    CONTROLLER_METADATA(0x7E),
    /** Namespace Metadata (7Fh). */
    NAMESPACE_METADATA(0x7F),
    /** Software Progress Marker (80h). */
    SOFTWARE_PROGRESS_MARKER(0x80),
    /** Host Identifier (81h). */
    HOST_IDENTIFIER(0x81),
    /** Reservation Notification Mask (82h). */
    RESERVATION_NOTIFICATION_MASK(0x82),
    /** Reservation Persistence (83h). */
    RESERVATION_PERSISTENCE(0x83),
    /** Namespace Write Protection Config (84h). */
    NAMESPACE_WRITE_PROTECTION_CONFIG(0x84),
    /** Boot Partition Write Protection Config (85h). */
    BOOT_PARTITION_WRITE_PROTECTION_CONFIG(0x85);

    private static final FeatureIdentifier[] BY_CODE = new FeatureIdentifier[256];

    static {
        for (FeatureIdentifier value : values()) {
            BY_CODE[value.code] = value;
        }
    }

    private final int code;

    FeatureIdentifier(int code) {
        this.code = code;
    }

    /** Returns the feature identifier with this code (0..255), or null if there is none. */
    public static FeatureIdentifier ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The feature identifier on the wire. */
    public int code() {
        return code;
    }
}
