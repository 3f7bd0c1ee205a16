package io.nvmeof.protocol.nvm;

/**
 * Fields of command dwords 10 and 11 of the reservation commands (NVMe Base 2.1, Reservation Acquire, Register, Release
 * and Report commands).
 */
public final class ReservationCommandBits {
    /** Dword 10: mask of the action of Register, Acquire and Release. */
    public static final int ACTION_MASK = 0x7;
    /** Dword 10: Ignore Existing Key. Only Register knows it; elsewhere it is an invalid field. */
    public static final int IGNORE_EXISTING_KEY = 1 << 3;
    /** Dword 10 of Acquire and Release: shift of the reservation type, 8 bits. */
    public static final int TYPE_SHIFT = 8;
    /** Dword 10 of Acquire and Release: mask of the reservation type once shifted. */
    public static final int TYPE_MASK = 0xFF;

    /** Dword 10 of Register: shift of CPTPL, 2 bits. */
    public static final int PERSISTENCE_SHIFT = 30;

    /** Dword 11 of Report: Extended Data Structure, with host identifiers of 128 bits. */
    public static final int EXTENDED_DATA_STRUCTURE = 1;

    private ReservationCommandBits() {}
}
