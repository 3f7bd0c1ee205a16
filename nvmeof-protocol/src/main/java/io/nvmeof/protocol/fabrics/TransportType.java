package io.nvmeof.protocol.fabrics;

/** TRTYPE of a discovery log entry (NVMe Base 2.1, Discovery Log Page). */
public enum TransportType {
    /** PCI Express; not reported by discovery (00h). */
    PCIE(0x00, "pcie"),
    /** RDMA (01h). */
    RDMA(0x01, "rdma"),
    /** Fibre Channel (02h). */
    FIBRE_CHANNEL(0x02, "fc"),
    /** TCP (03h). */
    TCP(0x03, "tcp"),
    /** Intra-host, loopback (FEh). */
    INTRA_HOST(0xFE, "loop");

    private static final TransportType[] BY_CODE = new TransportType[256];

    static {
        for (TransportType value : values()) {
            BY_CODE[value.code] = value;
        }
    }

    private final int code;
    private final String text;

    TransportType(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** Returns the transport type with this code (0..255), or null if there is none. */
    public static TransportType ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The transport type on the wire. */
    public int code() {
        return code;
    }

    /** The word that nvme-cli uses for it. */
    public String text() {
        return text;
    }
}
