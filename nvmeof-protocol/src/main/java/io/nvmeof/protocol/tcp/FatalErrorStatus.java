package io.nvmeof.protocol.tcp;

/** Why a connection is terminated: the FES field of H2CTermReq and C2HTermReq (NVMe/TCP Transport 1.1). */
public enum FatalErrorStatus {
    /** A header field is wrong; FEI is the byte offset of the field in the header. */
    INVALID_PDU_HEADER_FIELD(1, "Invalid PDU Header Field"),
    /** This PDU was not expected now. */
    PDU_SEQUENCE_ERROR(2, "PDU Sequence Error"),
    /** The header digest does not match; FEI is the digest as received. */
    HEADER_DIGEST_ERROR(3, "Header Digest Error"),
    /** Data outside what was asked for. */
    DATA_TRANSFER_OUT_OF_RANGE(4, "Data Transfer Out of Range"),
    /** From a controller: H2CData longer than MAXH2CDATA. From a host: more R2Ts than MAXR2T allows. */
    LIMIT_EXCEEDED(5, "Data Transfer or R2T Limit Exceeded"),
    /** A parameter is not supported; FEI is the byte offset of the field in the header. */
    UNSUPPORTED_PARAMETER(6, "Unsupported Parameter");

    private static final FatalErrorStatus[] BY_CODE = new FatalErrorStatus[values().length + 1];

    static {
        for (FatalErrorStatus status : values()) {
            BY_CODE[status.code] = status;
        }
    }

    private final int code;
    private final String description;

    FatalErrorStatus(int code, String description) {
        this.code = code;
        this.description = description;
    }

    /** Returns the status with this code (0..65535), or null if there is none. */
    public static FatalErrorStatus ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }

    /** The FES value. */
    public int code() {
        return code;
    }

    /** The specification's name, for people. */
    public String description() {
        return description;
    }
}
