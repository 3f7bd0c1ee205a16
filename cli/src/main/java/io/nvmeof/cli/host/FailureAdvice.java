package io.nvmeof.cli.host;

import io.nvmeof.initiator.CommandException;
import io.nvmeof.initiator.ConnectException;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;

/** What to do about failures that have a usual cause. */
final class FailureAdvice {
    private FailureAdvice() {}

    /** The failure's message, with advice where there is any. */
    static String of(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        String advice = switch (failure) {
            case ConnectException connect when connect.status().isPresent() -> ofConnect(connect.status().get());
            case ConnectException connect -> ofNetwork(message);
            case CommandException command -> ofCommand(command.status());
            default -> "";
        };
        return message + advice;
    }

    private static String ofConnect(StatusCode status) {
        if (status.matches(CommandSpecificStatus.CONNECT_INVALID_HOST)) {
            return ". The target does not allow this host: add its NQN there, or use --hostnqn";
        }
        if (status.matches(CommandSpecificStatus.CONNECT_INVALID_PARAMETERS)) {
            return ". Is the NQN right? nvmeof discover shows what the target offers";
        }
        return "";
    }

    private static String ofNetwork(String message) {
        if (message.contains("refused")) {
            return ". Is the target running, and is the port right (--trsvcid)?";
        }
        return "";
    }

    private static String ofCommand(StatusCode status) {
        if (status.matches(GenericStatus.LBA_OUT_OF_RANGE)) {
            return ". nvmeof id-ns shows how many blocks there are (nsze)";
        }
        if (status.matches(GenericStatus.NAMESPACE_IS_WRITE_PROTECTED)) {
            return ". The target serves this namespace read-only";
        }
        return "";
    }
}
