package io.nvmeof.cli.load;

import io.nvmeof.cli.host.HostSession;
import io.nvmeof.cli.load.AcknowledgedLog.Promise;
import io.nvmeof.cli.load.AcknowledgedLog.Promises;
import io.nvmeof.cli.load.BlockPattern.BlockHeader;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.HexDump;
import io.nvmeof.cli.shared.Terminal;
import io.nvmeof.initiator.RemoteNamespace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import me.tongfei.progressbar.ProgressBar;

/** Reads a namespace and proves that every promised write is there, or a later one. */
final class PromiseCheck {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int DUMP_BYTES = 64;
    private static final int FINDINGS_SHOWN = 10;

    private final RemoteNamespace namespace;
    private final Promises promises;
    private final TreeMap<Long, Promise> byBlock;
    private final BlockPattern pattern;
    private final MemorySegment memory;
    private final List<String> findings = new ArrayList<>();
    private long brokenCount;
    private long readCount;

    PromiseCheck(RemoteNamespace namespace, Promises promises) {
        if (namespace.blockSizeBytes() != promises.blockSizeBytes()) {
            throw CommandFailure.usage("--check: written for blocks of " + promises.blockSizeBytes()
                    + " bytes; this namespace has blocks of " + namespace.blockSizeBytes());
        }
        this.namespace = namespace;
        this.promises = promises;
        this.byBlock = new TreeMap<>(promises.byBlock());
        this.pattern = new BlockPattern(0, namespace.blockSizeBytes());
        this.memory = Arena.ofAuto().allocate(Math.max(CHUNK_BYTES, namespace.blockSizeBytes()), 4096);
        if (!byBlock.isEmpty() && byBlock.lastKey() >= namespace.blockCount()) {
            throw CommandFailure.failed("block " + byBlock.lastKey() + " was promised, but the namespace has only "
                    + namespace.blockCount() + " blocks");
        }
    }

    VerifyReport run() {
        int chunk = (int) (memory.byteSize() / namespace.blockSizeBytes());
        try (ProgressBar bar = Terminal.bytes("check", (long) byBlock.size() * namespace.blockSizeBytes())) {
            Long next = byBlock.isEmpty() ? null : byBlock.firstKey();
            while (next != null) {
                long first = next;
                int count = (int) Math.min(chunk, byBlock.floorKey(first + chunk - 1) - first + 1);
                HostSession.await(namespace.read(first, count, memory));
                readCount++;
                byBlock.subMap(first, first + count).forEach((block, promise) -> check(block, promise, block - first));
                next = byBlock.ceilingKey(first + count);
                if (bar != null) {
                    bar.stepBy((long) count * namespace.blockSizeBytes());
                }
            }
        }
        boolean right = brokenCount == 0;
        return new VerifyReport(right, right ? "every promised write is there" : brokenCount
                + " PROMISED BLOCKS ARE LOST",
                right ? null : String.join("\n", findings), promises.seed(0), readCount,
                readCount * memory.byteSize(), byBlock.size());
    }

    private void check(long block, Promise promise, long index) {
        long offset = index * namespace.blockSizeBytes();
        BlockHeader found = pattern.header(memory, offset);
        boolean kept = found.known() && found.intact() && found.block() == block
                && promise.keptBy(promises.run(found.seed()), found.generation());
        if (kept) {
            return;
        }
        brokenCount++;
        if (findings.size() < FINDINGS_SHOWN) {
            StringBuilder text = new StringBuilder("block ").append(block).append(" is lost: promised seed ")
                    .append(Long.toUnsignedString(promises.seed(promise.run()))).append(", generation ")
                    .append(promise.generation()).append(" or later\n  found: ")
                    .append(pattern.isZero(memory, offset) ? "zeroes" : found.toString()).append('\n');
            HexDump.append(text, "  ", memory, offset, 0, DUMP_BYTES);
            findings.add(text.toString());
        }
    }
}
