package io.nvmeof.protocol.fabrics;

/** Connect data no Connect can succeed with: to be answered with Connect Invalid Parameters and the field's offset. */
public final class InvalidConnectDataException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int offset;

    InvalidConnectDataException(int offset, IllegalArgumentException cause) {
        super("Connect data, byte " + offset + ": " + cause.getMessage(), cause);
        this.offset = offset;
    }

    /** Where in the data the field at fault starts, in bytes. */
    public int offset() {
        return offset;
    }
}
