package io.nvmeof.interop.model;

import io.nvmeof.protocol.nvm.CopySourceRange;
import io.nvmeof.protocol.nvm.DatasetManagementRange;
import io.nvmeof.protocol.nvm.NvmCommandBits;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * A namespace as simple as can be: an array of bytes, and what each command of the NVM Command Set does to it. Chooses
 * commands from a seed, many of them wrong in one way, and says what must come of each. Written from the specification
 * alone; nothing of the target is used.
 */
final class CommandModel {
    static final int NAMESPACE_ID = 1;
    private static final StatusCode FINE = GenericStatus.SUCCESSFUL_COMPLETION;
    private static final int DSM_RANGES_MAX = 256;
    private static final int COPY_RANGES_MAX = 6;
    /** ACWU: what a Compare and Write may cover. */
    private static final int FUSED_BLOCKS_MAX = 16;
    private static final int[] UNKNOWN_OPCODES = {0x03, 0x06, 0x7E, 0x80, 0xC1, 0xFF};

    /** What a backend does that the command set leaves open. */
    record Traits(boolean keepsData, boolean deallocatedReadZeroes) {}

    private final SplittableRandom random;
    private final Traits traits;
    private final int blockSize;
    private final int blockCount;
    private final int transferBlocksMax;
    private final byte[] blocks;
    /** The blocks that read with an error until they are written. */
    private final BitSet uncorrectable = new BitSet();
    /** The range of the command chosen last, and how it uses it: the runner keeps commands apart that would meet. */
    private int first;
    private int count;
    private boolean changes;
    private boolean alone;
    private ModelCommand second;

    CommandModel(long seed, Traits traits, int blockSize, int blockCount, int transferBytesMax) {
        this.random = new SplittableRandom(seed);
        this.traits = traits;
        this.blockSize = blockSize;
        this.blockCount = blockCount;
        this.transferBlocksMax = transferBytesMax / blockSize;
        this.blocks = new byte[blockSize * blockCount];
    }

    /** The first block of the command chosen last. */
    int first() {
        return first;
    }

    /** How many blocks it touches; 0 for a command that touches none. */
    int count() {
        return count;
    }

    /** Whether it changes them. */
    boolean changes() {
        return changes;
    }

    /** Whether nothing else may be outstanding with it. */
    boolean alone() {
        return alone;
    }

    /** The command that has to follow the one chosen last at once, or {@code null}. */
    ModelCommand second() {
        return second;
    }

    /** Chooses a command and takes its effect over at once. */
    ModelCommand next() {
        first = 0;
        count = 0;
        changes = false;
        alone = false;
        second = null;
        int dice = random.nextInt(100);
        if (dice < 12) {
            return faulty();
        }
        chooseRange();
        return dice < 38 ? read()
                : dice < 64 ? write()
                : dice < 71 ? compare()
                : dice < 77 ? writeZeroes()
                : dice < 83 ? datasetManagement()
                : dice < 87 ? verify()
                : dice < 91 ? copy()
                : dice < 96 ? compareAndWrite()
                : dice < 98 ? writeUncorrectable() : flush();
    }

    private void chooseRange() {
        first = random.nextInt(blockCount);
        int most = Math.min(blockCount - first, random.nextInt(8) == 0 ? transferBlocksMax : 8);
        count = 1 + random.nextInt(most);
    }

    private int dword12(int flags) {
        // Limited Retry changes nothing, whatever the command.
        return NvmCommandBits.dword12(count, flags | (random.nextInt(8) == 0 ? NvmCommandBits.LIMITED_RETRY : 0));
    }

    private int maybeForceUnitAccess() {
        return random.nextInt(16) == 0 ? NvmCommandBits.FORCE_UNIT_ACCESS : 0;
    }

    private byte[] content() {
        return Arrays.copyOfRange(blocks, first * blockSize, (first + count) * blockSize);
    }

    private byte[] fresh() {
        byte[] data = new byte[count * blockSize];
        if (random.nextInt(4) == 0) {
            Arrays.fill(data, (byte) random.nextInt());
        } else {
            random.nextBytes(data);
        }
        return data;
    }

    /** What a command that reads the range must complete with. */
    private StatusCode readable() {
        int flawed = uncorrectable.nextSetBit(first);
        return flawed >= 0 && flawed < first + count ? MediaStatus.UNRECOVERED_READ_ERROR : FINE;
    }

    private void take(byte[] data) {
        uncorrectable.clear(first, first + count);
        if (traits.keepsData()) {
            System.arraycopy(data, 0, blocks, first * blockSize, data.length);
        }
    }

    private ModelCommand read() {
        StatusCode status = readable();
        return ModelCommand.in(NvmOpcode.READ.code(), NAMESPACE_ID, first, dword12(maybeForceUnitAccess()),
                count * blockSize, status == FINE ? content() : null, status);
    }

    private ModelCommand verify() {
        return ModelCommand.without(NvmOpcode.VERIFY.code(), NAMESPACE_ID, first, dword12(maybeForceUnitAccess()),
                readable());
    }

    private ModelCommand write() {
        changes = true;
        byte[] data = fresh();
        take(data);
        return ModelCommand.out(NvmOpcode.WRITE.code(), NAMESPACE_ID, first, dword12(maybeForceUnitAccess()), data,
                FINE);
    }

    private ModelCommand compare() {
        byte[] data = content();
        StatusCode status = compared(data);
        return ModelCommand.out(NvmOpcode.COMPARE.code(), NAMESPACE_ID, first, dword12(0), data, status);
    }

    /** Makes the data differ, or not; what a Compare with it must complete with. */
    private StatusCode compared(byte[] data) {
        boolean same = random.nextBoolean();
        if (!same) {
            data[random.nextInt(data.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return readable() != FINE ? readable() : same ? FINE : MediaStatus.COMPARE_FAILURE;
    }

    /** Two commands that are one: the Write happens if the Compare finds what it expects. */
    private ModelCommand compareAndWrite() {
        changes = true;
        count = Math.min(count, FUSED_BLOCKS_MAX);
        byte[] expected = content();
        StatusCode status = compared(expected);
        byte[] data = fresh();
        if (status == FINE) {
            take(data);
        }
        second = ModelCommand.out(NvmOpcode.WRITE.code(), NAMESPACE_ID, first, dword12(maybeForceUnitAccess()), data,
                status == FINE ? FINE : GenericStatus.COMMAND_ABORTED_FAILED_FUSED)
                .fused(SubmissionQueueEntry.FUSE_SECOND);
        return ModelCommand.out(NvmOpcode.COMPARE.code(), NAMESPACE_ID, first, dword12(0), expected, status)
                .fused(SubmissionQueueEntry.FUSE_FIRST);
    }

    private ModelCommand writeZeroes() {
        changes = true;
        uncorrectable.clear(first, first + count);
        Arrays.fill(blocks, first * blockSize, (first + count) * blockSize, (byte) 0);
        int deallocate = random.nextBoolean() ? NvmCommandBits.DEALLOCATE : 0;
        return ModelCommand.without(NvmOpcode.WRITE_ZEROES.code(), NAMESPACE_ID, first,
                dword12(deallocate | maybeForceUnitAccess()), FINE);
    }

    private ModelCommand writeUncorrectable() {
        changes = true;
        count = Math.min(count, 4);
        uncorrectable.set(first, first + count);
        return ModelCommand.without(NvmOpcode.WRITE_UNCORRECTABLE.code(), NAMESPACE_ID, first,
                NvmCommandBits.dword12(count, 0), FINE);
    }

    /** Some ranges, which may overlap each other and where they go to; sometimes one of them is outside. */
    private ModelCommand copy() {
        alone = true;
        changes = true;
        int ranges = 1 + random.nextInt(COPY_RANGES_MAX);
        int bad = random.nextInt(8) == 0 ? random.nextInt(ranges) : -1;
        byte[] list = new byte[ranges * CopySourceRange.SIZE];
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        StatusCode status = FINE;
        for (int i = 0; i < ranges; i++) {
            first = random.nextInt(blockCount);
            count = 1 + random.nextInt(Math.min(8, blockCount - first));
            content.writeBytes(content());
            status = readable() != FINE ? readable() : status;
            CopySourceRange.encode(MemorySegment.ofArray(list), (long) i * CopySourceRange.SIZE,
                    i == bad ? blockCount + random.nextInt(9) : first, count);
        }
        count = content.size() / blockSize;
        boolean fits = random.nextInt(8) != 0;
        first = fits ? random.nextInt(blockCount - count + 1) : blockCount - count + 1 + random.nextInt(5);
        if (bad >= 0 || !fits) {
            status = GenericStatus.LBA_OUT_OF_RANGE;
        } else if (status == FINE) {
            take(content.toByteArray());
        }
        return ModelCommand.out(NvmOpcode.COPY.code(), NAMESPACE_ID, first, ranges - 1 | maybeForceUnitAccess(), list,
                status);
    }

    private ModelCommand flush() {
        count = 0;
        return ModelCommand.without(NvmOpcode.FLUSH.code(), random.nextInt(4) == 0 ? -1 : NAMESPACE_ID, 0, 0, FINE);
    }

    /** One to many ranges, overlapping or empty ones among them; sometimes one of them is outside. */
    private ModelCommand datasetManagement() {
        alone = true;
        changes = true;
        int ranges = 1 + random.nextInt(random.nextInt(8) == 0 ? DSM_RANGES_MAX : 4);
        boolean deallocate = random.nextInt(8) != 0;
        boolean outside = random.nextInt(8) == 0;
        int attributes = (deallocate ? DatasetManagementRange.DEALLOCATE : 0)
                | (random.nextInt(8) == 0 ? DatasetManagementRange.INTEGRAL_READ : 0)
                | (random.nextInt(8) == 0 ? DatasetManagementRange.INTEGRAL_WRITE : 0);
        byte[] list = new byte[ranges * DatasetManagementRange.SIZE];
        DatasetManagementRange range = new DatasetManagementRange();
        int bad = outside ? random.nextInt(ranges) : -1;
        byte[] before = outside || !deallocate || !traits.deallocatedReadZeroes() ? blocks.clone() : blocks;
        for (int i = 0; i < ranges; i++) {
            chooseRange();
            int length = random.nextInt(16) == 0 ? 0 : count;
            range.wrap(MemorySegment.ofArray(list), (long) i * DatasetManagementRange.SIZE)
                    .encode(random.nextInt(), i == bad ? blockCount + 1 + random.nextInt(9) : first, length);
            Arrays.fill(blocks, first * blockSize, (first + length) * blockSize, (byte) 0);
        }
        if (before != blocks) {
            // Nothing may happen to any range if one is outside.
            System.arraycopy(before, 0, blocks, 0, blocks.length);
        }
        return ModelCommand.out(NvmOpcode.DATASET_MANAGEMENT.code(), NAMESPACE_ID,
                (long) attributes << Integer.SIZE | ranges - 1, 0, list,
                outside ? GenericStatus.LBA_OUT_OF_RANGE : FINE);
    }

    // ---- Commands with one thing wrong

    private ModelCommand faulty() {
        chooseRange();
        NvmOpcode opcode = switch (random.nextInt(4)) {
            case 0 -> NvmOpcode.READ;
            case 1 -> NvmOpcode.WRITE;
            case 2 -> NvmOpcode.COMPARE;
            default -> NvmOpcode.WRITE_ZEROES;
        };
        return switch (random.nextInt(7)) {
            case 0 -> wrong(opcode, badNamespaceId(), first, dword12(0), count * blockSize,
                    GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
            case 1 -> wrong(opcode, NAMESPACE_ID, blockCount - count + 1L + random.nextInt(5), dword12(0),
                    count * blockSize, GenericStatus.LBA_OUT_OF_RANGE);
            case 2 -> wrong(opcode, NAMESPACE_ID, random.nextLong(Long.MIN_VALUE, 0), dword12(0), count * blockSize,
                    GenericStatus.LBA_OUT_OF_RANGE);
            case 3 -> wrong(opcode, NAMESPACE_ID, Long.MAX_VALUE - random.nextInt(9), dword12(0), count * blockSize,
                    GenericStatus.LBA_OUT_OF_RANGE);
            case 4 -> wrong(opcode, NAMESPACE_ID, first,
                    dword12(1 + random.nextInt(15) << 26), count * blockSize, GenericStatus.INVALID_FIELD_IN_COMMAND);
            case 5 -> wrongLength(opcode);
            default -> wrongOpcode();
        };
    }

    private int badNamespaceId() {
        int[] ids = {0, 2, 1025, 0x7FFF_FFFF, 0xFFFF_FFFE, 0xFFFF_FFFF};
        return ids[random.nextInt(ids.length)];
    }

    private ModelCommand wrong(NvmOpcode opcode, int namespaceId, long startingBlock, int dword12, int bytes,
            StatusCode status) {
        return switch (opcode) {
            case READ -> ModelCommand.in(opcode.code(), namespaceId, startingBlock, dword12, bytes, null, status);
            case WRITE, COMPARE ->
                ModelCommand.out(opcode.code(), namespaceId, startingBlock, dword12, new byte[bytes], status);
            default -> ModelCommand.without(opcode.code(), namespaceId, startingBlock, dword12, status);
        };
    }

    /** An SGL that describes a block too few or too many. */
    private ModelCommand wrongLength(NvmOpcode opcode) {
        NvmOpcode moving = opcode == NvmOpcode.WRITE_ZEROES ? NvmOpcode.READ : opcode;
        int bytes = count == 1 || random.nextBoolean() && count < transferBlocksMax
                ? (count + 1) * blockSize : (count - 1) * blockSize;
        return wrong(moving, NAMESPACE_ID, first, dword12(0), bytes, GenericStatus.DATA_SGL_LENGTH_INVALID);
    }

    private ModelCommand wrongOpcode() {
        count = 0;
        int opcode = UNKNOWN_OPCODES[random.nextInt(UNKNOWN_OPCODES.length)];
        return ModelCommand.without(opcode, NAMESPACE_ID, first, 0, GenericStatus.INVALID_OPCODE);
    }
}
