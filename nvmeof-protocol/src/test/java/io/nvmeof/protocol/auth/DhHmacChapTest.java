package io.nvmeof.protocol.auth;

import static io.nvmeof.protocol.auth.AuthenticationPair.HOST;
import static io.nvmeof.protocol.auth.AuthenticationPair.HOST_KEY;
import static io.nvmeof.protocol.auth.AuthenticationPair.SUBSYSTEM;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.nvmeof.protocol.auth.AuthenticationMessage.Challenge;
import io.nvmeof.protocol.auth.AuthenticationMessage.Reply;
import io.nvmeof.protocol.auth.AuthenticationPolicy.Concatenation;
import io.nvmeof.protocol.auth.ControllerAuthentication.Status;
import io.nvmeof.protocol.auth.HostAuthentication.Step;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Both sides against each other, and against values computed elsewhere. */
class DhHmacChapTest {
    @TestFactory
    Stream<DynamicTest> everyHashAndGroupInBothDirections() {
        List<DynamicTest> tests = new ArrayList<>();
        for (AuthenticationHash hash : AuthenticationHash.values()) {
            for (DhGroup group : DhGroup.values()) {
                for (boolean bidirectional : new boolean[] {false, true}) {
                    tests.add(dynamicTest(hash + " " + group + (bidirectional ? " bidirectional" : ""),
                            () -> authenticates(hash, group, bidirectional)));
                }
            }
        }
        return tests.stream();
    }

    private static void authenticates(AuthenticationHash hash, DhGroup group, boolean bidirectional) throws Exception {
        var pair = AuthenticationPair.of(AuthenticationPair.policy(hash, group), bidirectional, SecureChannel.NONE);
        pair.run().assertAuthenticated();
        assertEquals(bidirectional ? 3 : 2, pair.sent.size());
        Challenge challenge = (Challenge) decode(pair.received.getFirst());
        assertEquals(hash.code(), challenge.hashId());
        assertEquals(group.code(), challenge.groupId());
        assertEquals(hash.lengthBytes(), challenge.challenge().length);
        assertEquals(group.lengthBytes(), challenge.dhValue().length);
        assertEquals(bidirectional, ((Reply) decode(pair.sent.get(1))).challengeValid());
        assertNull(pair.controller.takeGeneratedPsk());
        assertNull(pair.host.takeGeneratedPsk());
    }

    @ParameterizedTest
    @CsvSource({"SHA_256, FFDHE2048, false", "SHA_384, FFDHE3072, false", "SHA_256, FFDHE3072, true"})
    void secureChannelConcatenationGivesBothTheSamePsk(AuthenticationHash hash, DhGroup group, boolean bidirectional) {
        var pair = AuthenticationPair.of(AuthenticationPair.policy(hash, group), bidirectional,
                SecureChannel.NEW_TLS_PSK);
        pair.run().assertAuthenticated();
        TlsPsk ofController = pair.controller.takeGeneratedPsk();
        TlsPsk ofHost = pair.host.takeGeneratedPsk();
        assertEquals(ofController, ofHost);
        assertEquals(hash, ofHost.hash());
        assertEquals(hash.lengthBytes(), ofHost.key().length());
        assertTrue(ofHost.identity().startsWith("NVMe1G0" + hash.code() + " " + HOST + " " + SUBSYSTEM + " "));
        assertNull(pair.controller.takeGeneratedPsk());
        assertNull(pair.host.takeGeneratedPsk());
    }

    @Test
    void aSecureChannelNeverUsesSha512OrNoGroup() throws Exception {
        var pair = AuthenticationPair.of(AuthenticationPolicy.COMPATIBLE, false, SecureChannel.NEW_TLS_PSK);
        pair.run().assertAuthenticated();
        Challenge challenge = (Challenge) decode(pair.received.getFirst());
        assertEquals(AuthenticationHash.SHA_384.code(), challenge.hashId());
        assertEquals(DhGroup.FFDHE3072.code(), challenge.groupId());
        var offer = ((AuthenticationMessage.Negotiate) decode(pair.sent.getFirst())).descriptors().getFirst();
        assertFalse(offer.groupIds().contains(DhGroup.NULL.code()));
        assertFalse(offer.hashIds().contains(AuthenticationHash.SHA_512.code()));
    }

    @Test
    void authenticatesAgainAndStaysAuthenticatedMeanwhile() throws Exception {
        var pair = AuthenticationPair.of(AuthenticationPolicy.FORWARD_SECRET, true, SecureChannel.NONE);
        pair.run().assertAuthenticated();
        int first = decode(pair.sent.getFirst()).transactionId();
        Challenge firstChallenge = (Challenge) decode(pair.received.getFirst());
        pair.sent.clear();
        pair.received.clear();
        pair.host.restart(SecureChannel.NONE);
        AuthenticationPair.send(pair.controller, pair.host.takeMessage().bytes());
        assertEquals(Status.AUTHENTICATED, pair.controller.status());
        pair.run().assertAuthenticated();
        Challenge again = (Challenge) decode(pair.received.getFirst());
        assertEquals(first + 1 & 0xFFFF, again.transactionId());
        assertEquals(firstChallenge.sequenceNumber() + 1, again.sequenceNumber());
        assertFalse(Arrays.equals(firstChallenge.challenge(), again.challenge()));
        assertFalse(Arrays.equals(firstChallenge.dhValue(), again.dhValue()));
    }

    @Test
    void aFailedReauthenticationEndsTheAuthentication() {
        var pair = AuthenticationPair.of(AuthenticationPolicy.FORWARD_SECRET, false, SecureChannel.NONE);
        pair.run().assertAuthenticated();
        pair.host.restart(SecureChannel.NONE);
        pair.towardsController = message -> AuthenticationPair.flip(message, 20);
        pair.run();
        assertEquals(Step.FAILED, pair.host.step());
        assertEquals(Status.FAILED, pair.controller.status());
    }

    @Test
    void aGeneratedPskIsReplacedOverTheTlsItMade() {
        var queue = new AuthenticatedQueue(HOST, SUBSYSTEM, true, AuthenticatedQueue.Tls.GENERATED_PSK);
        var pair = new AuthenticationPair(
                new ControllerAuthentication(queue, AuthenticationPolicy.FORWARD_SECRET,
                        AuthenticationPair.keys(HOST_KEY, null), new Random(3)::nextBytes),
                new HostAuthentication(queue, AuthenticationPolicy.FORWARD_SECRET, HOST_KEY, null,
                        SecureChannel.REPLACE_TLS_PSK, new Random(4)::nextBytes));
        pair.run().assertAuthenticated();
        assertEquals(pair.controller.takeGeneratedPsk(), pair.host.takeGeneratedPsk());
    }

    @Test
    void aPskNobodyTookIsGoneAfterAFailure() {
        var pair = AuthenticationPair.of(AuthenticationPolicy.FORWARD_SECRET, false, SecureChannel.NEW_TLS_PSK);
        pair.run().assertAuthenticated();
        pair.host.restart(SecureChannel.NONE);
        pair.towardsController = message -> AuthenticationPair.flip(message, 20);
        pair.run();
        assertEquals(Step.FAILED, pair.host.step());
        assertNull(pair.host.takeGeneratedPsk());
        assertNull(pair.controller.takeGeneratedPsk());
    }

    @Test
    void nothingIsLeftWhenDestroyed() {
        var pair = AuthenticationPair.of(AuthenticationPolicy.FORWARD_SECRET, true, SecureChannel.NEW_TLS_PSK);
        pair.run().assertAuthenticated();
        pair.controller.destroy();
        pair.host.destroy();
        assertNull(pair.host.takeGeneratedPsk());
        assertNull(pair.controller.takeGeneratedPsk());
        assertThrows(IllegalStateException.class, () -> pair.host.restart(SecureChannel.NONE));
        AuthenticationPair.send(pair.controller, pair.sent.getFirst());
        assertEquals(8, AuthenticationPair.receive(pair.controller).length);
    }

    /** Computed by a program of a few lines in another language, from the specification's formulas. */
    @ParameterizedTest
    @CsvSource({
        "SHA_256, NULL, NONE, ,"
            + "50a0662657cd247b0a9445bc132588e8b0b04fca2bfab967cb26f659fc27c5a0,"
            + "c99de3448c76a433f9ca31f6e7ee21cddaed246bdcaedbbbfb93dd1ee917f759",
        "SHA_384, FFDHE2048, NONE, 9c5d099295c0252942d6b73491ea293650718f36f452885611fcda4ae095f3ca"
            + "4d47b94f5182ce029728a2ca73d6162b,"
            + "6772b397d59b4ed13fda98e0cf99148035dbde372ef4dcd4e0c451545891be56a85792888b0b4dbc0d2e20426fe86173,"
            + "d930fab2bf0547cc0745c7c8c5a81ab3492124677eb6896b5bc0f48a14f1ec521c2ff8725a3469ae5dc582c25c630b44",
        "SHA_512, FFDHE3072, NONE, 884e5c74b45694f232403dbffd74de7b5d03a5ff5a070f87bb4897d1948cd049"
            + "97068743870d948583bb627c776b6355036431314109a8d215d250d222040b4d,"
            + "0c12bf21a0a5e539a50dd02331daa3617fbed46b0b95b99e942b28f60e0fd4ff"
            + "74d9332d85dc58ee499f7188af10a05292d9cdd106a3a288d68e39d76161862e,"
            + "6fe5c6c4511e8712e931d6d92c39f63481c1774306eeac939b149dbc67a1e2fa"
            + "171d7592107d5512c9a2d234eb1115be80dfafe6d320c1ecbebd716ca6cc05ce",
        "SHA_256, FFDHE2048, NEW_TLS_PSK, b8e7b47d241acb02138ccec113febbe68adfc385ef75766c0cf38d13be673709,"
            + "e432041b31a4edd862745e7534cab256c06394f074584978525d334cd377451f,"
            + "1d0a5ca00cd66f9560bc534890be14464ec8e58fd9928b492e1e5e380ac86b77"
    })
    void responsesAreAsComputedElsewhere(AuthenticationHash hash, DhGroup group, SecureChannel secureChannel,
            String sessionKey, String hostResponse, String controllerResponse) {
        var exchange = new DhChapExchange(AuthenticationPair.queue(), hash, group, 0xBEEF, secureChannel);
        Secret ofHost = Secret.copyOf(progression(3, 9, group.exponentLengthBytes()));
        Secret ofController = Secret.copyOf(progression(11, 5, group.exponentLengthBytes()));
        Secret key = null;
        if (group != DhGroup.NULL) {
            key = exchange.sessionKey(ofHost, group.publicValue(ofController));
            assertEquals(key, exchange.sessionKey(ofController, group.publicValue(ofHost)));
            assertEquals(sessionKey, HexFormat.of().formatHex(key.bytes()));
        }
        byte[] c1 = progression(7, 1, hash.lengthBytes());
        byte[] c2 = progression(5, 3, hash.lengthBytes());
        assertEquals(hostResponse, HexFormat.of().formatHex(
                exchange.hostResponse(HOST_KEY.transformed(HOST), key, c1, 0x01020304)));
        assertEquals(controllerResponse, HexFormat.of().formatHex(exchange.controllerResponse(
                AuthenticationPair.CONTROLLER_KEY.transformed(SUBSYSTEM), key, c2, 0xF0E0D0C0)));
    }

    @Test
    void workHandedBackAfterTheEndIsDropped() {
        var controller = AuthenticationPair.controller(AuthenticationPolicy.FORWARD_SECRET, 1);
        byte[] negotiate = AuthenticationPair.host(AuthenticationPolicy.FORWARD_SECRET, false, SecureChannel.NONE, 2)
                .takeMessage().bytes();
        AuthenticationWork work = controller.send(MemorySegment.ofArray(negotiate), 0, negotiate.length);
        assertNotNull(work);
        controller.destroy();
        work.run();
        controller.computed(work);
        assertEquals(Status.NOT_AUTHENTICATED, controller.status());
        AuthenticationPair.receive(controller);
        assertEquals(Status.NOT_AUTHENTICATED, controller.status());
    }

    @Test
    void workThatDidNotRunFails() {
        var controller = AuthenticationPair.controller(AuthenticationPolicy.FORWARD_SECRET, 1);
        byte[] negotiate = AuthenticationPair.host(AuthenticationPolicy.FORWARD_SECRET, false, SecureChannel.NONE, 2)
                .takeMessage().bytes();
        controller.computed(controller.send(MemorySegment.ofArray(negotiate), 0, negotiate.length));
        assertEquals(Status.FAILED, controller.status());
    }

    @Test
    void aReceiveTooSmallForItsMessageChangesNothing() {
        var pair = AuthenticationPair.of(AuthenticationPolicy.FORWARD_SECRET, false, SecureChannel.NONE);
        AuthenticationPair.send(pair.controller, pair.host.takeMessage().bytes());
        assertEquals(0, pair.controller.receive(MemorySegment.ofArray(new byte[100])));
        pair.run().assertAuthenticated();
    }

    @Test
    void keysAreReadForEachTransaction() {
        DhChapKey[] current = {HOST_KEY};
        AuthenticationKeys keys = new AuthenticationKeys() {
            @Override
            public DhChapKey hostKey(NvmeQualifiedName host,
                    NvmeQualifiedName subsystem) {
                return current[0];
            }

            @Override
            public DhChapKey controllerKey(NvmeQualifiedName host,
                    NvmeQualifiedName subsystem) {
                return null;
            }
        };
        var pair = AuthenticationPair.of(AuthenticationPolicy.FORWARD_SECRET, false, SecureChannel.NONE);
        pair.controller = new ControllerAuthentication(AuthenticationPair.queue(), AuthenticationPolicy.FORWARD_SECRET,
                keys, new Random(5)::nextBytes);
        pair.run().assertAuthenticated();
        current[0] = DhChapKey.of(null, AuthenticationPair.counting(9, 32));
        pair.host.restart(SecureChannel.NONE);
        pair.run().assertRefusedByController(FailureReason.AUTHENTICATION_FAILED);
    }

    @ParameterizedTest
    @EnumSource(value = SecureChannel.class, names = {"NEW_TLS_PSK", "REPLACE_TLS_PSK"})
    void ioQueuesHaveNoSecureChannelConcatenation(SecureChannel secureChannel) {
        var queue = new AuthenticatedQueue(HOST, SUBSYSTEM, false, AuthenticatedQueue.Tls.NONE);
        assertThrows(IllegalArgumentException.class, () -> new HostAuthentication(queue,
                AuthenticationPolicy.FORWARD_SECRET, HOST_KEY, null, secureChannel, new Random(1)::nextBytes));
        var controller = new ControllerAuthentication(queue, AuthenticationPolicy.FORWARD_SECRET,
                AuthenticationPair.keys(HOST_KEY, null), new Random(1)::nextBytes);
        AuthenticationPair.send(controller, new AuthenticationMessage.Negotiate(7, secureChannel.code(),
                List.of(new AuthenticationMessage.ProtocolDescriptor(1, List.of(1, 2), List.of(1)))).bytes());
        assertEquals(FailureReason.SECURE_CHANNEL_CONCATENATION_MISMATCH, controller.failureReason());
    }

    @Test
    void policiesDecideAboutSecureChannels() {
        var refused = AuthenticationPair.of(AuthenticationPolicy.FORWARD_SECRET, false, SecureChannel.NEW_TLS_PSK);
        refused.controller = AuthenticationPair.controller(
                AuthenticationPolicy.FORWARD_SECRET.with(Concatenation.REFUSED), 1);
        refused.run().assertRefusedByController(FailureReason.SECURE_CHANNEL_CONCATENATION_MISMATCH);
        var missing = AuthenticationPair.of(AuthenticationPolicy.FORWARD_SECRET, false, SecureChannel.NONE);
        missing.controller = AuthenticationPair.controller(
                AuthenticationPolicy.FORWARD_SECRET.with(Concatenation.REQUIRED), 1);
        missing.run().assertRefusedByController(FailureReason.SECURE_CHANNEL_CONCATENATION_MISMATCH);
        var asked = AuthenticationPair.of(AuthenticationPolicy.FORWARD_SECRET, false, SecureChannel.NEW_TLS_PSK);
        asked.controller = AuthenticationPair.controller(
                AuthenticationPolicy.FORWARD_SECRET.with(Concatenation.REQUIRED), 1);
        asked.run().assertAuthenticated();
    }

    @Test
    void theHostSaysWhatToDoAndRefusesAnythingElse() {
        var host = AuthenticationPair.host(AuthenticationPolicy.FORWARD_SECRET, false, SecureChannel.NONE, 1);
        assertThrows(IllegalStateException.class, () -> host.received(MemorySegment.ofArray(new byte[8]), 0, 8));
        assertThrows(IllegalStateException.class, () -> host.restart(SecureChannel.NONE));
        host.takeMessage();
        assertSame(Step.RECEIVE, host.step());
        assertThrows(IllegalStateException.class, host::takeMessage);
    }

    private static byte[] progression(int factor, int offset, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (factor * i + offset);
        }
        return bytes;
    }

    private static AuthenticationMessage decode(byte[] bytes) throws InvalidAuthenticationMessageException {
        AuthenticationMessage message =
                AuthenticationMessage.decodeExactly(MemorySegment.ofArray(bytes), 0, bytes.length);
        assertArrayEquals(bytes, message.bytes());
        return message;
    }
}
