package io.nvmeof.protocol.auth;

import static io.nvmeof.protocol.auth.AuthenticationPair.HOST;
import static io.nvmeof.protocol.auth.AuthenticationPair.SUBSYSTEM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * PSKs and identities against nvme-cli: check-tls-key told the identities, and the keys it inserted into a keyring were
 * read back. SPECIFIED is nvme-cli 2.16; COMPATIBLE is the same with --compat, whose identities are those of 2.13.
 */
class ConfiguredPskTest {
    private static final String PSK_32 = "VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:";
    private static final String PSK_48 = "VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwP/w0S89ELi3W2LxIcLXVsDn8kXZQ==:";

    @ParameterizedTest
    @CsvSource({
        "SPECIFIED, 0, 0, 32, , fa88c2eb5de41f83edc6fd1c555598062919baec2edaa2900014e7989a6f49d4",
        "SPECIFIED, 0, 0, 48, , fa1b1fde74ac4d51ce362f86dd1b4f7010b507bd2cdff8ad16bc19603cff2b08"
            + "44dffd2e30bd94ac05819189991ebc75",
        "SPECIFIED, 0, 1, 32, , d9aea78b3f847883f6e7bf9933b41227e99f10b18421201479e5cc7a5cd4cdcd",
        "SPECIFIED, 0, 2, 48, , 432b6d5978dd571450c4bba7db43dde859e72c48be42689de81ad7ef04d5ccf9"
            + "0fb6356eb09d30f1ca8db2cf57d6daec",
        "SPECIFIED, 1, 0, 32, 9AJrOO+6zxz7QmKEDd7LVA9EYEbFj3Bv/O05+gFsHG8=,"
            + "beb2ac6362d58c3eda12d7c5392a479355e61c43335396a3172a61bfccdf4af9",
        "SPECIFIED, 1, 0, 48, 6VOURDZFST3BCjkVzZxTXZxOal7p845mBcgAlgrVWkKzpmjS0qE5zPyCDNrPOLlQ,"
            + "9f3a657ae62bc401ec8600c913d6b02bc01923cded2ce8fb18b2d70a7792392e"
            + "c5fa07fbe9c5cde118e610ae4931d655",
        "SPECIFIED, 1, 1, 32, czPFd7BEpySRz+/7ha1GN1LlB1xAXzS1yAAfO2HPtAY=,"
            + "e632fa3a4f4509b8505cc330b9bcb5a6a4c1915842c053d8a112308b206ab652",
        "SPECIFIED, 1, 2, 48, b5ZfQpGGWPyFME8IjTuR7fwF489h/nggBPSxPXtMc769vObd0FcCffq6tQmavpNC,"
            + "a304cef064971b39ca6e106f414b09dbc1db24e1410367950bbde38c393bd84d"
            + "9be4d938972d27df5384ea1645a877dd",
        "COMPATIBLE, 0, 0, 32, , 1ad2d2d7a74221320f234d57743e744112c546a0576e4966c70b461a5bc0a1c0",
        "COMPATIBLE, 0, 0, 48, , ba4d3f98f85d949e79e5edd325db6d700b0fdc9556bd2c8be2a2de0dc5c0b2e7"
            + "069bde7c2c5ea9629b2c1d8073a6ad4d",
        "COMPATIBLE, 0, 1, 32, , a02b2f73d5c688c4c773c3f6bd609984dd16bf525130564e06146501d229234a",
        "COMPATIBLE, 0, 2, 48, , 862b354f595a869ff8e9ec750e3290cf43e1211695b7681c820c129ff8257bab"
            + "eee33e2cc51aeeac6d95b35d20afe2b5",
        "COMPATIBLE, 1, 0, 32, 9AJrOO+6zxz7QmKEDd7LVA9EYEbFj3Bv/O05+gFsHG8=,"
            + "93c43fca36305e1a2498ccc006b46535d0a39a755b1f532e00dc442ab9eaf9ac",
        "COMPATIBLE, 1, 0, 48, 6VOURDZFST3BCjkVzZxTXZxOal7p845mBcgAlgrVWkKzpmjS0qE5zPyCDNrPOLlQ,"
            + "cbd59d4b4b743f5f8d08c64b980490b8d3a1526b73beb29f139ccbce7f2d4fdf"
            + "55544946600f0573acc3430a75cb7b9c",
        "COMPATIBLE, 1, 1, 32, 05TMKTVGID/Eh1wByS/t6218oW6oFoZREwB+UtX9iKI=,"
            + "e046b17f288c498af051998127664299a40a4a847a656a47e9af43f92a7bd2f3",
        "COMPATIBLE, 1, 2, 48, /GZZBgo8P1aYzJSGbas1sdNvzPx3K+t/SWWs/pBC1WAES0BcAZK+KJQoFxoNFupf,"
            + "be934de61e272e4bcac8b1587fc70215c3cdf036dbdb7794b3843091bb17855c"
            + "d0fc80c8d85e2d096002bf0f93e56c89"
    })
    void makesThePskThatNvmeCliMakes(PskDerivation derivation, int version, int hash, int length, String digest,
            String key) {
        String text = "NVMeTLSkey-1:0" + hash + ":" + (length == 32 ? PSK_32 : PSK_48);
        ConfiguredPsk psk = ConfiguredPsk.parse(text);
        assertEquals(text, psk.interchangeText());
        assertEquals(psk, ConfiguredPsk.of(AuthenticationHash.ofCode(hash), DhChapKeyTest.secret(length)));
        TlsPsk tls = psk.tlsPsk(version, HOST, SUBSYSTEM, derivation);
        String identity = "NVMe" + version + "R0" + (length == 32 ? 1 : 2) + " " + HOST + " " + SUBSYSTEM;
        assertEquals(digest == null ? identity : identity + " " + digest, tls.identity());
        assertEquals(key, HexFormat.of().formatHex(tls.key().bytes()));
        assertEquals(length == 32 ? AuthenticationHash.SHA_256 : AuthenticationHash.SHA_384, tls.hash());
    }

    @Test
    void agreesWithTheVectorsOfLibnvme() {
        NvmeQualifiedName host = NvmeQualifiedName.lenient("nqn.psk-test-host");
        NvmeQualifiedName subsystem = NvmeQualifiedName.lenient("nqn.psk-test-subsys");
        ConfiguredPsk psk = ConfiguredPsk.parse("NVMeTLSkey-1:01:" + PSK_32);
        assertEquals("NVMe1R01 nqn.psk-test-host nqn.psk-test-subsys iSbjiStwJ/1TrTvDlt2fjFmzvsytOJelidNnA+X5lEU=",
                psk.tlsPsk(1, host, subsystem, PskDerivation.SPECIFIED).identity());
        assertEquals("NVMe1R01 nqn.psk-test-host nqn.psk-test-subsys 66GuqV08TsAGII39teWUfwQwizjv06Jy8jOcX3NAAzM=",
                psk.tlsPsk(1, host, subsystem, PskDerivation.COMPATIBLE).identity());
        ConfiguredPsk longer = ConfiguredPsk.parse("NVMeTLSkey-1:02:" + PSK_48);
        assertEquals("NVMe1R02 nqn.psk-test-host nqn.psk-test-subsys"
                + " QhW2+Rp6RzHlNtCslyRxMnwJ11tKKhz8JCAQpQ+XUD8f9td1VeH5h53yz2wKJG1a",
                longer.tlsPsk(1, host, subsystem, PskDerivation.SPECIFIED).identity());
    }

    /** The values of the Linux kernel's own unit tests of a PSK generated by DH-HMAC-CHAP. */
    @ParameterizedTest
    @CsvSource({
        "SHA_256, OldoKuTfKddMuyCznAZojkWD7P4D9/AtzDzLimtOxqI=,"
            + "3c17da628474a04d2247c4cab47968c915388193f7c071bd9489cc3666cd7cc8",
        "SHA_384, cffMWk8TSS7HOQebjgYEIkrPrjWPV4JE5cdPB8WhEvY4JBW5YynKyv66XscN4A9n,"
            + "2774753233537b3fa50eb7d16a8e43457d85f4906c005b2236616c5d80939d08"
            + "98fff15bb8b77119d2be0aac423e7590"
    })
    void generatedPsksAreThoseOfTheLinuxKernel(AuthenticationHash hash, String digest, String key) {
        int length = hash.lengthBytes();
        byte[] descending = new byte[length];
        for (int i = 0; i < length; i++) {
            descending[i] = (byte) (0xFF - i);
        }
        TlsPsk psk = DhChapExchange.generatedPsk(hash, Secret.copyOf(AuthenticationPair.counting('A', length)),
                AuthenticationPair.counting(0, length), descending, NvmeQualifiedName.lenient("hostnqn"),
                NvmeQualifiedName.lenient("subsysnqn"));
        assertEquals("NVMe1G0" + hash.code() + " hostnqn subsysnqn " + digest, psk.identity());
        assertEquals(key, HexFormat.of().formatHex(psk.key().bytes()));
    }

    @ParameterizedTest
    @CsvSource({
        "DHHC-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:, does not start with NVMeTLSkey-1:",
        "NVMeTLSkey-1:03:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:, hash is not one of 00 to 02",
        "NVMeTLSkey-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ, is not of the form",
        "NVMeTLSkey-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9Lra:, CRC does not match",
        "NVMeTLSkey-1:02:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNf9LrZ:, a PSK has 32 bytes for SHA-256",
        "NVMeTLSkey-1:01:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwP/w0S89ELi3W2LxIcLXVsDn8kXZQ==:,"
            + "a PSK has 32 bytes for SHA-256",
        "NVMeTLSkey-1:00:VRLbtnN9AQb2WXW3c9+wEf/DRLz0QuLdbYvEhwtdWwNVEtu2c30BBvZZdbdz37AR/8NEvPRC4t1ti8SHC11bA9/"
            + "eghk=:, 'has 64 bytes, not one of [32, 48]'"
    })
    void tellsEachMistake(String text, String complaint) {
        var e = assertThrows(IllegalArgumentException.class, () -> ConfiguredPsk.parse(text));
        assertTrue(e.getMessage().contains(complaint), e.getMessage());
        assertNull(e.getCause());
    }

    @Test
    void namesAsLongAsTheyMayBeFitIntoVersion1Alone() {
        NvmeQualifiedName host = NvmeQualifiedName.of("nqn.2024-01.io.nvmeof:" + "h".repeat(201));
        NvmeQualifiedName subsystem = NvmeQualifiedName.of("nqn.2024-01.io.nvmeof:" + "s".repeat(201));
        ConfiguredPsk psk = ConfiguredPsk.parse("NVMeTLSkey-1:02:" + PSK_48);
        assertEquals(48, psk.tlsPsk(1, host, subsystem, PskDerivation.SPECIFIED).key().length());
        assertThrows(IllegalArgumentException.class, () -> psk.tlsPsk(0, host, subsystem, PskDerivation.SPECIFIED));
        assertThrows(IllegalArgumentException.class, () -> psk.tlsPsk(2, HOST, SUBSYSTEM, PskDerivation.SPECIFIED));
    }

    @Test
    void pskAndIdentityDependOnBothNames() {
        ConfiguredPsk psk = ConfiguredPsk.parse("NVMeTLSkey-1:01:" + PSK_32);
        TlsPsk one = psk.tlsPsk(1, HOST, SUBSYSTEM, PskDerivation.SPECIFIED);
        for (TlsPsk other : new TlsPsk[] {psk.tlsPsk(1, SUBSYSTEM, HOST, PskDerivation.SPECIFIED),
            psk.tlsPsk(1, HOST, HOST, PskDerivation.SPECIFIED), psk.tlsPsk(0, HOST, SUBSYSTEM,
                    PskDerivation.SPECIFIED)}) {
            assertNotEquals(one.identity(), other.identity());
            assertNotEquals(one.key(), other.key());
        }
    }
}
