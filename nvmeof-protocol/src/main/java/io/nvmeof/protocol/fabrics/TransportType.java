package io.nvmeof.protocol.fabrics;

/** TRTYPE of a discovery log entry (NVMe Base 2.1, Discovery Log Page). */
public enum TransportType {
    /** PCI Express; not reported by discovery (00h). */
    PCIE(0x00),
    /** RDMA (01h). */
    RDMA(0x01),
    /** Fibre Channel (02h). */
    FIBRE_CHANNEL(0x02),
    /** TCP (03h). */
    TCP(0x03),
    /** Intra-host, loopback (FEh). */
    INTRA_HOST(0xFE);

    private static final TransportType[] BY_CODE = new TransportType[256];

    static {
        for (TransportType value : values()) {
            BY_CODE[value.code] = value;
        }
    }

    private final int code;

    TransportType(int code) {
        this.code = code;
    }

    /** Returns the transport type with this code (0..255), or null if there is none. */
    public static TransportType ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The transport type on the wire. */
    public int code() {
        return code;
    }
}
