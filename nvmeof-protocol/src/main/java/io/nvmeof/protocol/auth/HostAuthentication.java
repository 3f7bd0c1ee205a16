package io.nvmeof.protocol.auth;

import io.nvmeof.protocol.auth.AuthenticationMessage.Challenge;
import io.nvmeof.protocol.auth.AuthenticationMessage.Failure;
import io.nvmeof.protocol.auth.AuthenticationMessage.Negotiate;
import io.nvmeof.protocol.auth.AuthenticationMessage.ProtocolDescriptor;
import io.nvmeof.protocol.auth.AuthenticationMessage.Reply;
import io.nvmeof.protocol.auth.AuthenticationMessage.Success1;
import io.nvmeof.protocol.auth.AuthenticationMessage.Success2;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.List;

/**
 * The host's side of DH-HMAC-CHAP in one queue (NVMe Base 2.1, 8.3.4.5): {@link #step} says what to do next, until it
 * is {@link Step#AUTHENTICATED} or {@link Step#FAILED}. Owned by the queue's event loop.
 *
 * <p>If it has a controller key, a controller that does not prove to know it is refused, also one that says nothing.
 */
public final class HostAuthentication {
    /** What to do next. */
    public enum Step {
        /** Send what {@link #takeMessage} gives with an Authentication Send; when that succeeded, ask again. */
        SEND,
        /**
         * Send an Authentication Receive of {@link AuthenticationMessage#MAX_TRANSFER_LENGTH} bytes, then call
         * {@link #received}.
         */
        RECEIVE,
        /** Run what {@link #received} returned anywhere, then hand it to {@link #computed}. */
        COMPUTE,
        /** Done: the queue can be used. {@link #restart} authenticates again. */
        AUTHENTICATED,
        /** Refused: the connection is to be closed. */
        FAILED
    }

    private enum Awaited {
        CHALLENGE,
        SUCCESS1,
        NOTHING
    }

    private static final byte[] NO_BYTES = new byte[0];

    private final AuthenticatedQueue queue;
    private final AuthenticationPolicy policy;
    private final Secret hostKey;
    private final Secret controllerKey;
    private final RandomBytes random;
    private final SequenceNumbers sequenceNumbers;

    private Step step;
    private Awaited awaited;
    private Step afterSend;
    private AuthenticationMessage message;
    private int transactionId;
    private SecureChannel secureChannel;
    private DhChapExchange exchange;
    private byte[] controllerChallenge = NO_BYTES;
    private byte[] ownChallenge = NO_BYTES;
    private int ownSequenceNumber;
    private byte[] expectedResponse;
    private AuthenticationWork pendingWork;
    private TlsPsk pendingPsk;
    private TlsPsk generatedPsk;
    private FailureReason failureReason;
    private boolean failedByController;

    /**
     * Starts where the Connect succeeded and asked for authentication. The keys are copied.
     *
     * @param hostKey what the host authenticates itself with
     * @param controllerKey what the controller must authenticate itself with, or null to trust any
     * @param secureChannel whether to generate a PSK for TLS; possible in admin queues alone. With a controller key
     *        as well, Linux 7.2's controllers authenticate but have no PSK then; Linux hosts leave the key out
     * @throws IllegalArgumentException if the secure channel is not possible in this queue, or the policy has no hash
     *         or group for it
     */
    public HostAuthentication(AuthenticatedQueue queue, AuthenticationPolicy policy, DhChapKey hostKey,
            DhChapKey controllerKey, SecureChannel secureChannel, RandomBytes random) {
        this.queue = queue;
        this.policy = policy;
        this.hostKey = hostKey.transformed(queue.host());
        this.controllerKey = controllerKey == null ? null : controllerKey.transformed(queue.subsystem());
        this.random = random;
        this.sequenceNumbers = new SequenceNumbers(random);
        this.transactionId = sequenceNumbers.next() & 0xFFFF;
        begin(secureChannel);
    }

    /** What to do next. */
    public Step step() {
        return step;
    }

    /**
     * The message to send with an Authentication Send, once for each {@link Step#SEND}.
     *
     * @throws IllegalStateException if the step is another
     */
    public AuthenticationMessage takeMessage() {
        expect(Step.SEND);
        step = afterSend;
        return message;
    }

    /**
     * What an Authentication Receive brought: {@code length} bytes at {@code base}, of which the message may be the
     * first few.
     *
     * @return work to be run and handed to {@link #computed}, if the step is {@link Step#COMPUTE} now; else null
     * @throws IllegalStateException if the step was not {@link Step#RECEIVE}
     */
    public AuthenticationWork received(MemorySegment data, long base, long length) {
        expect(Step.RECEIVE);
        AuthenticationMessage received;
        try {
            received = AuthenticationMessage.decode(data, base, length);
        } catch (InvalidAuthenticationMessageException e) {
            return refuse(e.reason());
        }
        if (received instanceof Failure failure && !failure.fromHost()) {
            failedByController = true;
            return fail(failure.reason());
        }
        if (received.transactionId() != transactionId) {
            return refuse(FailureReason.INCORRECT_PROTOCOL_MESSAGE);
        }
        if (received instanceof Challenge challenge && awaited == Awaited.CHALLENGE) {
            return onChallenge(challenge);
        }
        if (received instanceof Success1 success && awaited == Awaited.SUCCESS1) {
            return onSuccess1(success);
        }
        return refuse(FailureReason.INCORRECT_PROTOCOL_MESSAGE);
    }

    /** Takes work back. Work that is no longer waited for is dropped. */
    public void computed(AuthenticationWork work) {
        DhChapResult result = work.result();
        if (work != pendingWork) {
            if (result != null) {
                result.destroy();
            }
            return;
        }
        pendingWork = null;
        if (result == null) {
            refuse(FailureReason.AUTHENTICATION_FAILED);
            return;
        }
        pendingPsk = result.generatedPsk();
        expectedResponse = result.expectedResponse();
        boolean challenges = controllerKey != null || secureChannel != SecureChannel.NONE;
        message = new Reply(transactionId, result.response(), challenges, ownSequenceNumber, ownChallenge,
                result.publicValue());
        awaited = Awaited.SUCCESS1;
        send(Step.RECEIVE);
    }

    /**
     * Authenticates again in the same queue, after {@link Step#AUTHENTICATED}.
     *
     * @throws IllegalStateException if the queue is not authenticated, or the keys were destroyed
     * @throws IllegalArgumentException if the secure channel is not possible in this queue
     */
    public void restart(SecureChannel secureChannel) {
        expect(Step.AUTHENTICATED);
        hostKey.usable();
        transactionId = transactionId + 1 & 0xFFFF;
        begin(secureChannel);
    }

    /** Why it failed; null if it did not. */
    public FailureReason failureReason() {
        return failureReason;
    }

    /** Whether it was the controller that refused the host; else the host refused the controller. */
    public boolean failedByController() {
        return failedByController;
    }

    /**
     * Takes the PSK of a secure channel concatenation that was successful, for the TLS connections to make next; null
     * if there is none, or it was taken. Who takes it destroys it.
     */
    public TlsPsk takeGeneratedPsk() {
        TlsPsk taken = generatedPsk;
        generatedPsk = null;
        return taken;
    }

    /** Overwrites all secrets; to be called when the queue's connection is closed. It can not be restarted then. */
    public void destroy() {
        if (step != Step.AUTHENTICATED) {
            step = Step.FAILED;
        }
        pendingWork = null;
        hostKey.destroy();
        if (controllerKey != null) {
            controllerKey.destroy();
        }
        dropPendingPsk();
        dropGeneratedPsk();
    }

    private void begin(SecureChannel secureChannel) {
        if (!queue.allows(secureChannel)) {
            throw new IllegalArgumentException(secureChannel + " is not possible in " + queue);
        }
        List<AuthenticationHash> hashes = policy.hashesFor(secureChannel);
        List<DhGroup> groups = policy.groupsFor(secureChannel);
        if (hashes.isEmpty() || groups.isEmpty()) {
            throw new IllegalArgumentException(policy + " has nothing for " + secureChannel);
        }
        this.secureChannel = secureChannel;
        message = new Negotiate(transactionId, secureChannel.code(), List.of(new ProtocolDescriptor(
                ProtocolDescriptor.DH_HMAC_CHAP, hashes.stream().map(AuthenticationHash::code).toList(),
                groups.stream().map(DhGroup::code).toList())));
        awaited = Awaited.CHALLENGE;
        send(Step.RECEIVE);
    }

    private AuthenticationWork onChallenge(Challenge challenge) {
        AuthenticationHash hash = AuthenticationHash.ofCode(challenge.hashId());
        if (hash == null || !policy.hashesFor(secureChannel).contains(hash)
                || challenge.challenge().length != hash.lengthBytes()) {
            return refuse(FailureReason.HASH_NOT_USABLE);
        }
        DhGroup group = DhGroup.ofCode(challenge.groupId());
        if (group == null || !policy.groupsFor(secureChannel).contains(group)) {
            return refuse(FailureReason.DH_GROUP_NOT_USABLE);
        }
        boolean valueFits = group == DhGroup.NULL
                ? challenge.dhValue().length == 0 : group.isPublicValue(challenge.dhValue());
        if (!valueFits) {
            return refuse(FailureReason.INCORRECT_PAYLOAD);
        }
        if (MessageDigest.isEqual(challenge.challenge(), ownChallenge)
                || MessageDigest.isEqual(challenge.challenge(), controllerChallenge)) {
            return refuse(FailureReason.AUTHENTICATION_FAILED); // Reflected from, or repeated of, the last transaction.
        }
        exchange = new DhChapExchange(queue, hash, group, transactionId, secureChannel);
        controllerChallenge = challenge.challenge();
        ownChallenge = new byte[hash.lengthBytes()];
        if (controllerKey != null || secureChannel != SecureChannel.NONE) {
            random.fill(ownChallenge);
        }
        // Sequence number 0 says that the challenge only serves to generate a PSK, and is not to be responded to.
        ownSequenceNumber = controllerKey != null ? sequenceNumbers.next() : 0;
        pendingWork = new AuthenticationWork(new ChallengeResponse(exchange, hostKey.copy(),
                controllerKey == null ? null : controllerKey.copy(), exponent(group), challenge, ownChallenge,
                ownSequenceNumber));
        step = Step.COMPUTE;
        return pendingWork;
    }

    private Secret exponent(DhGroup group) {
        if (group == DhGroup.NULL) {
            return null;
        }
        byte[] bytes = new byte[group.exponentLengthBytes()];
        random.fill(bytes);
        return Secret.owning(bytes);
    }

    private AuthenticationWork onSuccess1(Success1 success) {
        if (success.response().length != exchange.hash().lengthBytes()) {
            return refuse(FailureReason.INCORRECT_PAYLOAD);
        }
        if (controllerKey == null) {
            return success.responseValid() ? refuse(FailureReason.INCORRECT_PAYLOAD) : succeed(Step.AUTHENTICATED);
        }
        if (!success.responseValid() || !MessageDigest.isEqual(success.response(), expectedResponse)) {
            return refuse(FailureReason.AUTHENTICATION_FAILED);
        }
        message = new Success2(transactionId);
        succeed(Step.SEND);
        afterSend = Step.AUTHENTICATED;
        return null;
    }

    private AuthenticationWork succeed(Step next) {
        dropGeneratedPsk();
        generatedPsk = pendingPsk;
        pendingPsk = null;
        awaited = Awaited.NOTHING;
        step = next;
        return null;
    }

    /** The controller did something wrong: it is told so, and that is the end. */
    private AuthenticationWork refuse(FailureReason reason) {
        fail(reason);
        message = Failure.of(transactionId, true, reason);
        send(Step.FAILED);
        return null;
    }

    private AuthenticationWork fail(FailureReason reason) {
        failureReason = reason;
        awaited = Awaited.NOTHING;
        step = Step.FAILED;
        dropPendingPsk();
        dropGeneratedPsk();
        return null;
    }

    private void send(Step then) {
        step = Step.SEND;
        afterSend = then;
    }

    private void dropPendingPsk() {
        if (pendingPsk != null) {
            pendingPsk.destroy();
            pendingPsk = null;
        }
    }

    private void dropGeneratedPsk() {
        if (generatedPsk != null) {
            generatedPsk.destroy();
            generatedPsk = null;
        }
    }

    private void expect(Step expected) {
        if (step != expected) {
            throw new IllegalStateException("the step is " + step + ", not " + expected);
        }
    }
}
