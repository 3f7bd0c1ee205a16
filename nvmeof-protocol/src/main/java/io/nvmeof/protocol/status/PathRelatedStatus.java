package io.nvmeof.protocol.status;

/**
 * Status Code Type 3: the path, not the medium, is at fault; a multipath host tries another path (NVMe Base 2.1, Path
 * Related Status).
 */
public enum PathRelatedStatus implements StatusCode {
    /** Internal Path Error (00h). */
    INTERNAL_PATH_ERROR(0x00, "Internal Path Error"),
    /** Asymmetric Access Persistent Loss (01h). */
    ASYMMETRIC_ACCESS_PERSISTENT_LOSS(0x01, "Asymmetric Access Persistent Loss"),
    /** Asymmetric Access Inaccessible (02h). */
    ASYMMETRIC_ACCESS_INACCESSIBLE(0x02, "Asymmetric Access Inaccessible"),
    /** Asymmetric Access Transition (03h). */
    ASYMMETRIC_ACCESS_TRANSITION(0x03, "Asymmetric Access Transition"),
    /** Controller Pathing Error (60h). */
    CONTROLLER_PATHING_ERROR(0x60, "Controller Pathing Error"),
    /** Host Pathing Error (70h). */
    HOST_PATHING_ERROR(0x70, "Host Pathing Error"),
    /** Command Aborted By Host (71h). */
    COMMAND_ABORTED_BY_HOST(0x71, "Command Aborted By Host");

    /** The Status Code Type all of these share. */
    public static final int TYPE = 3;

    private static final PathRelatedStatus[] BY_CODE = new PathRelatedStatus[256];

    static {
        for (PathRelatedStatus status : values()) {
            BY_CODE[status.code] = status;
        }
    }

    private final int code;
    private final String description;

    PathRelatedStatus(int code, String description) {
        this.code = code;
        this.description = description;
    }

    /** Returns the status with this Status Code (0..255), or null if this type has no such code. */
    public static PathRelatedStatus ofCode(int code) {
        return BY_CODE[code & 0xFF];
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
