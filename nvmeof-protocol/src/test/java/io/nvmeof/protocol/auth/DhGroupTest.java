package io.nvmeof.protocol.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The groups of RFC 7919, and the hashes and key derivation against the vectors of RFC 4231 and RFC 5869. */
class DhGroupTest {
    /** The SHA-256 of each prime, and how RFC 7919 prints its end. */
    @ParameterizedTest
    @CsvSource({
        "FFDHE2048, 9cd3b7f336872f46c09428d1bbc19877a4d440512cda8d1c1cf0cd6e33698966, 886b423861285c97",
        "FFDHE3072, 0eaf67db3a839156d5013494a5318a772b5697d270d721f37f092efc69ea5a17, 25e41d2b66c62e37",
        "FFDHE4096, 4648414224ac881b3d0dc59b466f96d06a558278776807797ecf1f66ff397b3e, c68a007e5e655f6a",
        "FFDHE6144, 227ac9066b3ddd9e193670cda2388fa884f65ba0cf98b742d1fe77a6687c79c7, a40e329cd0e40e65",
        "FFDHE8192, 770b14efaf6f049929c523113b3fa99a8d11dab1b18af3609590122075d19833, d68c8bb7c5c6424c"
    })
    void primesAreThoseOfTheDefinition(DhGroup group, String sha256, String end) throws Exception {
        byte[] prime = group.prime().toByteArray();
        assertEquals(group.lengthBytes() + 1, prime.length);
        byte[] unsigned = Arrays.copyOfRange(prime, 1, prime.length);
        assertEquals(sha256, HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(unsigned)));
        String hex = HexFormat.of().formatHex(unsigned);
        assertTrue(hex.startsWith("ffffffffffffffffadf85458a2bb4a9aafdc5620273d3cf1d8b9c583ce2d3695"), hex);
        assertTrue(hex.endsWith(end + "ffffffffffffffff"), hex);
        assertEquals(group, DhGroup.ofCode(group.code()));
    }

    @ParameterizedTest
    @EnumSource(value = DhGroup.class, names = {"FFDHE2048", "FFDHE3072"})
    void primesAreSafe(DhGroup group) {
        assertTrue(group.prime().isProbablePrime(20));
        assertTrue(group.prime().shiftRight(1).isProbablePrime(20));
    }

    @ParameterizedTest
    @EnumSource(value = DhGroup.class, names = "NULL", mode = EnumSource.Mode.EXCLUDE)
    void valuesAreInTheGroup(DhGroup group) {
        BigInteger prime = group.prime();
        assertTrue(group.isPublicValue(new byte[] {2}));
        assertTrue(group.isPublicValue(unsigned(group, prime.subtract(BigInteger.TWO))));
        assertFalse(group.isPublicValue(unsigned(group, prime.subtract(BigInteger.ONE))));
        assertFalse(group.isPublicValue(unsigned(group, prime)));
        assertFalse(group.isPublicValue(new byte[] {1}));
        assertFalse(group.isPublicValue(new byte[group.lengthBytes()]));
        assertFalse(group.isPublicValue(new byte[group.lengthBytes() + 1]));
        assertFalse(group.isPublicValue(new byte[0]));
    }

    @Test
    void valuesAreAsLongAsThePrime() {
        byte[] value = DhGroup.FFDHE2048.publicValue(Secret.copyOf(new byte[] {3}));
        assertEquals(256, value.length);
        assertEquals(8, value[255]);
        assertArrayEquals(DhGroup.FFDHE2048.sharedValue(Secret.copyOf(new byte[] {5}), value),
                DhGroup.FFDHE2048.sharedValue(Secret.copyOf(new byte[] {3}), new byte[] {32}));
    }

    @Test
    void unknownCodesAreNone() {
        assertNull(DhGroup.ofCode(6));
        assertNull(DhGroup.ofCode(255));
        assertNull(AuthenticationHash.ofCode(0));
        assertNull(AuthenticationHash.ofCode(4));
        assertNull(SecureChannel.ofCode(1));
        assertNull(FailureReason.ofCode(0));
        assertNull(FailureReason.ofCode(8));
        for (FailureReason reason : FailureReason.values()) {
            assertEquals(reason, FailureReason.ofCode(reason.code()));
        }
    }

    /** RFC 4231, test case 2. */
    @ParameterizedTest
    @CsvSource({
        "SHA_256, 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "SHA_384, af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        "SHA_512, 164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
            + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
    })
    void hmacs(AuthenticationHash hash, String expected) {
        assertEquals(expected, HexFormat.of().formatHex(
                hash.hmac("Jefe".getBytes(), "what do ya want ".getBytes(), "for nothing?".getBytes())));
    }

    /** RFC 5869, test cases 2 (expand) and 3 (extract with a salt of zeroes). */
    @Test
    void hkdf() {
        HexFormat hex = HexFormat.of();
        byte[] prk = Hkdf.extract(AuthenticationHash.SHA_256, hex.parseHex("0b".repeat(22)));
        assertEquals("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04", hex.formatHex(prk));
        assertEquals("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
                hex.formatHex(Hkdf.expand(AuthenticationHash.SHA_256, prk, new byte[0], 42)));
        byte[] longer = hex.parseHex("06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244");
        assertEquals("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                + "cc30c58179ec3e87c14c01d5c1f3434f1d87",
                hex.formatHex(Hkdf.expand(AuthenticationHash.SHA_256, longer, AuthenticationPair.counting(0xB0, 80),
                        82)));
    }

    private static byte[] unsigned(DhGroup group, BigInteger number) {
        byte[] bytes = number.toByteArray();
        return Arrays.copyOfRange(bytes, bytes.length - group.lengthBytes(), bytes.length);
    }
}
