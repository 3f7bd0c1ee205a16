package io.nvmeof.protocol.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nvmeof.protocol.Gen;
import io.nvmeof.protocol.auth.ControllerAuthentication.Status;
import io.nvmeof.protocol.auth.HostAuthentication.Step;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Legal authentications in which one message is changed: nobody is authenticated who should not be, nothing throws. */
class AuthenticationFuzzTest {
    private static final AuthenticationPolicy POLICY =
            AuthenticationPair.policy(AuthenticationHash.SHA_256, DhGroup.NULL);
    private static final AuthenticationPolicy WITH_GROUP =
            AuthenticationPair.policy(AuthenticationHash.SHA_384, DhGroup.FFDHE2048);

    /** Reserved bytes mean nothing: changing one changes nothing. */
    private static final List<Integer> RESERVED_IN_NEGOTIATE = List.of(2, 3, 9);
    private static final List<Integer> RESERVED_IN_REPLY = List.of(2, 3, 7, 9);
    private static final int REPLY_HEADER = 16;

    @Test
    void aChangedReplyIsRefused() {
        Gen.check(2_000, gen -> {
            var pair = AuthenticationPair.of(gen.between(0, 20) == 0 ? WITH_GROUP : POLICY, true, SecureChannel.NONE);
            boolean[] meaningless = new boolean[1];
            pair.towardsController = message -> {
                if (message[0] == 0 || message.length <= REPLY_HEADER) {
                    return message;
                }
                byte[] changed = mutate(gen, message);
                meaningless[0] = equalBut(message, changed, RESERVED_IN_REPLY);
                return changed;
            };
            pair.run();
            if (meaningless[0]) {
                pair.assertAuthenticated();
            } else {
                // A changed challenge to the controller, or its number, is noticed by the host; the rest at once.
                assertEquals(Status.FAILED, pair.controller.status());
                assertEquals(Step.FAILED, pair.host.step());
            }
        });
    }

    @Test
    void aChangedNegotiateIsRefusedOrChangesNothingThatMatters() {
        Gen.check(1_000, gen -> {
            var pair = AuthenticationPair.of(POLICY, true, SecureChannel.NONE);
            boolean[] meaningless = new boolean[1];
            pair.towardsController = message -> {
                if (message[0] != 0 || message[1] != 0) {
                    return message;
                }
                byte[] changed = mutate(gen, message);
                meaningless[0] = equalBut(message, changed, RESERVED_IN_NEGOTIATE);
                return changed;
            };
            pair.run();
            boolean authenticated = pair.controller.status() == Status.AUTHENTICATED;
            assertEquals(authenticated, pair.host.step() == Step.AUTHENTICATED);
            if (meaningless[0]) {
                assertTrue(authenticated);
            }
        });
    }

    @Test
    void whatAControllerSaysChangedDoesNotAuthenticateIt() {
        Gen.check(2_000, gen -> {
            var pair = AuthenticationPair.of(POLICY, true, SecureChannel.NONE);
            int which = gen.between(0, 2);
            int[] count = new int[1];
            boolean[] changedSomething = new boolean[1];
            pair.towardsHost = message -> {
                if (count[0]++ != which) {
                    return message;
                }
                byte[] changed = mutate(gen, message);
                // The host reads past what it needs: bytes after the message are not part of it.
                changedSomething[0] = !Arrays.equals(changed, 0, Math.min(changed.length, message.length), message, 0,
                        message.length) && !equalBut(message, changed, List.of(2, 3, 7, 9, 10, 11, 12, 13, 14, 15));
                return changed;
            };
            pair.run();
            if (changedSomething[0]) {
                assertEquals(Step.FAILED, pair.host.step());
            }
        });
    }

    @Test
    void anySequenceOfCommandsNeverAuthenticatesWithoutTheKey() {
        Gen.check(1_000, gen -> {
            ControllerAuthentication controller = AuthenticationPair.controller(POLICY, gen.i64());
            var recorded = AuthenticationPair.of(POLICY, gen.coin(), SecureChannel.NONE).run();
            for (int i = 0; i < 12; i++) {
                if (gen.coin()) {
                    byte[] buffer = new byte[gen.oneOf(4, 8, 48, 4096)];
                    assertTrue(controller.receive(MemorySegment.ofArray(buffer)) <= buffer.length);
                } else {
                    byte[] message = recorded.sent.get(gen.between(0, recorded.sent.size()));
                    AuthenticationPair.send(controller, gen.coin() ? message : mutate(gen, message));
                }
                assertFalse(controller.status() == Status.AUTHENTICATED);
            }
            assertNull(controller.takeGeneratedPsk());
        });
    }

    @Test
    void theUnchangedOnesWork() {
        UnaryOperator<byte[]> copy = byte[]::clone;
        for (AuthenticationPolicy policy : List.of(POLICY, WITH_GROUP)) {
            var pair = AuthenticationPair.of(policy, true, SecureChannel.NONE);
            pair.towardsController = copy;
            pair.towardsHost = copy;
            pair.run().assertAuthenticated();
        }
    }

    private static byte[] mutate(Gen gen, byte[] message) {
        switch (gen.between(0, 6)) {
            case 0 -> {
                return Arrays.copyOf(message, gen.between(0, message.length));
            }
            case 1 -> {
                return Arrays.copyOf(message, message.length + gen.between(1, 100));
            }
            case 2 -> {
                byte[] changed = message.clone();
                int from = gen.between(0, message.length);
                int length = gen.between(1, message.length - from + 1);
                System.arraycopy(gen.bytes(length), 0, changed, from, length);
                return changed;
            }
            default -> {
                byte[] changed = message.clone();
                int at = gen.between(0, Math.min(message.length, gen.coin() ? 16 : 4096));
                changed[at] ^= (byte) (1 << gen.between(0, 8));
                return changed;
            }
        }
    }

    private static boolean equalBut(byte[] message, byte[] changed, List<Integer> meaningless) {
        if (message.length != changed.length) {
            return false;
        }
        for (int i = 0; i < message.length; i++) {
            if (message[i] != changed[i] && !meaningless.contains(i)) {
                return false;
            }
        }
        return true;
    }
}
