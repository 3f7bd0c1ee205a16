package io.nvmeof.target.controller;

import io.nvmeof.protocol.nvm.NvmCommandBits;
import io.nvmeof.protocol.status.GenericStatus;

/** The checks that commands with a namespace and a range of blocks share; each rejects the command that fails it. */
final class BlockRange {
    static final int DWORD12_BYTE = 48;
    /** Directive Type, of writes. */
    private static final int DIRECTIVE_TYPE_MASK = 0xF << 20;

    private BlockRange() {}

    /**
     * Takes namespace, range and flags out of a command with the common layout of dwords 10 to 12.
     *
     * @return whether the command may go on
     */
    static boolean resolve(Request request, Access access) {
        if (!IoAdmission.admit(request, access)) {
            return false;
        }
        if (!checkFlags(request, access)) {
            return false;
        }
        request.startingBlock = request.qword(10);
        request.blockCount = NvmCommandBits.blockCount(request.dword(12));
        if (!request.namespace.namespace().contains(request.startingBlock, request.blockCount)) {
            request.reject(GenericStatus.LBA_OUT_OF_RANGE, NvmCommandBits.STARTING_LBA_BYTE);
            return false;
        }
        return true;
    }

    /** The flags in dword 12 that all commands share; returns whether the command may go on. */
    static boolean checkFlags(Request request, Access access) {
        int bits = request.dword(12);
        if ((bits & NvmCommandBits.PROTECTION_INFORMATION_MASK) != 0) {
            // No namespace has protection information: nothing could be checked, and nobody may believe it was.
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, DWORD12_BYTE + 3, 2);
            return false;
        }
        if ((bits & NvmCommandBits.STORAGE_TAG_CHECK) != 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, DWORD12_BYTE + 3, 0);
            return false;
        }
        if (access == Access.WRITE && (bits & DIRECTIVE_TYPE_MASK) != 0) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, DWORD12_BYTE + 2, 4);
            return false;
        }
        return true;
    }

    /** Refuses a command without data whose blocks are more than so many bytes; returns whether it may go on. */
    static boolean limit(Request request, long bytesMax) {
        if ((long) request.blockCount * request.namespace.namespace().blockSizeBytes() > bytesMax) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, NvmCommandBits.NUMBER_OF_BLOCKS_BYTE);
            return false;
        }
        return true;
    }

    /**
     * The bytes of the range, or -1 if they are too many for one command or not what the SGL describes; the command is
     * then rejected.
     */
    static int transferBytes(Request request) {
        long bytes = (long) request.blockCount * request.namespace.namespace().blockSizeBytes();
        if (bytes > request.queue().dataTransferBytesMax()) {
            request.reject(GenericStatus.INVALID_FIELD_IN_COMMAND, NvmCommandBits.NUMBER_OF_BLOCKS_BYTE);
            return -1;
        }
        if (request.transferFault() == null && request.transferLength() != bytes) {
            request.reject(GenericStatus.DATA_SGL_LENGTH_INVALID, NvmCommandBits.NUMBER_OF_BLOCKS_BYTE);
            return -1;
        }
        return (int) bytes;
    }

    static boolean forceUnitAccess(Request request) {
        return (request.dword(12) & NvmCommandBits.FORCE_UNIT_ACCESS) != 0;
    }
}
