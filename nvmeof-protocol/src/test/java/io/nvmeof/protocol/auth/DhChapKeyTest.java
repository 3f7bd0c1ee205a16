package io.nvmeof.protocol.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys as nvme-cli 2.13 and 2.16 make them with gen-dhchap-key; both agree, and check-dhchap-key finds them valid. */
class DhChapKeyTest {
    private static final String GOOD = "DHHC-1:01:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSe:";

    @ParameterizedTest
    @CsvSource({
        "0, 32, DHHC-1:00:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:",
        "0, 48, DHHC-1:00:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwP/w0S89ELi3W2LxIcLXVsDn8kXZQ==:",
        "0, 64, DHHC-1:00:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNVEtu2c30BBvZZdbdz37AR/8NEvPRC4t1ti8SHC11b"
            + "A9/eghk=:",
        "1, 32, DHHC-1:01:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSe:",
        "2, 48, DHHC-1:02:Ov9JcOm/rpEuDXMrx8jpE3jgAb/ip5ZTr0JcGohno7KtAvUHPcdkcTZDJDF4lwHu7qcU5g==:",
        "3, 64, DHHC-1:03:dpfd7/YDQh1PluuW/v7YQ7CwE383p7iuY1AxKyr6xIjgR4d7BxXK9k18e720crQjNVNs+2GkqO9OSDS9/qUl"
            + "m40o3vQ=:"
    })
    void generatesWhatNvmeCliDoes(int hash, int length, String text) {
        AuthenticationHash transformation = AuthenticationHash.ofCode(hash);
        DhChapKey key = DhChapKey.generate(transformation, secret(length), AuthenticationPair.HOST);
        assertEquals(text, key.interchangeText());
        DhChapKey parsed = DhChapKey.parse(" " + text + "\n");
        assertEquals(key, parsed);
        assertEquals(transformation, parsed.transformation());
        assertEquals(length, parsed.lengthBytes());
    }

    @Test
    void transformsWithTheName() {
        // gen-dhchap-key made the key the HMAC of this name; transforming its input is making it.
        Secret transformed = DhChapKey.of(AuthenticationHash.SHA_256, secret(32)).transformed(AuthenticationPair.HOST);
        assertEquals(DhChapKey.parse(GOOD), DhChapKey.of(AuthenticationHash.SHA_256, transformed.bytes()));
        DhChapKey plain = DhChapKey.of(null, secret(48));
        assertEquals(Secret.copyOf(secret(48)), plain.transformed(AuthenticationPair.HOST));
        assertNull(plain.transformation());
    }

    @ParameterizedTest
    @CsvSource({
        "DHHC-1, does not start with DHHC-1:",
        "NVMeTLSkey-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:, does not start with DHHC-1:",
        "DHHC-2:01:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSe:, does not start with DHHC-1:",
        "DHHC-1:01:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSe, is not of the form",
        "DHHC-1:01:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSe:x, is not of the form",
        "DHHC-1:01:, is not of the form",
        "DHHC-1:04:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSe:, hash is not one of 00 to 03",
        "DHHC-1:1:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSe:, hash is not one of 00 to 03",
        "DHHC-1:0-:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSe:, hash is not one of 00 to 03",
        "DHHC-1:01:vak_iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSe:, is not Base64",
        "DHHC-1:01:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5D==e:, is not Base64",
        "DHHC-1:01:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG:, 'has 29 bytes, not one of [32, 48, 64]'",
        "DHHC-1:01::, 'has 0 bytes, not one of'",
        "DHHC-1:01:wak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSe:, CRC does not match",
        "DHHC-1:01:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSf:, CRC does not match"
    })
    void tellsEachMistakeAndNothingOfTheKey(String text, String complaint) {
        var e = assertThrows(IllegalArgumentException.class, () -> DhChapKey.parse(text));
        assertTrue(e.getMessage().contains(complaint), e.getMessage());
        assertNull(e.getCause());
        for (int i = 10; i + 4 <= text.length(); i++) {
            assertFalse(i > 15 && e.getMessage().contains(text.substring(i, i + 4)), e.getMessage());
        }
    }

    @Test
    void refusesEndlessTexts() {
        var e = assertThrows(IllegalArgumentException.class, () -> DhChapKey.parse("DHHC-1:01:" + "A".repeat(9999)));
        assertTrue(e.getMessage().contains("longer than"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"1, 48", "2, 32", "3, 32", "0, 16", "0, 0"})
    void refusesLengthsThatDoNotFit(int hash, int length) {
        assertThrows(IllegalArgumentException.class,
                () -> DhChapKey.of(AuthenticationHash.ofCode(hash), new byte[length]));
    }

    static byte[] secret(int length) {
        String half = "5512dbb6737d0106f65975b773dfb011ffc344bcf442e2dd6d8bc4870b5d5b03";
        String hex = switch (length) {
            case 32 -> half;
            case 48 -> half + half.substring(32);
            default -> half + half;
        };
        return HexFormat.of().parseHex(hex);
    }
}
