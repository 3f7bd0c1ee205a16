package io.nvmeof.target.storage;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * A fault to inject into the operations of a {@link FaultBackend}: a delay, a failure, or both.
 *
 * @param operations the operations it meets, at least one
 * @param firstBlock the first block of the range it meets; a Flush has no range and is always met
 * @param blockCount blocks of that range, at least 1
 * @param probability how likely an operation in the range is met, above 0 and up to 1
 * @param delayMicros how long to wait before the operation begins, in microseconds
 * @param status what the operation fails with, or Successful Completion for a delay only; the storage is not touched
 *     by an operation that fails
 * @param countMax how many operations it meets before it rests, 0 for no end
 */
public record FaultRule(Set<Operation> operations, long firstBlock, long blockCount, double probability,
        long delayMicros, StatusCode status, long countMax) {
    /** The longest delay: an hour. */
    public static final long DELAY_MICROS_MAX = 3_600_000_000L;

    /** What a backend does. Compare and Verify are reads here, Copy is reads and writes. */
    public enum Operation {
        /** Reads blocks. */
        READ,
        /** Writes blocks. */
        WRITE,
        /** Makes writes durable. */
        FLUSH,
        /** Makes blocks read as zeroes. */
        WRITE_ZEROES,
        /** Gives up the storage of blocks. */
        DEALLOCATE,
    }

    public FaultRule {
        Objects.requireNonNull(status);
        if (operations.isEmpty()) {
            throw refusal("fault operations", "empty", "at least one of "
                    + EnumSet.allOf(Operation.class));
        }
        operations = Set.copyOf(operations);
        if (firstBlock < 0) {
            throw refusal("fault first-block", firstBlock, "from 0");
        }
        if (blockCount < 1) {
            throw refusal("fault block-count", blockCount, "from 1");
        }
        if (!(probability > 0 && probability <= 1)) {
            throw refusal("fault probability", probability, "above 0, to 1");
        }
        if (delayMicros < 0 || delayMicros > DELAY_MICROS_MAX) {
            throw refusal("fault delay", delayMicros, "from 0 to " + DELAY_MICROS_MAX + " us");
        }
        if (delayMicros == 0 && status.successful()) {
            throw refusal("fault", "without delay and status", "a delay, a status or both");
        }
        if (countMax < 0) {
            throw refusal("fault count", countMax, "from 1, or 0 for no end");
        }
    }

    private static IllegalArgumentException refusal(String key, Object value, String allowed) {
        return new IllegalArgumentException(key + " is " + value + ": allowed " + allowed);
    }

    /** A rule that makes every one of these operations fail, wherever they are. */
    public static FaultRule failure(Set<Operation> operations, StatusCode status) {
        return new FaultRule(operations, 0, Long.MAX_VALUE, 1, 0, status, 0);
    }

    /** A rule that delays every one of these operations, wherever they are. */
    public static FaultRule delay(Set<Operation> operations, long delayMicros) {
        return new FaultRule(operations, 0, Long.MAX_VALUE, 1, delayMicros, GenericStatus.SUCCESSFUL_COMPLETION, 0);
    }

    /** Whether it meets operations of this kind on a range, probability apart. */
    boolean covers(Operation operation, long startingBlock, long count) {
        return operations.contains(operation) && (operation == Operation.FLUSH
                || startingBlock - firstBlock < blockCount && firstBlock - startingBlock < count);
    }
}
