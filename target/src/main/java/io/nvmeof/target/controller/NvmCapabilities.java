package io.nvmeof.target.controller;

import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.IdentifyControllerBuilder;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.IdentifyNamespaceBuilder;
import io.nvmeof.protocol.admin.NvmCommandSetController;
import io.nvmeof.protocol.nvm.CopySourceRange;
import io.nvmeof.target.storage.BackendCapabilities;

/** What Identify says about the I/O commands: which there are, how long they may be, what is atomic. */
final class NvmCapabilities {
    /** ONCS. */
    static final int OPTIONAL_COMMANDS = IdentifyController.ONCS_COMPARE
            | IdentifyController.ONCS_WRITE_UNCORRECTABLE | IdentifyController.ONCS_DATASET_MANAGEMENT
            | IdentifyController.ONCS_WRITE_ZEROES | IdentifyController.ONCS_VERIFY | IdentifyController.ONCS_COPY;
    /** FUSES: Compare and Write. */
    private static final int FUSED_COMPARE_AND_WRITE = 1;
    /** OCFS: source ranges of format 0. */
    private static final int COPY_FORMAT_0 = 1;
    private static final int BLOCKS_MAX = 0x10000;

    private NvmCapabilities() {}

    /**
     * AWUN and AWUPF stay 0, one block, which every backend and size of blocks gives; a namespace with more says so.
     */
    static IdentifyControllerBuilder describe(IdentifyControllerBuilder builder) {
        return builder.fusedOperations(FUSED_COMPARE_AND_WRITE)
                .atomicCompareAndWriteUnit(TargetLimits.COMPARE_AND_WRITE_BLOCKS_MAX - 1)
                .copyDescriptorFormats(COPY_FORMAT_0)
                .commandRetryDelay1(TargetLimits.COMMAND_RETRY_DELAY_SHORT)
                .commandRetryDelay2(TargetLimits.COMMAND_RETRY_DELAY_MEDIUM)
                .commandRetryDelay3(TargetLimits.COMMAND_RETRY_DELAY_LONG);
    }

    /** @param features NSFEAT so far */
    static void describe(IdentifyNamespaceBuilder builder, Namespace namespace, int features) {
        BackendCapabilities capabilities = namespace.capabilities();
        int copyBlocksMax = CopyHandler.blocksMax(namespace.blockSizeBytes());
        builder.maximumSingleSourceRangeLength(copyBlocksMax)
                .maximumCopyLength(copyBlocksMax)
                .maximumSourceRangeCount(CopySourceRange.MAX_RANGES - 1);
        int atomicBlocks = Math.min(capabilities.atomicWriteBlocks(), BLOCKS_MAX);
        builder.features(features | IdentifyNamespace.NSFEAT_ATOMIC_UNITS)
                .atomicWriteUnitNormal(atomicBlocks - 1)
                .atomicWriteUnitPowerFail(0)
                .atomicCompareAndWriteUnit(TargetLimits.COMPARE_AND_WRITE_BLOCKS_MAX - 1);
        if (capabilities.atomicBoundaryBlocks() > 1) {
            builder.atomicBoundarySizeNormal(Math.min(capabilities.atomicBoundaryBlocks(), BLOCKS_MAX) - 1);
        }
    }

    /** Limits of commands without data. Write Zeroes and Dataset Management have none but what fits their fields. */
    static NvmCommandSetController limits() {
        return new NvmCommandSetController(exponent(TargetLimits.VERIFY_BYTES_MAX), 0,
                exponent(TargetLimits.WRITE_UNCORRECTABLE_BYTES_MAX), 0, 0, 0);
    }

    private static int exponent(int bytes) {
        return Integer.numberOfTrailingZeros(bytes / TargetLimits.MEMORY_PAGE_BYTES);
    }
}
