package io.nvmeof.protocol.fabrics;

/** ADRFAM of a discovery log entry (NVMe Base 2.1, Discovery Log Page). */
public enum AddressFamily {
    /** PCI (00h). */
    PCI(0x00),
    /** IPv4 (01h). */
    IPV4(0x01),
    /** IPv6 (02h). */
    IPV6(0x02),
    /** InfiniBand (03h). */
    INFINIBAND(0x03),
    /** Fibre Channel (04h). */
    FIBRE_CHANNEL(0x04),
    /** Intra-host, loopback (FEh). */
    INTRA_HOST(0xFE);

    private static final AddressFamily[] BY_CODE = new AddressFamily[256];

    static {
        for (AddressFamily value : values()) {
            BY_CODE[value.code] = value;
        }
    }

    private final int code;

    AddressFamily(int code) {
        this.code = code;
    }

    /** Returns the address family with this code (0..255), or null if there is none. */
    public static AddressFamily ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The address family on the wire. */
    public int code() {
        return code;
    }
}
