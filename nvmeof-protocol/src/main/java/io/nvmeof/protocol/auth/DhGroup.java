package io.nvmeof.protocol.auth;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * The Diffie-Hellman groups of DH-HMAC-CHAP (NVMe Base 2.1, 8.3.4.5.2): none, or the finite field groups of RFC 7919,
 * all with generator 2.
 *
 * <p>A group's prime is what RFC 7919, appendix A defines: 2^b - 2^(b-64) + (floor(2^(b-130) e) + X) 2^64 - 1, where e
 * is the base of the natural logarithm and X the smallest number that makes it a safe prime.
 */
public enum DhGroup {
    /** No Diffie-Hellman exchange (00h): whoever learns a key can compute what was answered before. */
    NULL(0, 0, 0, 0),
    /** ffdhe2048 (01h). */
    FFDHE2048(1, 2048, 560_316, 32),
    /** ffdhe3072 (02h). */
    FFDHE3072(2, 3072, 2_625_351, 40),
    /** ffdhe4096 (03h). */
    FFDHE4096(3, 4096, 5_736_041, 44),
    /** ffdhe6144 (04h). */
    FFDHE6144(4, 6144, 15_705_020, 48),
    /** ffdhe8192 (05h). */
    FFDHE8192(5, 8192, 10_965_728, 52);

    /** Bytes of the longest value a group has. */
    public static final int MAX_VALUE_LENGTH = 1024;

    private static final DhGroup[] BY_CODE = values();

    private final int code;
    private final int lengthBytes;
    private final int exponentLengthBytes;
    private final BigInteger prime;

    DhGroup(int code, int bits, long x, int exponentLengthBytes) {
        this.code = code;
        this.lengthBytes = bits / Byte.SIZE;
        this.exponentLengthBytes = exponentLengthBytes;
        this.prime = bits == 0 ? null : prime(bits, x);
    }

    /** Returns the group with this code (0..255), or null if there is none. */
    public static DhGroup ofCode(int code) {
        return code < BY_CODE.length ? BY_CODE[code] : null;
    }

    /** The identifier on the wire. */
    public int code() {
        return code;
    }

    /** Bytes of a value of the group, which is that many even if it starts with zeroes; 0 for {@link #NULL}. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** The modulus; null for {@link #NULL}. */
    public BigInteger prime() {
        return prime;
    }

    /** Random bytes a private exponent takes: at least what RFC 7919, 5.2 asks for; 0 for {@link #NULL}. */
    int exponentLengthBytes() {
        return exponentLengthBytes;
    }

    /** The public value of a private exponent. Expensive: a millisecond to tens of them. */
    byte[] publicValue(Secret exponent) {
        return padded(BigInteger.TWO.modPow(number(exponent), prime));
    }

    /**
     * The common value of a private exponent and the peer's public value, as long as the prime. Expensive as
     * {@link #publicValue} is.
     */
    byte[] sharedValue(Secret exponent, byte[] peerValue) {
        return padded(new BigInteger(1, peerValue).modPow(number(exponent), prime));
    }

    /**
     * Whether a peer's public value is one: 2 to p - 2 (RFC 7919, 5.1). A value may be shorter than the prime, as some
     * peers leave zeroes at the start out.
     */
    boolean isPublicValue(byte[] value) {
        if (value.length == 0 || value.length > lengthBytes) {
            return false;
        }
        BigInteger number = new BigInteger(1, value);
        return number.compareTo(BigInteger.TWO) >= 0
                && number.compareTo(prime.subtract(BigInteger.TWO)) <= 0;
    }

    private static BigInteger number(Secret exponent) {
        return new BigInteger(1, exponent.usable());
    }

    private byte[] padded(BigInteger value) {
        byte[] minimal = value.toByteArray();
        byte[] into = new byte[lengthBytes];
        int from = Math.max(0, minimal.length - lengthBytes); // The sign takes a byte if the first bit is set.
        System.arraycopy(minimal, from, into, lengthBytes - (minimal.length - from), minimal.length - from);
        Arrays.fill(minimal, (byte) 0);
        return into;
    }

    private static BigInteger prime(int bits, long x) {
        BigInteger one = BigInteger.ONE;
        return one.shiftLeft(bits).subtract(one.shiftLeft(bits - 64))
                .add(eulersNumber(bits - 130).add(BigInteger.valueOf(x)).shiftLeft(64)).subtract(one);
    }

    /** e times 2^bits, rounded down: the sum of 1/k!, with more bits than the rounding of all terms can touch. */
    private static BigInteger eulersNumber(int bits) {
        int guardBits = 64;
        BigInteger term = BigInteger.ONE.shiftLeft(bits + guardBits);
        BigInteger sum = BigInteger.ZERO;
        for (int k = 1; term.signum() > 0; k++) {
            sum = sum.add(term);
            term = term.divide(BigInteger.valueOf(k));
        }
        return sum.shiftRight(guardBits);
    }
}
