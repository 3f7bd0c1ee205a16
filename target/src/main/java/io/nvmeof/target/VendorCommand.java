package io.nvmeof.target;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.status.StatusCode;
import java.util.concurrent.CompletionStage;

/**
 * An admin command of the program that embeds a target, with an opcode from C0h to FFh (NVMe Base 2.1, Admin Command
 * opcodes: vendor specific). The two low bits of the opcode say which way its data goes: 0 none, 1 to the controller,
 * 2 to the host; 3 is not offered.
 *
 * <p>Called on a loop of the target, which it must not block: what takes long is done elsewhere, and the answer may
 * come from any thread. One that never comes keeps its slot until the host's connection ends, and the target's end
 * waiting for it.
 */
@FunctionalInterface
public interface VendorCommand {
    /** The lowest opcode. */
    int OPCODE_MIN = 0xC0;
    /** The highest opcode. */
    int OPCODE_MAX = 0xFF;

    /** Does what a host asks; an exception is answered with Internal Error. */
    CompletionStage<Answer> execute(Call call);

    /**
     * What a host asks. Every field is the host's, and unchecked.
     *
     * @param hostNqn who asks
     * @param controllerId the controller it asks
     * @param namespaceId NSID
     * @param dwords command dwords 10 to 15
     * @param data the host's data; empty if the opcode has none
     * @param answerLengthMax how many bytes the host has room for; 0 if the opcode returns none
     */
    record Call(NvmeQualifiedName hostNqn, int controllerId, int namespaceId, int[] dwords, byte[] data,
            int answerLengthMax) {}

    /**
     * What the host is told.
     *
     * @param status how the command ended
     * @param result dwords 0 (low half) and 1 of the completion
     * @param data for the host if the command succeeded; zeroes follow where it has room for more
     */
    record Answer(StatusCode status, long result, byte[] data) {}
}
