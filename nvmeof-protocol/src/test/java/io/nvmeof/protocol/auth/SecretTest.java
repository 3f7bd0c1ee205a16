package io.nvmeof.protocol.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Secrets are not to be seen, and are gone when destroyed. */
class SecretTest {
    private static final byte[] BYTES = AuthenticationPair.counting(0x41, 32);

    @Test
    void isItsBytesAndNotTheCallersArray() {
        byte[] bytes = BYTES.clone();
        Secret secret = Secret.copyOf(bytes);
        bytes[0]++;
        assertArrayEquals(BYTES, secret.bytes());
        secret.bytes()[0]++;
        assertArrayEquals(BYTES, secret.bytes());
        assertEquals(32, secret.length());
        assertEquals(Secret.copyOf(BYTES), secret);
        assertEquals(Secret.copyOf(BYTES).hashCode(), secret.hashCode());
        assertNotEquals(Secret.copyOf(bytes), secret);
    }

    @Test
    void isGoneWhenDestroyed() {
        byte[] bytes = BYTES.clone();
        Secret secret = Secret.owning(bytes);
        Secret copy = secret.copy();
        secret.destroy();
        secret.destroy();
        assertTrue(secret.isDestroyed());
        assertArrayEquals(new byte[32], bytes);
        assertThrows(IllegalStateException.class, secret::bytes);
        assertThrows(IllegalStateException.class, secret::copy);
        assertThrows(IllegalStateException.class, () -> copy.equals(secret));
        assertArrayEquals(BYTES, copy.bytes());
    }

    @Test
    void nothingPrintsIt() {
        DhChapKey key = DhChapKey.of(AuthenticationHash.SHA_256, BYTES);
        ConfiguredPsk psk = ConfiguredPsk.of(AuthenticationHash.SHA_256, BYTES);
        TlsPsk tls = psk.tlsPsk(1, AuthenticationPair.HOST, AuthenticationPair.SUBSYSTEM, PskDerivation.SPECIFIED);
        for (Object object : new Object[] {Secret.copyOf(BYTES), key, psk}) {
            assertHides(BYTES, object.toString());
        }
        assertHides(tls.key().bytes(), tls.toString());
        assertEquals("Secret[32 bytes]", Secret.copyOf(BYTES).toString());
    }

    @Test
    void keysAreEqualIfAllOfThemIs() {
        assertEquals(DhChapKey.of(null, BYTES), DhChapKey.of(null, BYTES));
        assertNotEquals(DhChapKey.of(AuthenticationHash.SHA_256, BYTES), DhChapKey.of(null, BYTES));
        assertEquals(ConfiguredPsk.of(null, BYTES), ConfiguredPsk.of(null, BYTES));
        assertNotEquals(ConfiguredPsk.of(AuthenticationHash.SHA_256, BYTES), ConfiguredPsk.of(null, BYTES));
        DhChapKey key = DhChapKey.of(null, BYTES);
        key.destroy();
        assertThrows(IllegalStateException.class, key::interchangeText);
    }

    private static void assertHides(byte[] secret, String text) {
        assertFalse(text.contains(HexFormat.of().formatHex(secret).substring(0, 8)), text);
        assertFalse(text.contains(Base64.getEncoder().encodeToString(secret).substring(0, 6)), text);
        assertFalse(text.contains("ABCD"), text);
    }
}
