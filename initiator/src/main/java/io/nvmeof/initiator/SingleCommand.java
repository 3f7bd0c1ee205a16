package io.nvmeof.initiator;

/** A command of one part, put together by hand or by this package. */
final class SingleCommand extends GivenCommand<CommandResult> {
    private final PassthroughCommand command;
    private final boolean urgent;
    private boolean sent;
    private long result;

    SingleCommand(CommandGate gate, PassthroughCommand command, boolean urgent) {
        super(gate);
        this.command = command;
        this.urgent = urgent;
    }

    @Override
    String text() {
        return command.text() + " on " + gate().name();
    }

    @Override
    boolean allSent() {
        return sent;
    }

    @Override
    boolean sendNext() {
        sent = command.sendOn(gate().queue(), this);
        return sent;
    }

    @Override
    void onPartComplete(long value) {
        result = value;
    }

    @Override
    CommandResult value() {
        return new CommandResult(result);
    }

    @Override
    boolean urgent() {
        return urgent;
    }
}
