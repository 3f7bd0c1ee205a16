package io.nvmeof.protocol.auth;

import static io.nvmeof.protocol.auth.AuthenticationPair.flip;
import static io.nvmeof.protocol.auth.AuthenticationPair.rewrite;
import static io.nvmeof.protocol.auth.AuthenticationPair.withTransaction;
import static io.nvmeof.protocol.auth.AuthenticationPolicy.COMPATIBLE;
import static io.nvmeof.protocol.auth.AuthenticationPolicy.FORWARD_SECRET;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nvmeof.protocol.auth.AuthenticationMessage.Challenge;
import io.nvmeof.protocol.auth.AuthenticationMessage.Failure;
import io.nvmeof.protocol.auth.AuthenticationMessage.Negotiate;
import io.nvmeof.protocol.auth.AuthenticationMessage.ProtocolDescriptor;
import io.nvmeof.protocol.auth.AuthenticationMessage.Reply;
import io.nvmeof.protocol.auth.AuthenticationMessage.Success1;
import io.nvmeof.protocol.auth.AuthenticationMessage.Success2;
import io.nvmeof.protocol.auth.ControllerAuthentication.Status;
import io.nvmeof.protocol.auth.HostAuthentication.Step;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Downgrades, and messages that are out of order or of another transaction. */
class AuthenticationOrderTest {
    @Test
    void hashesAndGroupsBelowThePolicyAreNotChosen() {
        var strict = AuthenticationPair.policy(AuthenticationHash.SHA_384, DhGroup.FFDHE3072);
        var weakHash = AuthenticationPair.of(
                AuthenticationPair.policy(AuthenticationHash.SHA_256, DhGroup.FFDHE3072), false, SecureChannel.NONE);
        weakHash.controller = AuthenticationPair.controller(strict, 1);
        weakHash.run().assertRefusedByController(FailureReason.HASH_NOT_USABLE);
        var weakGroup = AuthenticationPair.of(
                AuthenticationPair.policy(AuthenticationHash.SHA_384, DhGroup.NULL), false, SecureChannel.NONE);
        weakGroup.controller = AuthenticationPair.controller(strict, 1);
        weakGroup.run().assertRefusedByController(FailureReason.DH_GROUP_NOT_USABLE);
    }

    /** Someone strips the better offers: what is left is below what the controller accepts. */
    @Test
    void strippedOffersAreRefused() {
        var pair = AuthenticationPair.of(COMPATIBLE, false, SecureChannel.NONE);
        pair.controller = AuthenticationPair.controller(FORWARD_SECRET, 1);
        pair.towardsController = rewrite(message -> message instanceof Negotiate negotiate
                ? new Negotiate(negotiate.transactionId(), 0,
                        List.of(new ProtocolDescriptor(1, List.of(1), List.of(0)))) : message);
        pair.run().assertRefusedByController(FailureReason.DH_GROUP_NOT_USABLE);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, DH_GROUP_NOT_USABLE", "1, 6, DH_GROUP_NOT_USABLE", "4, 1, HASH_NOT_USABLE",
        "0, 1, HASH_NOT_USABLE", "2, 1, HASH_NOT_USABLE", "1, 3, DH_GROUP_NOT_USABLE", "255, 255, HASH_NOT_USABLE"})
    void aControllerThatChoosesWhatWasNotOfferedIsRefused(int hash, int group, FailureReason reason) {
        var policy = AuthenticationPair.policy(AuthenticationHash.SHA_256, DhGroup.FFDHE2048);
        var pair = AuthenticationPair.of(policy, false, SecureChannel.NONE);
        pair.towardsHost = rewrite(message -> message instanceof Challenge challenge
                ? new Challenge(challenge.transactionId(), hash, group, challenge.sequenceNumber(),
                        challenge.challenge(), challenge.dhValue()) : message);
        pair.run().assertRefusedByHost(reason);
    }

    @Test
    void aSecureChannelThatWasStrippedIsNoticed() {
        var pair = AuthenticationPair.of(FORWARD_SECRET, false, SecureChannel.NEW_TLS_PSK);
        pair.towardsController = rewrite(message -> message instanceof Negotiate negotiate
                ? new Negotiate(negotiate.transactionId(), 0, negotiate.descriptors()) : message);
        pair.run();
        assertEquals(Step.FAILED, pair.host.step());
        assertEquals(Status.FAILED, pair.controller.status());
        assertNull(pair.host.takeGeneratedPsk());
    }

    @Test
    void aSecureChannelRefusedHalfWayGivesNoPsk() {
        var pair = AuthenticationPair.of(FORWARD_SECRET, true, SecureChannel.NEW_TLS_PSK);
        pair.towardsController = rewrite(message -> message instanceof Reply reply
                ? new Reply(reply.transactionId(), reply.response(), false, reply.sequenceNumber(), reply.challenge(),
                        reply.dhValue()) : message);
        pair.run().assertRefusedByController(FailureReason.INCORRECT_PAYLOAD);
        assertNull(pair.host.takeGeneratedPsk());
        assertNull(pair.controller.takeGeneratedPsk());

        var failedAtTheEnd = AuthenticationPair.of(FORWARD_SECRET, true, SecureChannel.NEW_TLS_PSK);
        failedAtTheEnd.towardsController = rewrite(message -> message instanceof Success2 success
                ? Failure.of(success.transactionId(), true, FailureReason.AUTHENTICATION_FAILED) : message);
        failedAtTheEnd.run();
        assertEquals(Status.FAILED, failedAtTheEnd.controller.status());
        assertNull(failedAtTheEnd.controller.takeGeneratedPsk());
    }

    @ParameterizedTest
    @CsvSource({"1", "4", "255"})
    void unknownSecureChannelsAreRefused(int secureChannel) {
        var pair = AuthenticationPair.of(FORWARD_SECRET, false, SecureChannel.NONE);
        pair.towardsController = rewrite(message -> message instanceof Negotiate negotiate
                ? new Negotiate(negotiate.transactionId(), secureChannel, negotiate.descriptors()) : message);
        pair.run().assertRefusedByController(FailureReason.SECURE_CHANNEL_CONCATENATION_MISMATCH);
    }

    @Test
    void otherProtocolsAreRefused() {
        var pair = AuthenticationPair.of(FORWARD_SECRET, false, SecureChannel.NONE);
        pair.towardsController = rewrite(message -> message instanceof Negotiate negotiate
                ? new Negotiate(negotiate.transactionId(), 0, List.of(new ProtocolDescriptor(9, List.of(), List.of())))
                : message);
        pair.run().assertRefusedByController(FailureReason.PROTOCOL_NOT_USABLE);
    }

    @Test
    void messagesOutOfOrderAreRefused() {
        byte[] negotiate = AuthenticationPair.host(FORWARD_SECRET, true, SecureChannel.NONE, 2).takeMessage().bytes();
        byte[] reply = new Reply(0, new byte[32], false, 0, new byte[32], new byte[0]).bytes();
        byte[] success2 = new Success2(0).bytes();
        byte[] challenge = new Challenge(0, 1, 0, 1, new byte[32], new byte[0]).bytes();
        for (byte[] first : List.of(reply, success2, challenge, new Success1(0, false, new byte[32]).bytes(),
                Failure.of(0, false, FailureReason.AUTHENTICATION_FAILED).bytes(), new byte[16])) {
            ControllerAuthentication controller = AuthenticationPair.controller(FORWARD_SECRET, 1);
            if (first.length == 16 && first[0] == 0) {
                first[1] = 0x77;
            }
            AuthenticationPair.send(controller, first);
            assertIncorrectMessage(controller);
        }
        for (byte[] second : List.of(negotiate, reply, success2)) {
            ControllerAuthentication controller = AuthenticationPair.controller(FORWARD_SECRET, 1);
            AuthenticationPair.send(controller, negotiate);
            AuthenticationPair.send(controller, second); // Without an Authentication Receive between them.
            assertIncorrectMessage(controller);
        }
        ControllerAuthentication nothingSent = AuthenticationPair.controller(FORWARD_SECRET, 1);
        AuthenticationPair.receive(nothingSent);
        assertEquals(Status.FAILED, nothingSent.status());
    }

    @Test
    void aCommandWhileWorkRunsIsOutOfOrder() {
        byte[] negotiate = AuthenticationPair.host(FORWARD_SECRET, true, SecureChannel.NONE, 2).takeMessage().bytes();
        ControllerAuthentication controller = AuthenticationPair.controller(FORWARD_SECRET, 1);
        AuthenticationWork work = controller.send(MemorySegment.ofArray(negotiate), 0, negotiate.length);
        controller.send(MemorySegment.ofArray(negotiate), 0, negotiate.length);
        work.run();
        controller.computed(work);
        assertIncorrectMessage(controller);
    }

    @Test
    void afterAFailureNothingHelps() throws Exception {
        var pair = AuthenticationPair.of(FORWARD_SECRET, false, SecureChannel.NONE);
        pair.towardsController = message -> flip(message, 20);
        pair.run();
        HostAuthentication second = AuthenticationPair.host(FORWARD_SECRET, false, SecureChannel.NONE, 3);
        var again = new AuthenticationPair(pair.controller, second).run();
        assertEquals(Step.FAILED, second.step());
        assertEquals(Status.FAILED, again.controller.status());
    }

    @Test
    void aHostRefusesMessagesOutOfOrderOrOfAnotherTransaction() {
        for (AuthenticationMessage first : List.of(new Success1(1, false, new byte[32]), new Success2(1),
                Failure.of(1, true, FailureReason.AUTHENTICATION_FAILED),
                new Challenge(2, 1, 0, 1, new byte[32], new byte[0]))) {
            HostAuthentication host = AuthenticationPair.host(COMPATIBLE, false, SecureChannel.NONE, 2);
            int transaction = host.takeMessage().transactionId();
            assertTrue(transaction > 2);
            boolean challenge = first instanceof Challenge;
            AuthenticationPair.receive(host, challenge ? first.bytes() : withTransaction(first.bytes(), transaction));
            assertEquals(FailureReason.INCORRECT_PROTOCOL_MESSAGE, host.failureReason(), first::toString);
            assertEquals(FailureReason.INCORRECT_PROTOCOL_MESSAGE, ((Failure) host.takeMessage()).reason());
            assertEquals(Step.FAILED, host.step());
        }
    }

    @Test
    void repliesOfAnotherTransactionAreRefused() {
        var pair = AuthenticationPair.of(FORWARD_SECRET, false, SecureChannel.NONE);
        pair.towardsController = rewrite(message -> message instanceof Reply reply
                ? new Reply(reply.transactionId() + 1 & 0xFFFF, reply.response(), reply.challengeValid(),
                        reply.sequenceNumber(), reply.challenge(), reply.dhValue()) : message);
        pair.run().assertRefusedByController(FailureReason.INCORRECT_PAYLOAD);
    }

    @Test
    void aChallengeWithSequenceNumberZeroNeedsASecureChannel() {
        var pair = AuthenticationPair.of(FORWARD_SECRET, true, SecureChannel.NONE);
        pair.towardsController = rewrite(message -> message instanceof Reply reply
                ? new Reply(reply.transactionId(), reply.response(), true, 0, reply.challenge(), reply.dhValue())
                : message);
        pair.run().assertRefusedByController(FailureReason.INCORRECT_PAYLOAD);
    }

    private static void assertIncorrectMessage(ControllerAuthentication controller) {
        assertEquals(Status.FAILED, controller.status());
        assertEquals(FailureReason.INCORRECT_PROTOCOL_MESSAGE, controller.failureReason());
        byte[] failure = AuthenticationPair.receive(controller);
        assertEquals(8, failure.length);
        assertEquals(FailureReason.INCORRECT_PROTOCOL_MESSAGE.code(), failure[7]);
    }
}
