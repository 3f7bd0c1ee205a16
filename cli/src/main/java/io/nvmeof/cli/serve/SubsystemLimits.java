package io.nvmeof.cli.serve;

/** What a subsystem grants each host unless told otherwise, and the limits of that. */
final class SubsystemLimits {
    static final int IO_QUEUES = 16;
    static final int IO_QUEUES_MAX = 128;
    static final int QUEUE_SIZE = 128;
    static final int QUEUE_SIZE_MIN = 16;
    static final int QUEUE_SIZE_MAX = 1024;

    private SubsystemLimits() {}
}
