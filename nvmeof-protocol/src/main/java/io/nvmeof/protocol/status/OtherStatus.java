package io.nvmeof.protocol.status;

/**
 * A status this code has no name for, vendor specific ones (type 7) among them; it survives a round trip unchanged.
 *
 * @param type Status Code Type, 0 to 7
 * @param code Status Code, 0 to 255
 */
public record OtherStatus(int type, int code) implements StatusCode {
    /** Refuses what does not fit the field. */
    public OtherStatus {
        if ((type & ~0x7) != 0 || (code & ~0xFF) != 0) {
            throw new IllegalArgumentException("no such status: type " + type + ", code " + code);
        }
    }

    @Override
    public String description() {
        return (type == VENDOR_SPECIFIC_TYPE ? "Vendor Specific" : "Unknown Status")
                + " (type " + type + ", code " + Integer.toHexString(code) + "h)";
    }
}
