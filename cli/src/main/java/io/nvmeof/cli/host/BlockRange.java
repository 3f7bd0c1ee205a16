package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.initiator.RemoteNamespace;
import picocli.CommandLine.Option;

/** The options that name a run of logical blocks, as nvme-cli has them. */
public final class BlockRange {
    @Option(names = "--start-block", paramLabel = "LBA", defaultValue = "0",
            description = "first logical block; default ${DEFAULT-VALUE}")
    private long start;

    @Option(names = "--block-count", paramLabel = "N",
            description = "how many logical blocks MINUS ONE, as nvme-cli counts: 0 is one block")
    private Long countZeroBased;

    @Option(names = "--data-size", paramLabel = "SIZE", converter = ByteSize.class,
            description = "how many bytes, instead of --block-count: as 4096, 4k or 1g")
    private Long bytes;

    long start() {
        return start;
    }

    /** Whether a length was given. */
    boolean sized() {
        return countZeroBased != null || bytes != null;
    }

    void check() {
        if (start < 0) {
            throw CommandFailure.usage("--start-block: " + start + "; allowed: from 0");
        }
        if (countZeroBased != null && countZeroBased < 0) {
            throw CommandFailure.usage("--block-count: " + countZeroBased + "; allowed: from 0, which is one block");
        }
        if (bytes != null && bytes < 1) {
            throw CommandFailure.usage("--data-size: 0; allowed: from 1");
        }
    }

    /** The number of bytes that were asked for, at most what the blocks hold; one block if nothing was said. */
    long bytes(RemoteNamespace namespace) {
        long blockBytes = namespace.blockSizeBytes();
        if (bytes != null) {
            long most = countZeroBased == null ? Long.MAX_VALUE : Math.multiplyExact(countZeroBased + 1, blockBytes);
            if (bytes > most) {
                throw CommandFailure.usage("--data-size: " + bytes + " bytes do not fit into --block-count "
                        + countZeroBased + ", which are " + (countZeroBased + 1) + " blocks of " + blockBytes
                        + " bytes");
            }
            return bytes;
        }
        return countZeroBased == null ? blockBytes : (countZeroBased + 1) * blockBytes;
    }

    /** The number of blocks that hold so many bytes, which must be on the namespace. */
    long blocks(RemoteNamespace namespace, long length) {
        long count = (length - 1) / namespace.blockSizeBytes() + 1;
        checkOn(namespace, start, count);
        return count;
    }

    static void checkOn(RemoteNamespace namespace, long start, long count) {
        if (start >= namespace.blockCount() || count > namespace.blockCount() - start) {
            throw CommandFailure.usage("blocks " + start + " to " + (start + count - 1)
                    + " are not all there: namespace "
                    + namespace.id() + " has blocks 0 to " + (namespace.blockCount() - 1) + ", of "
                    + namespace.blockSizeBytes() + " bytes each");
        }
    }
}
