package io.nvmeof.protocol.admin;

/** What Get Log Page returns (NVMe Base 2.1, Log Page Identifiers). */
public enum LogPageIdentifier {
    /** Supported Log Pages (00h). */
    SUPPORTED_LOG_PAGES(0x00),
    /** Error Information (01h). */
    ERROR_INFORMATION(0x01),
    /** SMART / Health Information (02h). */
    SMART_HEALTH_INFORMATION(0x02),
    /** Firmware Slot Information (03h). */
    FIRMWARE_SLOT_INFORMATION(0x03),
    /** Changed Attached Namespace List (04h). */
    CHANGED_ATTACHED_NAMESPACE_LIST(0x04),
    /** Commands Supported and Effects (05h). */
    COMMANDS_SUPPORTED_AND_EFFECTS(0x05),
    /** Device Self-test (06h). */
    DEVICE_SELF_TEST(0x06),
    /** Telemetry Host-Initiated (07h). */
    TELEMETRY_HOST_INITIATED(0x07),
    /** Telemetry Controller-Initiated (08h). */
    TELEMETRY_CONTROLLER_INITIATED(0x08),
    /** Endurance Group Information (09h). */
    ENDURANCE_GROUP_INFORMATION(0x09),
    /** Predictable Latency Per NVM Set (0Ah). */
    PREDICTABLE_LATENCY_PER_NVM_SET(0x0A),
    /** Predictable Latency Event Aggregate (0Bh). */
    PREDICTABLE_LATENCY_EVENT_AGGREGATE(0x0B),
    /** Asymmetric Namespace Access (0Ch). */
    ASYMMETRIC_NAMESPACE_ACCESS(0x0C),
    /** Persistent Event Log (0Dh). */
    PERSISTENT_EVENT(0x0D),
    /** LBA Status Information (0Eh). */
    LBA_STATUS_INFORMATION(0x0E),
    /** Endurance Group Event Aggregate (0Fh). */
    ENDURANCE_GROUP_EVENT_AGGREGATE(0x0F),
    /** Media Unit Status (10h). */
    MEDIA_UNIT_STATUS(0x10),
    /** Supported Capacity Configuration List (11h). */
    SUPPORTED_CAPACITY_CONFIGURATION_LIST(0x11),
    /** Feature Identifiers Supported and Effects (12h). */
    FEATURE_IDENTIFIERS_SUPPORTED_AND_EFFECTS(0x12),
    /** NVMe-MI Commands Supported and Effects (13h). */
    NVME_MI_COMMANDS_SUPPORTED_AND_EFFECTS(0x13),
    /** Command and Feature Lockdown (14h). */
    COMMAND_AND_FEATURE_LOCKDOWN(0x14),
    /** Boot Partition (15h). */
    BOOT_PARTITION(0x15),
    /** Rotational Media Information (16h). */
    ROTATIONAL_MEDIA_INFORMATION(0x16),
    /** Dispersed Namespace Participating NVM Subsystems (17h). */
    DISPERSED_NAMESPACE_PARTICIPATING_SUBSYSTEMS(0x17),
    /** Management Address List (18h). */
    MANAGEMENT_ADDRESS_LIST(0x18),
    /** Physical Interface Receiver Eye Opening Measurement (19h). */
    PHYSICAL_INTERFACE_RECEIVER_EYE_OPENING(0x19),
    /** Reachability Groups (1Ah). */
    REACHABILITY_GROUPS(0x1A),
    /** Reachability Associations (1Bh). */
    REACHABILITY_ASSOCIATIONS(0x1B),
    /** Changed Allocated Namespace List (1Ch). */
    CHANGED_ALLOCATED_NAMESPACE_LIST(0x1C),
    /** FDP Configurations (20h). */
    FDP_CONFIGURATIONS(0x20),
    /** Reclaim Unit Handle Usage (21h). */
    RECLAIM_UNIT_HANDLE_USAGE(0x21),
    /** FDP Statistics (22h). */
    FDP_STATISTICS(0x22),
    /** FDP Events (23h). */
    FDP_EVENTS(0x23),
    /** Discovery (70h). */
    DISCOVERY(0x70),
    /** Host Discovery (71h). */
    HOST_DISCOVERY(0x71),
    /** AVE Discovery (72h). */
    AVE_DISCOVERY(0x72),
    /** Pull Model DDC Request (73h). */
    PULL_MODEL_DDC_REQUEST(0x73),
    /** Reservation Notification (80h). */
    RESERVATION_NOTIFICATION(0x80),
    /** Sanitize Status (81h). */
    SANITIZE_STATUS(0x81),
    /** Changed Zone List (BFh). */
    CHANGED_ZONE_LIST(0xBF);

    private static final LogPageIdentifier[] BY_CODE = new LogPageIdentifier[256];

    static {
        for (LogPageIdentifier value : values()) {
            BY_CODE[value.code] = value;
        }
    }

    private final int code;

    LogPageIdentifier(int code) {
        this.code = code;
    }

    /** Returns the log page identifier with this code (0..255), or null if there is none. */
    public static LogPageIdentifier ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The log page identifier on the wire. */
    public int code() {
        return code;
    }
}
