package io.nvmeof.protocol.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nvmeof.protocol.auth.HostAuthentication.Step;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the Linux kernel said in real authentications with us, once more; see the README beside the recordings. */
class LinuxKernelExchangeTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/dh-hmac-chap");
    private static final AuthenticatedQueue QUEUE = new AuthenticatedQueue(
            NvmeQualifiedName.of("nqn.2014-08.org.nvmexpress:uuid:11111111-2222-3333-4444-555555555555"),
            NvmeQualifiedName.of("nqn.2024-01.io.nvmeof:authlab"), true, AuthenticatedQueue.Tls.NONE);
    private static final DhChapKey HOST_KEY =
            DhChapKey.parse("DHHC-1:01:vak/iyeTZm+/dAj6BSIgMI0FrV4T8WW88U+N9nEShvRG5DSe:");
    private static final DhChapKey CONTROLLER_KEY = DhChapKey.parse(
            "DHHC-1:02:Ov9JcOm/rpEuDXMrx8jpE3jgAb/ip5ZTr0JcGohno7KtAvUHPcdkcTZDJDF4lwHu7qcU5g==:");
    private static final int SEED = 20;

    @ParameterizedTest
    @CsvSource({
        "host-6.12-sha256-null, SHA_256, NULL, false",
        "host-7.2-sha384-ffdhe2048-bidirectional, SHA_384, FFDHE2048, true",
        "host-7.2-sha256-ffdhe2048-concatenation, SHA_256, FFDHE2048, true"
    })
    void aKernelHostAuthenticatesWithUs(String recording, AuthenticationHash hash, DhGroup group, boolean bidirectional)
            throws IOException {
        AuthenticationKeys keys = new AuthenticationKeys() {
            @Override
            public DhChapKey hostKey(NvmeQualifiedName host, NvmeQualifiedName subsystem) {
                return HOST_KEY;
            }

            @Override
            public DhChapKey controllerKey(NvmeQualifiedName host, NvmeQualifiedName subsystem) {
                return bidirectional ? CONTROLLER_KEY : null;
            }
        };
        var controller = new ControllerAuthentication(QUEUE, AuthenticationPair.policy(hash, group), keys,
                new Random(SEED)::nextBytes);
        TlsPsk psk = null;
        for (String line : lines(recording)) {
            switch (line.charAt(0)) {
                case '>' -> AuthenticationPair.send(controller, bytes(line));
                case '<' -> assertEquals(line.substring(2),
                        HexFormat.of().formatHex(AuthenticationPair.receive(controller)));
                default -> {
                    psk = controller.takeGeneratedPsk();
                    assertEquals(line.substring(2), psk.identity());
                }
            }
        }
        assertEquals(ControllerAuthentication.Status.AUTHENTICATED, controller.status());
        assertEquals(recording.contains("concatenation"), psk != null);
        assertNull(controller.takeGeneratedPsk());
    }

    @ParameterizedTest
    @CsvSource({
        "controller-6.12-sha512-ffdhe2048-bidirectional, true, NONE",
        "controller-7.2-sha256-ffdhe3072-concatenation, false, NEW_TLS_PSK"
    })
    void weAuthenticateWithAKernelController(String recording, boolean bidirectional, SecureChannel secureChannel)
            throws IOException {
        var host = new HostAuthentication(QUEUE, AuthenticationPolicy.COMPATIBLE, HOST_KEY,
                bidirectional ? CONTROLLER_KEY : null, secureChannel, new Random(SEED)::nextBytes);
        TlsPsk psk = null;
        for (String line : lines(recording)) {
            switch (line.charAt(0)) {
                case '>' -> assertEquals(line.substring(2), HexFormat.of().formatHex(host.takeMessage().bytes()));
                case '<' -> AuthenticationPair.receive(host, bytes(line));
                default -> {
                    psk = host.takeGeneratedPsk();
                    assertEquals(line.substring(2), psk.identity());
                }
            }
        }
        assertEquals(Step.AUTHENTICATED, host.step());
        assertEquals(secureChannel != SecureChannel.NONE, psk != null);
    }

    private static List<String> lines(String recording) throws IOException {
        List<String> lines = Files.readAllLines(RECORDINGS.resolve(recording + ".txt")).stream()
                .filter(line -> !line.startsWith("#")).toList();
        assertTrue(lines.size() >= 4);
        return lines;
    }

    private static byte[] bytes(String line) {
        return HexFormat.of().parseHex(line.substring(2));
    }
}
