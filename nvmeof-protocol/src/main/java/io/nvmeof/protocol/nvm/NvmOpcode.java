package io.nvmeof.protocol.nvm;

/** Opcodes of I/O queues with the NVM Command Set (NVM Command Set 1.1, Opcodes). */
public enum NvmOpcode {
    /** Flush (00h). */
    FLUSH(0x00),
    /** Write (01h). */
    WRITE(0x01),
    /** Read (02h). */
    READ(0x02),
    /** Write Uncorrectable (04h). */
    WRITE_UNCORRECTABLE(0x04),
    /** Compare (05h). */
    COMPARE(0x05),
    /** Write Zeroes (08h). */
    WRITE_ZEROES(0x08),
    /** Dataset Management (09h). */
    DATASET_MANAGEMENT(0x09),
    /** Verify (0Ch). */
    VERIFY(0x0C),
    /** Reservation Register (0Dh). */
    RESERVATION_REGISTER(0x0D),
    /** Reservation Report (0Eh). */
    RESERVATION_REPORT(0x0E),
    /** Reservation Acquire (11h). */
    RESERVATION_ACQUIRE(0x11),
    /** I/O Management Receive (12h). */
    IO_MANAGEMENT_RECEIVE(0x12),
    /** Reservation Release (15h). */
    RESERVATION_RELEASE(0x15),
    /** Cancel (18h). */
    CANCEL(0x18),
    /** Copy (19h). */
    COPY(0x19),
    /** I/O Management Send (1Dh). */
    IO_MANAGEMENT_SEND(0x1D),
    /** Fabrics commands, told apart by their command type (7Fh). */
    FABRICS(0x7F);

    private static final NvmOpcode[] BY_CODE = new NvmOpcode[256];

    static {
        for (NvmOpcode value : values()) {
            BY_CODE[value.code] = value;
        }
    }

    private final int code;

    NvmOpcode(int code) {
        this.code = code;
    }

    /** Returns the opcode with this code (0..255), or null if there is none. */
    public static NvmOpcode ofCode(int code) {
        return BY_CODE[code & 0xFF];
    }

    /** The opcode on the wire. */
    public int code() {
        return code;
    }
}
