package io.nvmeof.target.controller;

import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.ControllerStatus;

/**
 * Controller Configuration and Controller Status, and what a change of the first does to the second (NVMe Base 2.1,
 * Controller Properties; Shutdown). Owned by the controller.
 */
final class ControllerProperties {
    /** What setting CC asks the controller to do. */
    enum Transition {
        /** Nothing. */
        NONE,
        /** EN went from 0 to 1: the controller is ready from now on. */
        ENABLED,
        /** EN went from 1 to 0: a Controller Level Reset; {@link #onResetComplete()} must follow. */
        RESET,
        /** SHN asks for a normal shutdown; {@link #onShutdownComplete()} must follow. */
        SHUTDOWN_NORMAL,
        /** SHN asks for an abrupt shutdown; {@link #onShutdownComplete()} must follow. */
        SHUTDOWN_ABRUPT
    }

    private static final int SUBMISSION_ENTRY_EXPONENT = 6;
    private static final int COMPLETION_ENTRY_EXPONENT = 4;
    private static final long PAGE_BYTES = 4096;

    private final boolean ioCommandSet;
    private ControllerConfiguration configuration = new ControllerConfiguration(0);
    private ControllerStatus status = ControllerStatus.NOT_READY;
    private boolean resetting;

    /** @param ioCommandSet whether the controller has I/O queues, whose entry sizes the host must state */
    ControllerProperties(boolean ioCommandSet) {
        this.ioCommandSet = ioCommandSet;
    }

    ControllerConfiguration configuration() {
        return configuration;
    }

    ControllerStatus status() {
        return status;
    }

    /** Whether commands other than Fabrics commands are processed. */
    boolean ready() {
        return configuration.enable() && status.ready() && !resetting;
    }

    /** The host sets CC. */
    Transition set(ControllerConfiguration next) {
        ControllerConfiguration previous = configuration;
        configuration = next;
        if (previous.enable() && !next.enable()) {
            resetting = true;
            return Transition.RESET;
        }
        Transition transition = Transition.NONE;
        if (next.enable() && !previous.enable() && !resetting) {
            transition = enable();
        }
        if (next.shutdown() == previous.shutdown()) {
            return transition;
        }
        return switch (next.shutdown()) {
            case ControllerConfiguration.SHUTDOWN_NORMAL -> shutdown(Transition.SHUTDOWN_NORMAL);
            case ControllerConfiguration.SHUTDOWN_ABRUPT -> shutdown(Transition.SHUTDOWN_ABRUPT);
            case ControllerConfiguration.SHUTDOWN_NONE -> {
                status = status.withShutdown(ControllerStatus.SHUTDOWN_NORMAL_OPERATION);
                yield transition;
            }
            default -> transition; // Reserved: asks for nothing.
        };
    }

    private Transition enable() {
        if (!servable(configuration)) {
            status = status.withFatal(true);
            return Transition.NONE;
        }
        status = status.withReady(true);
        return Transition.ENABLED;
    }

    /**
     * The I/O queues of before the reset are gone, and so is every command of theirs: only now may the host believe
     * that none of its old writes is still to come.
     */
    void onResetComplete() {
        if (!resetting) {
            return;
        }
        resetting = false;
        status = ControllerStatus.NOT_READY;
        if (configuration.enable()) {
            enable();
        }
    }

    private Transition shutdown(Transition transition) {
        status = status.withShutdown(ControllerStatus.SHUTDOWN_OCCURRING);
        return transition;
    }

    /** What the shutdown had to do is done; says so, unless a reset has overtaken it. */
    void onShutdownComplete() {
        if (status.shutdown() == ControllerStatus.SHUTDOWN_OCCURRING) {
            status = status.withShutdown(ControllerStatus.SHUTDOWN_COMPLETE);
        }
    }

    /** The controller cannot go on. */
    void onFatal() {
        status = status.withFatal(true);
    }

    private boolean servable(ControllerConfiguration next) {
        boolean entrySizes = !ioCommandSet || next.submissionEntryExponent() == SUBMISSION_ENTRY_EXPONENT
                && next.completionEntryExponent() == COMPLETION_ENTRY_EXPONENT;
        return entrySizes && next.commandSets() == ControllerConfiguration.CSS_NVM
                && next.pageBytes() == PAGE_BYTES && next.arbitration() == 0;
    }
}
