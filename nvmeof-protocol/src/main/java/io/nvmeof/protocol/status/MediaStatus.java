package io.nvmeof.protocol.status;

/**
 * Status Code Type 2: media and data integrity errors (NVMe Base 2.1, Media and Data Integrity Errors).
 */
public enum MediaStatus implements StatusCode {
    /** Write Fault (80h). */
    WRITE_FAULT(0x80, "Write Fault"),
    /** Unrecovered Read Error (81h). */
    UNRECOVERED_READ_ERROR(0x81, "Unrecovered Read Error"),
    /** End-to-end Guard Check Error (82h). */
    END_TO_END_GUARD_CHECK_ERROR(0x82, "End-to-end Guard Check Error"),
    /** End-to-end Application Tag Check Error (83h). */
    END_TO_END_APPLICATION_TAG_CHECK_ERROR(0x83, "End-to-end Application Tag Check Error"),
    /** End-to-end Reference Tag Check Error (84h). */
    END_TO_END_REFERENCE_TAG_CHECK_ERROR(0x84, "End-to-end Reference Tag Check Error"),
    /** Compare Failure (85h). */
    COMPARE_FAILURE(0x85, "Compare Failure"),
    /** Access Denied (86h). */
    ACCESS_DENIED(0x86, "Access Denied"),
    /** Deallocated or Unwritten Logical Block (87h). */
    DEALLOCATED_OR_UNWRITTEN_LOGICAL_BLOCK(0x87, "Deallocated or Unwritten Logical Block"),
    /** End-to-end Storage Tag Check Error (88h). */
    END_TO_END_STORAGE_TAG_CHECK_ERROR(0x88, "End-to-end Storage Tag Check Error");

    /** The Status Code Type all of these share. */
    public static final int TYPE = 2;

    private static final MediaStatus[] BY_CODE = new MediaStatus[256];

    static {
        for (MediaStatus status : values()) {
            BY_CODE[status.code] = status;
        }
    }

    private final int code;
    private final String description;

    MediaStatus(int code, String description) {
        this.code = code;
        this.description = description;
    }

    /** Returns the status with this Status Code (0..255), or null if this type has no such code. */
    public static MediaStatus ofCode(int code) {
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
