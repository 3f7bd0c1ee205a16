package io.nvmeof.target.controller;

import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;

/** The commands of an I/O queue: the NVM Command Set. */
final class NvmCommands {
    private static final CommandHandler FLUSH = new FlushHandler();
    private static final CommandHandler WRITE = new WriteHandler();
    private static final CommandHandler READ = new ReadHandler();
    private static final CommandHandler COMPARE = new CompareHandler();
    private static final CommandHandler WRITE_ZEROES = new WriteZeroesHandler();
    private static final CommandHandler DATASET_MANAGEMENT = new DatasetManagementHandler();
    private static final CommandHandler RESERVATION_REPORT = new ReservationReportHandler();

    private static final CommandHandler VERIFY = new VerifyHandler();
    private static final CommandHandler COPY = new CopyHandler();
    private static final CommandHandler WRITE_UNCORRECTABLE = new WriteUncorrectableHandler();
    private static final CommandHandler FUSED_COMPARE = FusedHandler.first(COMPARE);
    private static final CommandHandler FUSED_WRITE = FusedHandler.second(WRITE);

    private NvmCommands() {}

    /** The handler of a command that is one of two, by its FUSE. */
    static CommandHandler fused(int fuse) {
        return fuse == SubmissionQueueEntry.FUSE_FIRST ? FUSED_COMPARE : FUSED_WRITE;
    }

    static CommandHandler handlerFor(Request request) {
        return switch (NvmOpcode.ofCode(request.opcode())) {
            case READ -> READ;
            case WRITE -> WRITE;
            case FLUSH -> FLUSH;
            case COMPARE -> COMPARE;
            case WRITE_ZEROES -> WRITE_ZEROES;
            case DATASET_MANAGEMENT -> DATASET_MANAGEMENT;
            case VERIFY -> VERIFY;
            case COPY -> COPY;
            case WRITE_UNCORRECTABLE -> WRITE_UNCORRECTABLE;
            case RESERVATION_REGISTER -> ReservationHandler.REGISTER;
            case RESERVATION_ACQUIRE -> ReservationHandler.ACQUIRE;
            case RESERVATION_RELEASE -> ReservationHandler.RELEASE;
            case RESERVATION_REPORT -> RESERVATION_REPORT;
            case FABRICS -> FabricsCommands.onIoQueue(request);
            case null, default -> Rejection.INVALID_OPCODE;
        };
    }
}
