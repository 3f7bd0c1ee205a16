package io.nvmeof.interop.hostile;

import static io.nvmeof.interop.hostile.Expectation.goesOn;
import static io.nvmeof.interop.hostile.Expectation.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.interop.hostile.RawHost.Stage;
import java.util.ArrayList;
import java.util.List;

/** Commands on blocks that are not there, with data that does not fit. */
final class NvmRows {
    private static final int BLOCK = RawHost.BLOCK;
    private static final int SCRATCH = (int) TargetBench.SCRATCH_BLOCK;
    private static final long END = TargetBench.BLOCK_COUNT;

    private NvmRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        ranges(rows);
        namespaces(rows);
        sgls(rows);
        sizes(rows);
        deallocate(rows);
        others(rows);
        rarer(rows);
        return rows;
    }

    private static Row command(String id, String input, Sqe sqe, byte[] data, int status, Object variant) {
        return Row.of(id, input, Stage.IO, host -> host.send(sqe, data), status(status)).variant(variant);
    }

    private static Row command(String id, String input, Sqe sqe, int status, Object variant) {
        return command(id, input, sqe, new byte[0], status, variant);
    }

    private static void ranges(List<Row> rows) {
        long[][] ranges = {{END, 1}, {END - 1, 2}, {END + 1, 1}, {1L << 32, 1}, {1L << 55, 1}, {Long.MAX_VALUE, 2},
            {Long.MIN_VALUE, 1}, {-1, 1}, {-1, 2}, {-8, 16}};
        for (long[] range : ranges) {
            int count = (int) range[1];
            String variant = Long.toUnsignedString(range[0]) + "+" + count;
            rows.add(command("B01", "Read beyond the end, also where the sum wraps around",
                    Sqe.read(1, range[0], count, BLOCK), 0x080, variant));
            rows.add(command("B02", "Write beyond the end, also where the sum wraps around; in the capsule or by R2T",
                    Sqe.writeInCapsule(1, range[0], count, BLOCK), new byte[count * BLOCK], 0x080,
                    variant + " in capsule"));
            rows.add(command("B02", "Write beyond the end, also where the sum wraps around; in the capsule or by R2T",
                    Sqe.write(1, range[0], count, BLOCK), 0x080, variant + " R2T"));
            rows.add(command("B03", "Write Zeroes beyond the end", Sqe.io(0x08, 1, range[0], count), 0x080, variant));
            rows.add(command("B04", "Compare beyond the end", Sqe.io(0x05, 1, range[0], count)
                    .sgl(Sqe.IN_CAPSULE, 0, (long) count * BLOCK), new byte[count * BLOCK], 0x080, variant));
        }
        rows.add(command("B05", "Write Zeroes of 65536 blocks where there are 4096", Sqe.io(0x08, 1, 0, 65536), 0x080,
                ""));
    }

    private static void namespaces(List<Row> rows) {
        for (int nsid : new int[] {0, 2, 1024, 1025, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF}) {
            for (int opcode : new int[] {0x00, 0x01, 0x02, 0x05, 0x08, 0x09}) {
                if (opcode == 0 && nsid == 0xFFFFFFFF) {
                    continue; // Flush of all namespaces is allowed.
                }
                rows.add(command("B10", "any command to a namespace that is not there",
                        Sqe.read(1, 0, 1, BLOCK).u8(0, opcode).nsid(nsid), 0x00B,
                        "opcode " + opcode + " nsid " + nsid));
            }
        }
    }

    private static void sgls(List<Row> rows) {
        for (int type : new int[] {0x00, 0x02, 0x0F, 0x10, 0x20, 0x30, 0x40, 0x50, 0x5B, 0xF0, 0xFF}) {
            rows.add(command("B20", "an SGL of another type", Sqe.read(1, 0, 1, BLOCK).u8(39, type), 0x011,
                    "read " + type));
            rows.add(command("B20", "an SGL of another type", Sqe.write(1, 0, 1, BLOCK).u8(39, type), 0x011,
                    "write " + type));
        }
        for (long offset : new long[] {1, 512, 1024, 0xFFFFFFFFL, -1, Long.MIN_VALUE}) {
            rows.add(command("B21", "an in-capsule SGL with an offset", Sqe.writeInCapsule(1, SCRATCH, 1, BLOCK)
                    .u64(24, offset), new byte[1024], 0x016, offset));
        }
        for (int capsule : new int[] {0, 4, 508}) {
            rows.add(command("B22", "an in-capsule SGL longer than the data in the capsule",
                    Sqe.writeInCapsule(1, SCRATCH, 1, BLOCK), new byte[capsule], 0x00F, capsule));
        }
        rows.add(command("B23", "a transport SGL with data in the capsule", Sqe.write(1, SCRATCH, 1, BLOCK),
                new byte[512], 0x002, ""));
        rows.add(command("B24", "more data in the capsule than the SGL says; the rest is skipped",
                Sqe.writeInCapsule(1, SCRATCH, 1, BLOCK), new byte[8192], 0x000, ""));
        for (int psdt : new int[] {0x00, 0x80, 0xC0}) {
            rows.add(command("B25", "PSDT says PRP, or something unknown", Sqe.read(1, 0, 1, BLOCK).u8(1, psdt), 0x002,
                    psdt));
        }
        rows.add(command("B26", "a read with an in-capsule SGL", Sqe.read(1, 0, 1, BLOCK).u8(39, Sqe.IN_CAPSULE),
                new byte[512], 0x011, ""));
    }

    private static void sizes(List<Row> rows) {
        for (long length : new long[] {0, 511, 513, 1024, TargetBench.TRANSFER_BYTES_MAX}) {
            rows.add(command("B30", "NLB and SGL disagree", Sqe.read(1, 0, 1, BLOCK).u32(32, length), 0x00F,
                    "read " + length));
            rows.add(command("B30", "NLB and SGL disagree", Sqe.write(1, SCRATCH, 1, BLOCK).u32(32, length), 0x00F,
                    "write " + length));
        }
        int over = TargetBench.TRANSFER_BYTES_MAX / BLOCK + 1;
        rows.add(command("B31", "a transfer above MDTS", Sqe.read(1, 0, over, BLOCK), 0x002, "read"));
        rows.add(command("B31", "a transfer above MDTS", Sqe.write(1, 0, over, BLOCK), 0x002, "write"));
        rows.add(command("B31", "a transfer above MDTS", Sqe.read(1, 0, 4096, BLOCK), 0x002, "whole namespace"));
        rows.add(command("B32", "an SGL of 4 GiB", Sqe.write(1, SCRATCH, 1, BLOCK).u32(32, 0xFFFFFFFFL), 0x00F, ""));
    }

    private static void deallocate(List<Row> rows) {
        rows.add(command("B40", "Dataset Management with less data than its ranges", dsm(255, 16), range(0, 1), 0x00F,
                ""));
        rows.add(command("B41", "Dataset Management without data", dsm(0, 0), new byte[0], 0x00F, ""));
        rows.add(command("B42", "Dataset Management of a range beyond the end", dsm(0, 16), range(END, 1), 0x080,
                "behind"));
        rows.add(command("B42", "Dataset Management of a range beyond the end", dsm(0, 16), range(END - 1, 2), 0x080,
                "across"));
        rows.add(command("B42", "Dataset Management of a range beyond the end", dsm(0, 16), range(-1, 2), 0x080,
                "wraps"));
        rows.add(command("B42", "Dataset Management of a range beyond the end", dsm(0, 16), range(0, 0xFFFFFFFFL),
                0x080,
                "2^32-1 blocks"));
        rows.add(Row.of("B43", "Dataset Management whose second range is beyond the end: no range is deallocated",
                Stage.IO, host -> {
                    byte[] data = Bytes.pattern(BLOCK, 77);
                    host.writeInCapsule(host.socket(), SCRATCH, data);
                    host.send(dsm(1, 32), Bytes.concat(range(SCRATCH, 1), range(END, 1)));
                    assertThat(host.response(host.socket(), 1).status()).isEqualTo(0x080);
                    assertThat(host.read(host.socket(), SCRATCH, 1)).isEqualTo(data);
                }, goesOn("status 0/80h LBA Out of Range; data as before")));
        rows.add(Row.of("B44", "Dataset Management of 256 times the same block", Stage.IO, host -> {
            byte[][] ranges = new byte[256][];
            java.util.Arrays.fill(ranges, range(SCRATCH, 1));
            host.send(dsm(255, 4096), Bytes.concat(ranges));
        }, status(0)));
    }

    /** {@code nr} is 0's based; the data comes in the capsule. */
    private static Sqe dsm(int nr, int bytes) {
        return Sqe.of(0x09, 1).nsid(1).u32(40, nr).u32(44, 4).sgl(Sqe.IN_CAPSULE, 0, bytes);
    }

    private static byte[] range(long block, long count) {
        byte[] range = new byte[16];
        Bytes.of(range).putInt(4, (int) count).putLong(8, block);
        return range;
    }

    /** To the scratch blocks; the ranges come in the capsule. */
    private static Sqe copy(int dword12) {
        return Sqe.of(0x19, 1).nsid(1).u64(40, SCRATCH).u32(48, dword12).sgl(Sqe.IN_CAPSULE, 0, 32);
    }

    private static byte[] source(long block, int count) {
        byte[] range = new byte[32];
        Bytes.of(range).putLong(8, block).putShort(16, (short) (count - 1));
        return range;
    }

    private static void others(List<Row> rows) {
        for (int opcode : new int[] {0x06, 0x0A, 0x12, 0x18, 0x1D, 0x7D, 0x80, 0xC0, 0xFF}) {
            rows.add(command("B50", "an I/O opcode that is not supported", Sqe.of(opcode, 1).nsid(1), 0x001, opcode));
        }
        for (int fuse : new int[] {0x41, 0x43}) {
            rows.add(command("B51", "a fused command that is no Compare, or of no known kind",
                    Sqe.read(1, 0, 1, BLOCK).u8(1, fuse), 0x002, fuse));
        }
        for (long bits : new long[] {1L << 26, 1L << 27, 1L << 28, 1L << 29}) {
            rows.add(command("B52", "protection information, which no namespace has",
                    Sqe.read(1, 0, 1, BLOCK).u32(48, bits), 0x002, bits));
        }
        rows.add(command("B53", "a Fabrics command other than Connect on an I/O queue",
                Sqe.propertyGet(1, RawHost.CSTS, false), 0x001, "Property Get"));
        rows.add(command("B53", "a Fabrics command other than Connect on an I/O queue",
                Sqe.propertySet(1, RawHost.CC, false, 0), 0x001, "Property Set"));
        rows.add(command("B54", "Flush that brings data; it is skipped",
                Sqe.io(0x00, 1, 0, 1).sgl(Sqe.IN_CAPSULE, 0, 512), new byte[512], 0x000, ""));
    }

    private static void rarer(List<Row> rows) {
        rows.add(command("B55", "the second of two fused commands without the first",
                Sqe.read(1, 0, 1, BLOCK).u8(1, 0x42), 0x00A, ""));
        for (int opcode : new int[] {0x04, 0x0C}) {
            rows.add(command("B56", "Verify and Write Uncorrectable beyond the end", Sqe.io(opcode, 1, END - 1, 2),
                    0x080, opcode));
            rows.add(command("B57", "Verify and Write Uncorrectable of more than VSL and WUSL allow",
                    Sqe.io(opcode, 1, 0, 2049), 0x002, opcode));
        }
        for (long[] source : new long[][] {{END, 1}, {END - 1, 2}, {-1, 2}, {Long.MIN_VALUE, 1}}) {
            rows.add(command("B58", "Copy from beyond the end", copy(0), source(source[0], (int) source[1]), 0x080,
                    source[0]));
        }
        rows.add(command("B59", "Copy of more blocks than MCL", copy(0), source(0, 4096), 0x183, ""));
        rows.add(command("B60", "Copy with less data than its ranges", copy(1), source(0, 1), 0x00F, ""));
        for (int format = 1; format < 16; format++) {
            rows.add(command("B61", "Copy with ranges of another format", copy(format << 8), source(0, 1), 0x002,
                    format));
        }
    }
}
