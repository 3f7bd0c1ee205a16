package io.nvmeof.protocol.fabrics;

/**
 * CSTS, the Controller Status property (NVMe Base 2.1, Controller Properties).
 *
 * @param value the 32 bits
 */
public record ControllerStatus(int value) {
    /** RDY. */
    public static final int READY = 1;
    /** CFS. */
    public static final int FATAL = 1 << 1;
    /** SHST: no shutdown was asked for. */
    public static final int SHUTDOWN_NORMAL_OPERATION = 0;
    /** SHST: shutdown goes on. */
    public static final int SHUTDOWN_OCCURRING = 1;
    /** SHST: shutdown is complete. */
    public static final int SHUTDOWN_COMPLETE = 2;

    private static final int SHST_SHIFT = 2;
    private static final int SHST_MASK = 0x3;
    private static final int NSSRO_BIT = 4;
    private static final int PP_BIT = 5;

    /** Neither ready, nor failed, nor shut down. */
    public static final ControllerStatus NOT_READY = new ControllerStatus(0);

    /** RDY: the controller is ready for commands. */
    public boolean ready() {
        return (value & READY) != 0;
    }

    /** CFS: a fatal error; only a reset helps. */
    public boolean fatal() {
        return (value & FATAL) != 0;
    }

    /** SHST: {@link #SHUTDOWN_NORMAL_OPERATION} and the like. */
    public int shutdown() {
        return value >>> SHST_SHIFT & SHST_MASK;
    }

    /** NSSRO: an NVM Subsystem Reset has happened. */
    public boolean subsystemResetOccurred() {
        return (value >>> NSSRO_BIT & 1) != 0;
    }

    /** PP: the controller pauses processing. */
    public boolean processingPaused() {
        return (value >>> PP_BIT & 1) != 0;
    }

    /** The same with RDY so. */
    public ControllerStatus withReady(boolean ready) {
        return new ControllerStatus(ready ? value | READY : value & ~READY);
    }

    /** The same with CFS so. */
    public ControllerStatus withFatal(boolean fatal) {
        return new ControllerStatus(fatal ? value | FATAL : value & ~FATAL);
    }

    /** The same with this SHST. */
    public ControllerStatus withShutdown(int shutdown) {
        return new ControllerStatus(value & ~(SHST_MASK << SHST_SHIFT) | (shutdown & SHST_MASK) << SHST_SHIFT);
    }
}
