package io.nvmeof.protocol;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Values for property tests, from a seed that the failing test names, biased to the edges where codecs break: 0, 1, the
 * highest, the one before it, and the sign bit.
 */
public final class Gen {
    private static final int EDGE_ONE_IN = 3;

    private final SplittableRandom random;

    /** The same seed gives the same values. */
    public Gen(long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * Runs a property with fresh generators. A failure names its seed; {@code -Dgen.seed=} runs that one alone.
     *
     * @param runs how many seeds, from 0 on
     */
    public static void check(int runs, Property property) {
        String only = System.getProperty("gen.seed");
        if (only != null) {
            property.test(new Gen(Long.parseLong(only)));
            return;
        }
        for (int seed = 0; seed < runs; seed++) {
            try {
                property.test(new Gen(seed));
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("run again with -Dgen.seed=" + seed + ": " + e, e);
            }
        }
    }

    /** An unsigned number of {@code count} bits, 1 to 64. */
    public long bits(int count) {
        long all = count == Long.SIZE ? -1L : (1L << count) - 1;
        if (random.nextInt(EDGE_ONE_IN) == 0) {
            return switch (random.nextInt(5)) {
                case 0 -> 0;
                case 1 -> 1;
                case 2 -> all;
                case 3 -> all - 1;
                default -> 1L << count - 1;
            };
        }
        return random.nextLong() & all;
    }

    /** An unsigned byte. */
    public int u8() {
        return (int) bits(Byte.SIZE);
    }

    /** An unsigned number of 16 bits. */
    public int u16() {
        return (int) bits(Short.SIZE);
    }

    /** An unsigned number of 32 bits. */
    public long u32() {
        return bits(Integer.SIZE);
    }

    /** Any int. */
    public int i32() {
        return (int) bits(Integer.SIZE);
    }

    /** Any long. */
    public long i64() {
        return bits(Long.SIZE);
    }

    /** An unsigned number of 128 bits. */
    public BigInteger u128() {
        return new BigInteger(1, bytes(2 * Long.BYTES));
    }

    /** A number from {@code from} up to, not including, {@code to}. */
    public int between(int from, int to) {
        return random.nextInt(EDGE_ONE_IN) == 0 ? (coin() ? from : to - 1) : random.nextInt(from, to);
    }

    /** One of two. */
    public boolean coin() {
        return random.nextBoolean();
    }

    /** One of these. */
    @SafeVarargs
    public final <T> T oneOf(T... values) {
        return values[random.nextInt(values.length)];
    }

    /** Random bytes; often all alike, or few. */
    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        switch (random.nextInt(4)) {
            case 0 -> Arrays.fill(bytes, (byte) u8());
            case 1 -> {
                for (int i = 0; i < Math.min(length, 64); i++) {
                    bytes[random.nextInt(Math.min(length, 64))] = (byte) u8();
                }
            }
            default -> random.nextBytes(bytes);
        }
        return bytes;
    }

    /** A heap segment of {@link #bytes}. */
    public MemorySegment segment(int length) {
        return MemorySegment.ofArray(bytes(length));
    }

    /** Printable ASCII of at most {@code maxLength} characters that does not end in a space. */
    public String ascii(int maxLength) {
        StringBuilder text = new StringBuilder();
        times(between(0, maxLength + 1), i -> text.append((char) random.nextInt(' ', '~' + 1)));
        return text.toString().stripTrailing();
    }

    /** Increasing unsigned numbers, none 0. */
    public int[] increasing(int maxLength) {
        return random.ints(between(0, maxLength + 1)).filter(i -> i != 0).mapToObj(i -> i)
                .sorted(Integer::compareUnsigned).distinct().mapToInt(i -> i).toArray();
    }

    private static void times(int count, IntConsumer action) {
        for (int i = 0; i < count; i++) {
            action.accept(i);
        }
    }

    /** Something that holds for whatever the generator gives. */
    @FunctionalInterface
    public interface Property {
        /** Fails if it does not hold. */
        void test(Gen gen);
    }
}
