package io.nvmeof.protocol.auth;

import io.nvmeof.protocol.auth.AuthenticationMessage.Challenge;
import io.nvmeof.protocol.auth.AuthenticationMessage.Failure;
import io.nvmeof.protocol.auth.AuthenticationMessage.Negotiate;
import io.nvmeof.protocol.auth.AuthenticationMessage.ProtocolDescriptor;
import io.nvmeof.protocol.auth.AuthenticationMessage.Reply;
import io.nvmeof.protocol.auth.AuthenticationMessage.Success1;
import io.nvmeof.protocol.auth.AuthenticationMessage.Success2;
import io.nvmeof.protocol.auth.AuthenticationPolicy.Concatenation;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.List;

/**
 * The controller's side of DH-HMAC-CHAP in one queue (NVMe Base 2.1, 8.3.4.5): takes the data of each Authentication
 * Send and gives that of each Authentication Receive. Owned by the queue's event loop.
 *
 * <p>A host learns the same of a wrong key as of a name nobody knows: it gets a challenge, and its response is not the
 * right one. After a failure there is no second try: the queue's connection has to be closed.
 */
public final class ControllerAuthentication {
    /** How far the host has come. */
    public enum Status {
        /** The host has not authenticated, or is doing so. */
        NOT_AUTHENTICATED,
        /** The host has authenticated; it stays so while it does so again. */
        AUTHENTICATED,
        /** Authentication failed. The connection is to be closed, after what {@link #receive} gave is sent. */
        FAILED
    }

    private enum State {
        AWAITING_NEGOTIATE,
        COMPUTING_CHALLENGE,
        CHALLENGE_READY,
        AWAITING_REPLY,
        VERIFYING_REPLY,
        SUCCESS1_READY,
        AWAITING_SUCCESS2,
        FAILURE1_READY,
        CLOSED
    }

    private static final byte[] NO_BYTES = new byte[0];

    private final AuthenticatedQueue queue;
    private final AuthenticationPolicy policy;
    private final AuthenticationKeys keys;
    private final RandomBytes random;
    private final SequenceNumbers sequenceNumbers;

    private State state = State.AWAITING_NEGOTIATE;
    private Status status = Status.NOT_AUTHENTICATED;
    private FailureReason failureReason;
    private int transactionId;
    private DhChapExchange exchange;
    private Secret hostKey;
    private boolean hostKnown;
    private Secret controllerKey;
    private Secret exponent;
    private byte[] publicValue = NO_BYTES;
    private byte[] challenge = NO_BYTES;
    private int sequenceNumber;
    private AuthenticationWork pendingWork;
    private AuthenticationMessage readyMessage;
    private TlsPsk pendingPsk;
    private TlsPsk generatedPsk;

    /** Starts where the Connect succeeded, and before anything else. */
    public ControllerAuthentication(AuthenticatedQueue queue, AuthenticationPolicy policy, AuthenticationKeys keys,
            RandomBytes random) {
        this.queue = queue;
        this.policy = policy;
        this.keys = keys;
        this.random = random;
        this.sequenceNumbers = new SequenceNumbers(random);
    }

    /**
     * The data of an Authentication Send, all {@code length} bytes at {@code base}. The command is to be completed
     * successfully even if the message is refused: the host learns of that with its next Authentication Receive.
     *
     * @return work to be run and handed to {@link #computed} before the command is completed, or null if it can be
     *         completed now
     */
    public AuthenticationWork send(MemorySegment data, long base, long length) {
        AuthenticationMessage message;
        try {
            message = AuthenticationMessage.decodeExactly(data, base, length);
        } catch (InvalidAuthenticationMessageException e) {
            if (state == State.AWAITING_NEGOTIATE) {
                transactionId = AuthenticationMessageDecoder.transactionId(data, base, length);
            }
            return fail(e.reason());
        }
        if (message instanceof Negotiate negotiate && state == State.AWAITING_NEGOTIATE) {
            return onNegotiate(negotiate);
        }
        if (message instanceof Failure failure && failure.fromHost() && state != State.CLOSED) {
            return onFailure2(failure);
        }
        if (message instanceof Reply reply && state == State.AWAITING_REPLY) {
            return reply.transactionId() == transactionId ? onReply(reply) : fail(FailureReason.INCORRECT_PAYLOAD);
        }
        if (message instanceof Success2 success && state == State.AWAITING_SUCCESS2) {
            return success.transactionId() == transactionId ? succeed() : fail(FailureReason.INCORRECT_PAYLOAD);
        }
        return fail(FailureReason.INCORRECT_PROTOCOL_MESSAGE);
    }

    /**
     * Takes back the work of an Authentication Send, which can now be completed. Work that is no longer waited for is
     * dropped.
     */
    public void computed(AuthenticationWork work) {
        DhChapResult result = work.result();
        if (work != pendingWork) {
            if (result != null) {
                result.destroy();
            }
            return;
        }
        pendingWork = null;
        if (result == null || result.failure() != null) {
            fail(result == null ? FailureReason.AUTHENTICATION_FAILED : result.failure());
        } else if (state == State.COMPUTING_CHALLENGE) {
            challengeReady(result);
        } else {
            success1Ready(result);
        }
    }

    /**
     * An Authentication Receive: writes the message due into {@code data}, whose size is the command's allocation
     * length, and zeroes after it. All of {@code data} is to be sent to the host. If there is no message due, that is
     * the host's mistake and AUTH_Failure1 is due.
     *
     * @return bytes of the message; 0 if {@code data} is too small for it, in which case nothing has happened and the
     *         command is to be completed with Invalid Field in Command ({@link AuthenticationCommand#LENGTH_OFFSET})
     */
    public int receive(MemorySegment data) {
        if (readyMessage == null) {
            fail(FailureReason.INCORRECT_PROTOCOL_MESSAGE);
        }
        AuthenticationMessage message = readyMessage != null ? readyMessage : failure1();
        if (data.byteSize() < message.length()) {
            return 0;
        }
        data.fill((byte) 0);
        message.encode(data, 0);
        readyMessage = null;
        switch (state) {
            case CHALLENGE_READY -> state = State.AWAITING_REPLY;
            case SUCCESS1_READY -> {
                if (((Success1) message).responseValid()) {
                    state = State.AWAITING_SUCCESS2;
                } else {
                    succeed();
                }
            }
            default -> state = State.CLOSED;
        }
        return message.length();
    }

    /** How far the host has come. */
    public Status status() {
        return status;
    }

    /** Why authentication failed, for the log and audit events; null if it did not. */
    public FailureReason failureReason() {
        return failureReason;
    }

    /**
     * Takes the PSK of a secure channel concatenation that was successful, for the TLS connections the host makes next;
     * null if there is none, or it was taken. Who takes it destroys it.
     */
    public TlsPsk takeGeneratedPsk() {
        TlsPsk taken = generatedPsk;
        generatedPsk = null;
        return taken;
    }

    /** Overwrites all secrets; to be called when the queue's connection is closed. */
    public void destroy() {
        state = State.CLOSED;
        readyMessage = null;
        pendingWork = null;
        endTransaction();
        dropGeneratedPsk();
    }

    private AuthenticationWork onNegotiate(Negotiate negotiate) {
        transactionId = negotiate.transactionId();
        SecureChannel secureChannel = SecureChannel.ofCode(negotiate.secureChannelId());
        if (secureChannel == null || !acceptable(secureChannel)) {
            return fail(FailureReason.SECURE_CHANNEL_CONCATENATION_MISMATCH);
        }
        ProtocolDescriptor offer = negotiate.descriptors().stream()
                .filter(descriptor -> descriptor.protocolId() == ProtocolDescriptor.DH_HMAC_CHAP)
                .findFirst().orElse(null);
        if (offer == null) {
            return fail(FailureReason.PROTOCOL_NOT_USABLE);
        }
        List<AuthenticationHash> hashes = policy.hashesFor(secureChannel).stream()
                .filter(hash -> offer.hashIds().contains(hash.code())).toList();
        if (hashes.isEmpty()) {
            return fail(FailureReason.HASH_NOT_USABLE);
        }
        List<DhGroup> groups = policy.groupsFor(secureChannel).stream()
                .filter(group -> offer.groupIds().contains(group.code())).toList();
        if (groups.isEmpty()) {
            return fail(FailureReason.DH_GROUP_NOT_USABLE);
        }
        exchange = new DhChapExchange(queue, hashes.getFirst(), groups.getFirst(), transactionId, secureChannel);
        readKeys();
        state = State.COMPUTING_CHALLENGE;
        return prepareChallenge(groups.getFirst());
    }

    private boolean acceptable(SecureChannel secureChannel) {
        if (secureChannel == SecureChannel.NONE) {
            return policy.secureChannel() != Concatenation.REQUIRED || queue.tls() != AuthenticatedQueue.Tls.NONE;
        }
        return policy.secureChannel() != Concatenation.REFUSED && queue.allows(secureChannel);
    }

    private void readKeys() {
        DhChapKey host = keys.hostKey(queue.host(), queue.subsystem());
        hostKnown = host != null;
        if (host == null) {
            // A stranger gets the same work as a known host: a key that is made up and can not be responded with.
            byte[] madeUp = new byte[AuthenticationHash.SHA_256.lengthBytes()];
            random.fill(madeUp);
            host = DhChapKey.of(AuthenticationHash.SHA_256, madeUp);
        }
        hostKey = host.transformed(queue.host());
        DhChapKey controller = keys.controllerKey(queue.host(), queue.subsystem());
        controllerKey = controller == null ? null : controller.transformed(queue.subsystem());
    }

    private AuthenticationWork prepareChallenge(DhGroup group) {
        if (group == DhGroup.NULL) {
            challengeReady(DhChapResult.ofPublicValue(NO_BYTES));
            return null;
        }
        byte[] bytes = new byte[group.exponentLengthBytes()];
        random.fill(bytes);
        exponent = Secret.owning(bytes);
        Secret workExponent = exponent.copy(); // The transaction may end, and overwrite its own, while the work runs.
        pendingWork = new AuthenticationWork(() -> {
            try {
                return DhChapResult.ofPublicValue(group.publicValue(workExponent));
            } finally {
                workExponent.destroy();
            }
        });
        return pendingWork;
    }

    private void challengeReady(DhChapResult result) {
        publicValue = result.publicValue();
        challenge = new byte[exchange.hash().lengthBytes()];
        random.fill(challenge);
        sequenceNumber = sequenceNumbers.next();
        readyMessage = new Challenge(transactionId, exchange.hash().code(), exchange.group().code(), sequenceNumber,
                challenge, publicValue);
        state = State.CHALLENGE_READY;
    }

    private AuthenticationWork onReply(Reply reply) {
        FailureReason mistake = mistake(reply);
        if (mistake != null) {
            return fail(mistake);
        }
        ReplyVerification verification = new ReplyVerification(exchange, hostKey.copy(), hostKnown,
                controllerKey == null ? null : controllerKey.copy(), exponent == null ? null : exponent.copy(),
                challenge, sequenceNumber, reply);
        state = State.VERIFYING_REPLY;
        pendingWork = new AuthenticationWork(verification);
        if (exchange.group() != DhGroup.NULL) {
            return pendingWork;
        }
        AuthenticationWork work = pendingWork;
        work.run();
        computed(work);
        return null;
    }

    private FailureReason mistake(Reply reply) {
        boolean concatenates = exchange.secureChannel() != SecureChannel.NONE;
        boolean valueFits = exchange.group() == DhGroup.NULL
                ? reply.dhValue().length == 0 : exchange.group().isPublicValue(reply.dhValue());
        if (reply.response().length != exchange.hash().lengthBytes() || !valueFits) {
            return FailureReason.INCORRECT_PAYLOAD;
        }
        if (concatenates && !reply.challengeValid()
                || !concatenates && reply.challengeValid() && reply.sequenceNumber() == 0) {
            return FailureReason.INCORRECT_PAYLOAD; // Sequence number 0: the challenge serves a PSK alone.
        }
        boolean reflected = reply.challengeValid() && MessageDigest.isEqual(reply.challenge(), challenge)
                || publicValue.length > 0 && MessageDigest.isEqual(reply.dhValue(), publicValue);
        return reflected ? FailureReason.AUTHENTICATION_FAILED : null;
    }

    private void success1Ready(DhChapResult result) {
        pendingPsk = result.generatedPsk();
        boolean responds = result.response() != null;
        byte[] response = responds ? result.response() : new byte[exchange.hash().lengthBytes()];
        readyMessage = new Success1(transactionId, responds, response);
        state = State.SUCCESS1_READY;
    }

    private AuthenticationWork succeed() {
        status = Status.AUTHENTICATED;
        dropGeneratedPsk();
        generatedPsk = pendingPsk;
        pendingPsk = null;
        endTransaction();
        state = State.AWAITING_NEGOTIATE;
        return null;
    }

    private AuthenticationWork onFailure2(Failure failure) {
        failWith(failure.reason());
        readyMessage = null; // AUTH_Failure2 is the last message of a transaction: it is not answered.
        state = State.CLOSED;
        return null;
    }

    private AuthenticationWork fail(FailureReason reason) {
        failWith(reason);
        return null;
    }

    private void failWith(FailureReason reason) {
        if (status == Status.FAILED || state == State.CLOSED) {
            return; // What failed first counts.
        }
        status = Status.FAILED;
        failureReason = reason;
        pendingWork = null;
        endTransaction();
        dropGeneratedPsk();
        readyMessage = failure1();
        state = State.FAILURE1_READY;
    }

    private AuthenticationMessage failure1() {
        FailureReason reason = failureReason != null ? failureReason : FailureReason.INCORRECT_PROTOCOL_MESSAGE;
        return Failure.of(transactionId, false, reason);
    }

    private void dropGeneratedPsk() {
        if (generatedPsk != null) {
            generatedPsk.destroy();
            generatedPsk = null;
        }
    }

    private void endTransaction() {
        for (Secret secret : new Secret[] {hostKey, controllerKey, exponent}) {
            if (secret != null) {
                secret.destroy();
            }
        }
        hostKey = null;
        controllerKey = null;
        exponent = null;
        publicValue = NO_BYTES;
        challenge = NO_BYTES;
        if (pendingPsk != null) {
            pendingPsk.destroy();
            pendingPsk = null;
        }
    }
}
