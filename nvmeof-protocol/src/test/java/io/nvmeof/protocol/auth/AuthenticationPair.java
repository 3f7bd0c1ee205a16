package io.nvmeof.protocol.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.nvmeof.protocol.auth.HostAuthentication.Step;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A host and a controller that authenticate with each other, and who sits between them. */
final class AuthenticationPair {
    static final NvmeQualifiedName HOST =
            NvmeQualifiedName.of("nqn.2014-08.org.nvmexpress:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    static final NvmeQualifiedName SUBSYSTEM = NvmeQualifiedName.of("nqn.2024-01.io.nvmeof:vectors");
    static final DhChapKey HOST_KEY = DhChapKey.of(AuthenticationHash.SHA_256, counting(0, 32));
    static final DhChapKey CONTROLLER_KEY = DhChapKey.of(AuthenticationHash.SHA_384, counting(100, 48));

    private static final int MOST_STEPS = 20;

    ControllerAuthentication controller;
    HostAuthentication host;
    UnaryOperator<byte[]> towardsController = UnaryOperator.identity();
    UnaryOperator<byte[]> towardsHost = UnaryOperator.identity();
    final List<byte[]> sent = new ArrayList<>();
    final List<byte[]> received = new ArrayList<>();

    AuthenticationPair(ControllerAuthentication controller, HostAuthentication host) {
        this.controller = controller;
        this.host = host;
    }

    /** Both know both keys; the queue is a plain admin queue. */
    static AuthenticationPair of(AuthenticationPolicy policy, boolean bidirectional, SecureChannel secureChannel) {
        return new AuthenticationPair(controller(policy, 1), host(policy, bidirectional, secureChannel, 2));
    }

    static ControllerAuthentication controller(AuthenticationPolicy policy, long seed) {
        return new ControllerAuthentication(queue(), policy, keys(HOST_KEY, CONTROLLER_KEY),
                new Random(seed)::nextBytes);
    }

    static HostAuthentication host(AuthenticationPolicy policy, boolean bidirectional, SecureChannel secureChannel,
            long seed) {
        return new HostAuthentication(queue(), policy, HOST_KEY, bidirectional ? CONTROLLER_KEY : null, secureChannel,
                new Random(seed)::nextBytes);
    }

    static AuthenticatedQueue queue() {
        return new AuthenticatedQueue(HOST, SUBSYSTEM, true, AuthenticatedQueue.Tls.NONE);
    }

    static AuthenticationPolicy policy(AuthenticationHash hash, DhGroup group) {
        return new AuthenticationPolicy(List.of(hash), List.of(group), AuthenticationPolicy.Concatenation.ALLOWED);
    }

    static AuthenticationKeys keys(DhChapKey hostKey, DhChapKey controllerKey) {
        return new AuthenticationKeys() {
            @Override
            public DhChapKey hostKey(NvmeQualifiedName host, NvmeQualifiedName subsystem) {
                return host.equals(HOST) && subsystem.equals(SUBSYSTEM) ? hostKey : null;
            }

            @Override
            public DhChapKey controllerKey(NvmeQualifiedName host, NvmeQualifiedName subsystem) {
                return host.equals(HOST) && subsystem.equals(SUBSYSTEM) ? controllerKey : null;
            }
        };
    }

    static byte[] counting(int from, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (from + i);
        }
        return bytes;
    }

    static void send(ControllerAuthentication controller, byte[] message) {
        AuthenticationWork work = controller.send(MemorySegment.ofArray(message), 0, message.length);
        if (work != null) {
            work.run();
            controller.computed(work);
        }
    }

    /** The message the controller has for its host; what is after it in the buffer must be zeroes. */
    static byte[] receive(ControllerAuthentication controller) {
        byte[] buffer = new byte[AuthenticationMessage.MAX_TRANSFER_LENGTH];
        Arrays.fill(buffer, (byte) 0x5A);
        int length = controller.receive(MemorySegment.ofArray(buffer));
        assertTrue(length > 0);
        assertTrue(Arrays.equals(buffer, length, buffer.length, new byte[buffer.length], length, buffer.length));
        return Arrays.copyOf(buffer, length);
    }

    static void receive(HostAuthentication host, byte[] message) {
        byte[] buffer = Arrays.copyOf(message, Math.max(message.length, AuthenticationMessage.MAX_TRANSFER_LENGTH));
        AuthenticationWork work = host.received(MemorySegment.ofArray(buffer), 0, buffer.length);
        assertEquals(work != null, host.step() == Step.COMPUTE);
        if (work != null) {
            work.run();
            host.computed(work);
        }
    }

    /** Until the host has nothing more to do. */
    AuthenticationPair run() {
        for (int i = 0; i < MOST_STEPS; i++) {
            switch (host.step()) {
                case SEND -> {
                    byte[] message = towardsController.apply(host.takeMessage().bytes());
                    sent.add(message);
                    send(controller, message);
                }
                case RECEIVE -> {
                    byte[] message = towardsHost.apply(receive(controller));
                    received.add(message);
                    receive(host, message);
                }
                case COMPUTE -> fail("the work was handed back");
                default -> {
                    return this;
                }
            }
        }
        return fail("no end after " + MOST_STEPS + " steps");
    }

    void assertAuthenticated() {
        assertEquals(Step.AUTHENTICATED, host.step(), () -> "host: " + host.failureReason());
        assertEquals(ControllerAuthentication.Status.AUTHENTICATED, controller.status());
    }

    /** The host was refused by the controller, and told this. */
    void assertRefusedByController(FailureReason reason) {
        assertEquals(Step.FAILED, host.step());
        assertTrue(host.failedByController());
        assertEquals(reason, host.failureReason());
        assertEquals(ControllerAuthentication.Status.FAILED, controller.status());
        assertEquals(reason, controller.failureReason());
    }

    /** The controller was refused by the host, and told this. */
    void assertRefusedByHost(FailureReason reason) {
        assertEquals(Step.FAILED, host.step());
        assertTrue(!host.failedByController());
        assertEquals(reason, host.failureReason());
        assertEquals(ControllerAuthentication.Status.FAILED, controller.status());
        assertEquals(reason, controller.failureReason());
    }

    static byte[] flip(byte[] message, int index) {
        byte[] changed = message.clone();
        if (index < changed.length) {
            changed[index] ^= 1;
        }
        return changed;
    }

    static byte[] withTransaction(byte[] message, int transaction) {
        byte[] changed = message.clone();
        changed[4] = (byte) transaction;
        changed[5] = (byte) (transaction >>> 8);
        return changed;
    }

    /** Someone on the way who understands the messages and writes them anew. */
    static UnaryOperator<byte[]> rewrite(UnaryOperator<AuthenticationMessage> change) {
        return bytes -> {
            try {
                return change.apply(decode(bytes)).bytes();
            } catch (InvalidAuthenticationMessageException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    static AuthenticationMessage decode(byte[] bytes) throws InvalidAuthenticationMessageException {
        return AuthenticationMessage.decodeExactly(MemorySegment.ofArray(bytes), 0, bytes.length);
    }
}
