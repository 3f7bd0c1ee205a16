package io.nvmeof.protocol.auth;

import static io.nvmeof.protocol.auth.AuthenticationPair.CONTROLLER_KEY;
import static io.nvmeof.protocol.auth.AuthenticationPair.HOST;
import static io.nvmeof.protocol.auth.AuthenticationPair.HOST_KEY;
import static io.nvmeof.protocol.auth.AuthenticationPair.SUBSYSTEM;
import static io.nvmeof.protocol.auth.AuthenticationPair.decode;
import static io.nvmeof.protocol.auth.AuthenticationPair.flip;
import static io.nvmeof.protocol.auth.AuthenticationPair.rewrite;
import static io.nvmeof.protocol.auth.AuthenticationPair.withTransaction;
import static io.nvmeof.protocol.auth.AuthenticationPolicy.FORWARD_SECRET;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nvmeof.protocol.auth.AuthenticationMessage.Challenge;
import io.nvmeof.protocol.auth.AuthenticationMessage.Failure;
import io.nvmeof.protocol.auth.AuthenticationMessage.Reply;
import io.nvmeof.protocol.auth.AuthenticationMessage.Success1;
import io.nvmeof.protocol.auth.ControllerAuthentication.Status;
import io.nvmeof.protocol.auth.HostAuthentication.Step;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a stranger on the wire, or in place of one end, can try. */
class AuthenticationAttackTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWrongHostKeyIsRefused(boolean bidirectional) {
        var pair = AuthenticationPair.of(FORWARD_SECRET, bidirectional, SecureChannel.NONE);
        pair.host = new HostAuthentication(AuthenticationPair.queue(), FORWARD_SECRET,
                DhChapKey.of(AuthenticationHash.SHA_256, AuthenticationPair.counting(1, 32)),
                bidirectional ? CONTROLLER_KEY : null, SecureChannel.NONE, new Random(2)::nextBytes);
        pair.run().assertRefusedByController(FailureReason.AUTHENTICATION_FAILED);
    }

    @Test
    void aWrongControllerKeyIsRefusedByTheHost() {
        var pair = AuthenticationPair.of(FORWARD_SECRET, true, SecureChannel.NONE);
        pair.controller = new ControllerAuthentication(AuthenticationPair.queue(), FORWARD_SECRET,
                AuthenticationPair.keys(HOST_KEY, DhChapKey.of(null, AuthenticationPair.counting(7, 48))),
                new Random(1)::nextBytes);
        pair.run().assertRefusedByHost(FailureReason.AUTHENTICATION_FAILED);
    }

    @Test
    void aControllerWithoutKeyFailsAHostThatWantsProof() {
        var pair = AuthenticationPair.of(FORWARD_SECRET, true, SecureChannel.NONE);
        pair.controller = new ControllerAuthentication(AuthenticationPair.queue(), FORWARD_SECRET,
                AuthenticationPair.keys(HOST_KEY, null), new Random(1)::nextBytes);
        pair.run().assertRefusedByController(FailureReason.AUTHENTICATION_FAILED);
    }

    @Test
    void aControllerThatDoesNotRespondIsRefused() {
        var pair = AuthenticationPair.of(FORWARD_SECRET, true, SecureChannel.NONE);
        pair.towardsHost = rewrite(message -> message instanceof Success1 success
                ? new Success1(success.transactionId(), false, new byte[success.response().length]) : message);
        pair.run().assertRefusedByHost(FailureReason.AUTHENTICATION_FAILED);
    }

    /** Byte for byte what a wrong key gets, but for what is random. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStrangerSeesWhatAKnownHostWithAWrongKeySees(boolean bidirectional) throws Exception {
        var known = AuthenticationPair.of(FORWARD_SECRET, bidirectional, SecureChannel.NONE);
        known.towardsController = rewrite(message -> message instanceof Reply reply
                ? new Reply(reply.transactionId(), flip(reply.response(), 0), reply.challengeValid(),
                        reply.sequenceNumber(), reply.challenge(), reply.dhValue()) : message);
        known.run().assertRefusedByController(FailureReason.AUTHENTICATION_FAILED);
        var stranger = AuthenticationPair.of(FORWARD_SECRET, bidirectional, SecureChannel.NONE);
        stranger.controller = new ControllerAuthentication(AuthenticationPair.queue(), FORWARD_SECRET,
                AuthenticationPair.keys(null, null), new Random(1)::nextBytes);
        stranger.run().assertRefusedByController(FailureReason.AUTHENTICATION_FAILED);
        assertEquals(known.received.size(), stranger.received.size());
        Challenge ofKnown = (Challenge) decode(known.received.getFirst());
        Challenge ofStranger = (Challenge) decode(stranger.received.getFirst());
        assertEquals(ofKnown.length(), ofStranger.length());
        assertEquals(ofKnown.hashId(), ofStranger.hashId());
        assertEquals(ofKnown.groupId(), ofStranger.groupId());
        assertArrayEquals(known.received.getLast(), stranger.received.getLast());
    }

    /** The made-up key of a stranger is of no use, even to who could guess it. */
    @Test
    void aMadeUpKeyAuthenticatesNobody() {
        RandomBytes zeroes = bytes -> Arrays.fill(bytes, (byte) 3);
        DhChapKey guessed = DhChapKey.of(AuthenticationHash.SHA_256, filled(32, 3));
        var pair = new AuthenticationPair(
                new ControllerAuthentication(AuthenticationPair.queue(), FORWARD_SECRET,
                        AuthenticationPair.keys(null, null), zeroes),
                new HostAuthentication(AuthenticationPair.queue(), FORWARD_SECRET, guessed, null, SecureChannel.NONE,
                        new Random(1)::nextBytes));
        pair.run().assertRefusedByController(FailureReason.AUTHENTICATION_FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NULL", "FFDHE2048"})
    void aRecordedReplyIsOfNoUseASecondTime(DhGroup group) {
        var policy = AuthenticationPair.policy(AuthenticationHash.SHA_256, group);
        var recorded = AuthenticationPair.of(policy, true, SecureChannel.NONE).run();
        recorded.assertAuthenticated();
        ControllerAuthentication controller = AuthenticationPair.controller(policy, 77);
        AuthenticationPair.send(controller, recorded.sent.get(0));
        AuthenticationPair.receive(controller);
        AuthenticationPair.send(controller, recorded.sent.get(1));
        assertEquals(Status.FAILED, controller.status());
        assertEquals(FailureReason.AUTHENTICATION_FAILED, controller.failureReason());
    }

    @Test
    void aRecordedControllerIsOfNoUseASecondTime() {
        var policy = AuthenticationPair.policy(AuthenticationHash.SHA_256, DhGroup.NULL);
        var recorded = AuthenticationPair.of(policy, true, SecureChannel.NONE).run();
        HostAuthentication host = AuthenticationPair.host(policy, true, SecureChannel.NONE, 99);
        int transaction = host.takeMessage().transactionId();
        AuthenticationPair.receive(host, withTransaction(recorded.received.get(0), transaction));
        host.takeMessage();
        AuthenticationPair.receive(host, withTransaction(recorded.received.get(1), transaction));
        assertEquals(Step.SEND, host.step());
        assertEquals(FailureReason.AUTHENTICATION_FAILED, ((Failure) host.takeMessage()).reason());
        assertEquals(Step.FAILED, host.step());
    }

    @Test
    void aHostThatReflectsTheChallengeIsRefused() throws Exception {
        var pair = AuthenticationPair.of(FORWARD_SECRET, true, SecureChannel.NONE);
        byte[][] challenge = new byte[1][];
        pair.towardsHost = rewrite(message -> {
            if (message instanceof Challenge received) {
                challenge[0] = received.challenge();
            }
            return message;
        });
        pair.towardsController = rewrite(message -> message instanceof Reply reply
                ? new Reply(reply.transactionId(), reply.response(), true, reply.sequenceNumber(), challenge[0],
                        reply.dhValue()) : message);
        pair.run().assertRefusedByController(FailureReason.AUTHENTICATION_FAILED);
    }

    @Test
    void aHostThatReflectsThePublicValueIsRefused() {
        var pair = AuthenticationPair.of(FORWARD_SECRET, false, SecureChannel.NONE);
        byte[][] value = new byte[1][];
        pair.towardsHost = rewrite(message -> {
            if (message instanceof Challenge received) {
                value[0] = received.dhValue();
            }
            return message;
        });
        pair.towardsController = rewrite(message -> message instanceof Reply reply
                ? new Reply(reply.transactionId(), reply.response(), reply.challengeValid(), reply.sequenceNumber(),
                        reply.challenge(), value[0]) : message);
        pair.run().assertRefusedByController(FailureReason.AUTHENTICATION_FAILED);
    }

    /** A false controller hands the host's challenge back to the host in a second transaction, to get the response. */
    @Test
    void aHostDoesNotRespondToItsOwnChallenge() throws Exception {
        var policy = AuthenticationPair.policy(AuthenticationHash.SHA_256, DhGroup.NULL);
        var pair = AuthenticationPair.of(policy, true, SecureChannel.NONE);
        pair.run().assertAuthenticated();
        byte[] own = ((Reply) decode(pair.sent.get(1))).challenge();
        pair.host.restart(SecureChannel.NONE);
        int transaction = pair.host.takeMessage().transactionId();
        AuthenticationPair.receive(pair.host, new Challenge(transaction, 1, 0, 5, own, new byte[0]).bytes());
        assertEquals(FailureReason.AUTHENTICATION_FAILED, pair.host.failureReason());
        assertTrue(pair.host.takeMessage() instanceof Failure);
    }

    /** With one key for both directions, what one role responds is still not what the other has to. */
    @Test
    void aResponseOfOneRoleIsNotOneOfTheOther() {
        var exchange = new DhChapExchange(new AuthenticatedQueue(HOST, HOST, true, AuthenticatedQueue.Tls.NONE),
                AuthenticationHash.SHA_256, DhGroup.NULL, 1, SecureChannel.NONE);
        Secret key = HOST_KEY.transformed(HOST);
        assertNotEquals(Secret.copyOf(exchange.hostResponse(key, null, new byte[32], 1)),
                Secret.copyOf(exchange.controllerResponse(key, null, new byte[32], 1)));
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "true, true"})
    void swappedIdentitiesAreRefused(boolean otherHost, boolean otherSubsystem) {
        var queue = new AuthenticatedQueue(
                otherHost ? NvmeQualifiedName.of("nqn.2024-01.io.nvmeof:other-host") : HOST,
                otherSubsystem ? NvmeQualifiedName.of("nqn.2024-01.io.nvmeof:other") : SUBSYSTEM, true,
                AuthenticatedQueue.Tls.NONE);
        AuthenticationKeys sameForAll = new AuthenticationKeys() {
            @Override
            public DhChapKey hostKey(NvmeQualifiedName host, NvmeQualifiedName subsystem) {
                return HOST_KEY;
            }

            @Override
            public DhChapKey controllerKey(NvmeQualifiedName host, NvmeQualifiedName subsystem) {
                return CONTROLLER_KEY;
            }
        };
        var pair = AuthenticationPair.of(FORWARD_SECRET, true, SecureChannel.NONE);
        pair.controller = new ControllerAuthentication(queue, FORWARD_SECRET, sameForAll, new Random(1)::nextBytes);
        pair.run().assertRefusedByController(FailureReason.AUTHENTICATION_FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "p-1", "p", "p+1", "empty"})
    void weakPublicValuesAreRefusedByBoth(String value) {
        var policy = AuthenticationPair.policy(AuthenticationHash.SHA_256, DhGroup.FFDHE2048);
        byte[] bytes = weakValue(value);
        var host = AuthenticationPair.of(policy, false, SecureChannel.NONE);
        host.towardsController = rewrite(message -> message instanceof Reply reply
                ? new Reply(reply.transactionId(), reply.response(), reply.challengeValid(), reply.sequenceNumber(),
                        reply.challenge(), bytes) : message);
        host.run().assertRefusedByController(FailureReason.INCORRECT_PAYLOAD);
        var controller = AuthenticationPair.of(policy, false, SecureChannel.NONE);
        controller.towardsHost = rewrite(message -> message instanceof Challenge challenge
                ? new Challenge(challenge.transactionId(), challenge.hashId(), challenge.groupId(),
                        challenge.sequenceNumber(), challenge.challenge(), bytes) : message);
        controller.run().assertRefusedByHost(FailureReason.INCORRECT_PAYLOAD);
    }

    private static byte[] weakValue(String value) {
        BigInteger prime = DhGroup.FFDHE2048.prime();
        return switch (value) {
            case "0" -> new byte[256];
            case "1" -> new byte[] {1};
            case "p-1" -> unsigned(prime.subtract(BigInteger.ONE));
            case "p" -> unsigned(prime);
            case "p+1" -> unsigned(prime.add(BigInteger.ONE));
            default -> new byte[0];
        };
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return Arrays.copyOfRange(bytes, bytes.length - 256, bytes.length);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
