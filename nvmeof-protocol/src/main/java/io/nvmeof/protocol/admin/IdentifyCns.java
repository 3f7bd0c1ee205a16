package io.nvmeof.protocol.admin;

/** What Identify returns: Controller or Namespace Structure (NVMe Base 2.1, Identify, CNS Values). */
public enum IdentifyCns {
    /** Identify Namespace data structure (00h). */
    NAMESPACE(0x00),
    /** Identify Controller data structure (01h). */
    CONTROLLER(0x01),
    /** Active Namespace ID list (02h). */
    ACTIVE_NAMESPACE_LIST(0x02),
    /** Namespace Identification Descriptor list (03h). */
    NAMESPACE_IDENTIFICATION_DESCRIPTORS(0x03),
    /** NVM Set list (04h). */
    NVM_SET_LIST(0x04),
    /** I/O Command Set specific Identify Namespace data structure (05h). */
    IO_COMMAND_SET_NAMESPACE(0x05),
    /** I/O Command Set specific Identify Controller data structure (06h). */
    IO_COMMAND_SET_CONTROLLER(0x06),
    /** I/O Command Set specific Active Namespace ID list (07h). */
    IO_COMMAND_SET_ACTIVE_NAMESPACE_LIST(0x07),
    /** I/O Command Set Independent Identify Namespace data structure (08h). */
    IO_COMMAND_SET_INDEPENDENT_NAMESPACE(0x08),
    /** Identify Namespace data structure for a user data format (09h). */
    NAMESPACE_USER_DATA_FORMAT(0x09),
    /** I/O Command Set specific namespace structure for a user data format (0Ah). */
    IO_COMMAND_SET_USER_DATA_FORMAT(0x0A),
    /** Allocated Namespace ID list (10h). */
    ALLOCATED_NAMESPACE_LIST(0x10),
    /** Identify Namespace data structure of an allocated namespace (11h). */
    ALLOCATED_NAMESPACE(0x11),
    /** controllers attached to a namespace (12h). */
    NAMESPACE_CONTROLLER_LIST(0x12),
    /** controllers of the subsystem (13h). */
    CONTROLLER_LIST(0x13),
    /** Primary Controller Capabilities (14h). */
    PRIMARY_CONTROLLER_CAPABILITIES(0x14),
    /** Secondary Controller list (15h). */
    SECONDARY_CONTROLLER_LIST(0x15),
    /** Namespace Granularity list (16h). */
    NAMESPACE_GRANULARITY_LIST(0x16),
    /** UUID list (17h). */
    UUID_LIST(0x17),
    /** Domain list (18h). */
    DOMAIN_LIST(0x18),
    /** Endurance Group list (19h). */
    ENDURANCE_GROUP_LIST(0x19),
    /** I/O Command Set specific Allocated Namespace ID list (1Ah). */
    IO_COMMAND_SET_ALLOCATED_NAMESPACE_LIST(0x1A),
    /** I/O Command Set specific structure of an allocated namespace (1Bh). */
    IO_COMMAND_SET_ALLOCATED_NAMESPACE(0x1B),
    /** Identify I/O Command Set data structure (1Ch). */
    IO_COMMAND_SETS(0x1C),
    /** Underlying Namespace list (1Dh). */
    UNDERLYING_NAMESPACE_LIST(0x1D),
    /** Ports list (1Eh). */
    PORTS_LIST(0x1E),
    /** I/O Command Set Independent structure of an allocated namespace (1Fh). */
    INDEPENDENT_ALLOCATED_NAMESPACE(0x1F),
    /** Supported Controller State Formats (20h). */
    CONTROLLER_STATE_FORMATS(0x20);

    private static final IdentifyCns[] BY_CODE = new IdentifyCns[256];

    static {
        for (IdentifyCns value : values()) {
            BY_CODE[value.code] = value;
        }
    }

    private final int code;

    IdentifyCns(int code) {
        this.code = code;
    }

    /** Returns the CNS value with this code (0..255), or null if there is none. */
    public static IdentifyCns ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The CNS value on the wire. */
    public int code() {
        return code;
    }
}
