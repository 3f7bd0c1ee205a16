package io.nvmeof.protocol.fabrics;

/** Transport Type (TRTYPE) of a discovery log page entry (NVMe Base 2.1, 5.1.12.3.1). */
public enum TransportType {
    RDMA(1, "rdma"),
    FIBRE_CHANNEL(2, "fc"),
    TCP(3, "tcp"),
    /** Both ends in one process. */
    LOOPBACK(254, "loop");

    private final int code;
    private final String text;

    TransportType(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The value on the wire. */
    public int code() {
        return code;
    }

    /** The word that nvme-cli uses for it. */
    public String text() {
        return text;
    }

    /** The transport type of a value on the wire, or {@code null} if this code base has no name for it. */
    public static TransportType ofCode(int code) {
        for (TransportType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }
}
