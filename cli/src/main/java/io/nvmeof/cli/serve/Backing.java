package io.nvmeof.cli.serve;

import io.nvmeof.target.storage.FaultRule;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What holds the blocks of a namespace, before it is opened.
 *
 * @param path of a file or block device; {@code null} for other kinds
 * @param sizeBytes 0: as large as the file is
 * @param blockSizeBytes 0: what suits the backend
 * @param direct whether to go past the page cache
 * @param readOnly whether a file is opened for reading only
 * @param shared whether another target may have the file open too, if it says the same
 * @param faults faults to inject; empty: it cannot be asked to inject any
 */
record Backing(Kind kind, Path path, long sizeBytes, int blockSizeBytes, boolean direct, boolean readOnly,
        boolean shared, Optional<Faults> faults) {
    /** What there is. */
    enum Kind {
        /** Memory of this process; gone when it ends. */
        MEMORY,
        /** Nothing: writes are forgotten, reads are zeroes; for measuring. */
        NULL,
        /** A file or a block device. */
        FILE
    }

    /**
     * Faults to inject.
     *
     * @param seed what the probabilities of rules come from
     * @param rules the rules to begin with
     */
    record Faults(long seed, List<FaultRule> rules) {
        Faults {
            rules = List.copyOf(rules);
        }
    }

    /** For this target alone, without faults. */
    Backing(Kind kind, Path path, long sizeBytes, int blockSizeBytes, boolean direct, boolean readOnly) {
        this(kind, path, sizeBytes, blockSizeBytes, direct, readOnly, false, Optional.empty());
    }

    /** The size of a block that it will have. */
    int effectiveBlockSizeBytes() {
        return blockSizeBytes != 0 ? blockSizeBytes
                : kind == Kind.FILE ? PlanCheck.FILE_BLOCK_BYTES : PlanCheck.MEMORY_BLOCK_BYTES;
    }
}
