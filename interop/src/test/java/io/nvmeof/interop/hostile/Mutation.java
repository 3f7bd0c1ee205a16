package io.nvmeof.interop.hostile;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * Changes one field of one PDU of a session, both chosen by a seed: a field that means something, to a value at an
 * edge; or any byte. Half of the changes get right digests.
 */
final class Mutation implements UnaryOperator<Pdu> {
    /** Offset and width of what has a meaning, by type of PDU; commands' are those of the SQE, 8 bytes further. */
    private static final int[][] COMMON = {{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 4}};
    private static final int[][] IC_REQ = {{8, 2}, {10, 1}, {11, 1}, {12, 4}};
    private static final int[][] COMMAND = {{8, 1}, {9, 1}, {10, 2}, {12, 4}, {32, 8}, {40, 4}, {47, 1}, {48, 4},
        {48, 8}, {50, 2}, {52, 4}, {54, 1}, {56, 2}, {56, 4}, {60, 4}, {64, 4}};
    private static final int[][] RESPONSE = {{8, 4}, {12, 4}, {16, 2}, {18, 2}, {20, 2}, {22, 2}};
    private static final int[][] DATA = {{8, 2}, {10, 2}, {12, 4}, {16, 4}};

    private final SplittableRandom random;
    private final int victim;
    private final BitSet mayChange;
    private int index;
    private String done;
    private Runnable whenDone = () -> {};

    /**
     * @param pduCount how many PDUs the session has
     * @param mayChange gets the blocks that the mutated PDU asks to change
     */
    Mutation(long seed, int pduCount, BitSet mayChange) {
        this.random = new SplittableRandom(seed);
        this.victim = random.nextInt(pduCount);
        this.mayChange = mayChange;
    }

    /** Sets what to do before the changed PDU is sent. */
    void whenDone(Runnable action) {
        whenDone = action;
    }

    /** Whether the PDU was sent. */
    synchronized boolean happened() {
        return done != null;
    }

    @Override
    public synchronized Pdu apply(Pdu pdu) {
        if (index++ != victim) {
            return pdu;
        }
        int choice = random.nextInt(10);
        if (choice < 7) {
            field(pdu);
        } else {
            int at = random.nextInt(pdu.bytes.length);
            pdu.u8(at, random.nextInt(256));
            done = "PDU %d: byte %d to %d".formatted(victim, at, pdu.bytes[at]);
        }
        if (random.nextBoolean()) {
            pdu.resealed();
            done += ", resealed";
        }
        note(pdu.bytes);
        whenDone.run();
        return pdu;
    }

    private void field(Pdu pdu) {
        int[][] own = switch (pdu.bytes[0]) {
            case Pdu.IC_REQ, Pdu.IC_RESP -> IC_REQ;
            case Pdu.RESPONSE -> RESPONSE;
            case Pdu.COMMAND -> COMMAND;
            default -> DATA;
        };
        int pick = random.nextInt(COMMON.length + own.length);
        int[] field = pick < COMMON.length ? COMMON[pick] : own[pick - COMMON.length];
        long before = 0;
        for (int i = field[1] - 1; i >= 0; i--) {
            before = before << 8 | pdu.bytes[field[0] + i] & 0xFF;
        }
        long value = switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> -1;
            case 3 -> 1L << field[1] * 8 - 1;
            case 4 -> (1L << field[1] * 8 - 1) - 1;
            case 5 -> before + 1;
            case 6 -> before - 1;
            case 7 -> before ^ 1L << random.nextInt(field[1] * 8);
            case 8 -> random.nextInt(TargetBench.BLOCK_COUNT + 2);
            default -> random.nextLong();
        };
        for (int i = 0; i < field[1]; i++) {
            pdu.u8(field[0] + i, (int) (value >>> 8 * i));
        }
        done = "PDU %d: %d bytes at %d from %x to %x".formatted(victim, field[1], field[0], before, value);
    }

    /** A mutated command may be a legal one, to other blocks. */
    private void note(byte[] bytes) {
        if (bytes.length < 72) {
            return;
        }
        int opcode = Bytes.u8(bytes, 8);
        if (opcode == 0x01 || opcode == 0x08) {
            note(Bytes.i64(bytes, 48), Bytes.u16(bytes, 56) + 1L);
        } else if (opcode == 0x09) {
            for (int at = 72; at + 16 <= bytes.length; at += 4) {
                note(Bytes.i64(bytes, at + 8), Bytes.i32(bytes, at + 4) & 0xFFFFFFFFL);
            }
        }
    }

    private void note(long block, long count) {
        if (block >= 0 && block < TargetBench.BLOCK_COUNT) {
            mayChange.set((int) block, (int) Math.min(TargetBench.BLOCK_COUNT, block + count));
        }
    }

    @Override
    public synchronized String toString() {
        return done == null ? "PDU " + victim + " was never sent" : done;
    }

    /** Blocks that differ although nobody asked to change them. */
    static BitSet wronglyChanged(byte[] before, byte[] after, BitSet mayChange) {
        BitSet wrong = new BitSet();
        for (int block = 0; block < TargetBench.BLOCK_COUNT; block++) {
            int from = block * RawHost.BLOCK;
            int to = from + RawHost.BLOCK;
            if (!mayChange.get(block) && !Arrays.equals(before, from, to, after, from, to)) {
                wrong.set(block);
            }
        }
        return wrong;
    }
}
