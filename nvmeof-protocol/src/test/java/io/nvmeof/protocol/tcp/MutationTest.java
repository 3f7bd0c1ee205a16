package io.nvmeof.protocol.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.CloseReason.Kind;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Legal sessions with a few bytes wrong, left out or put in, cut anywhere: whatever comes, the connection ends as the
 * table says or goes on, our own code never fails, and all memory comes back. A failure names its seed.
 */
class MutationTest {
    private static final int SEEDS = 1000;

    @ParameterizedTest(name = "digests {0}")
    @ValueSource(ints = {0, 1, 2, 3})
    void aControllerSurvivesAnything(int digests) {
        byte[] legal = hostBytes(digests);
        int ended = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            ControllerSession session = new ControllerSession(ControllerConnectionOptions.defaults());
            feedController(session, mutate(legal, random), random);
            session.tick(1);
            session.tick(100);
            session.tick(100);
            if (session.connection.closeReason() == null) {
                session.connection.close(CloseReason.of(Kind.LOCAL, "end of test"));
                session.loop.runTasks();
            } else {
                ended++;
                assertThat(session.connection.closeReason().kind())
                        .as("seed %d: %s", seed, session.connection.closeReason())
                        .isIn(Kind.PROTOCOL_ERROR, Kind.TERMINATED_BY_PEER, Kind.TIMEOUT);
                assertThat(session.closedCount).as("seed %d", seed).isEqualTo(session.sender == null ? 0 : 1);
            }
            assertThat(session.loop.buffers().takenBytes()).as("seed %d", seed).isZero();
            session.close();
        }
        assertThat(ended).as("mutations noticed").isGreaterThan(SEEDS / 4);
    }

    @ParameterizedTest(name = "digests {0}")
    @ValueSource(ints = {0, 1, 2, 3})
    void aHostSurvivesAnything(int digests) {
        byte[] legal = controllerBytes(digests);
        int ended = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            HostSession session = hostWithCommands(digests, mutate(legal, random), random);
            session.tick(1);
            session.tick(100);
            session.tick(100);
            byte[] beyond = session.memory.asSlice(30_000, 1000).toArray(ValueLayout.JAVA_BYTE);
            assertThat(beyond).as("seed %d: memory of no command", seed).containsOnly(0);
            if (session.closeReason != null) {
                ended++;
                assertThat(session.closeReason.kind()).as("seed %d: %s", seed, session.closeReason)
                        .isIn(Kind.PROTOCOL_ERROR, Kind.TERMINATED_BY_PEER, Kind.TIMEOUT);
                assertThat(session.closedCount).as("seed %d", seed).isEqualTo(1);
            }
            session.close();
        }
        assertThat(ended).as("mutations noticed").isGreaterThan(SEEDS / 4);
    }

    /** The canary: what these sessions do when nothing is wrong, so that an early end would be noticed. */
    @Test
    void theLegalSessionsAreLegal() {
        for (int digests = 0; digests < 4; digests++) {
            SplittableRandom random = new SplittableRandom(digests);
            ControllerSession controller = new ControllerSession(ControllerConnectionOptions.defaults());
            feedController(controller, hostBytes(digests), random);
            assertThat(controller.closeReason).isNull();
            assertThat(controller.events).filteredOn("data"::equals).hasSize(3);
            HostSession host = hostWithCommands(digests, controllerBytes(digests), random);
            assertThat(host.closeReason).isNull();
            assertThat(host.events).containsExactlyInAnyOrder("response 0 status 0", "response 1 status 0",
                    "response 2 status 0", "response 3 status 0", "response 4 status 0");
        }
    }

    private static void feedController(ControllerSession session, byte[] bytes, SplittableRandom random) {
        int from = 0;
        while (from < bytes.length) {
            int count = Math.min(bytes.length - from, 1 + random.nextInt(random.nextBoolean() ? 20 : 4000));
            byte[] piece = Arrays.copyOfRange(bytes, from, from + count);
            int taken = session.feed(piece);
            from += taken;
            if (taken < count) {
                // A mutated opcode left in-capsule data waiting.
                session.respond(session.lastSlot);
            }
        }
    }

    private static HostSession hostWithCommands(int digests, byte[] bytes, SplittableRandom random) {
        HostSession session = new HostSession((digests & 1) != 0, (digests & 2) != 0, HostConnectionOptions.defaults());
        session.output.take();
        int from = 0;
        boolean sent = false;
        while (from < bytes.length) {
            int count = sent ? Math.min(bytes.length - from, 1 + random.nextInt(random.nextBoolean() ? 20 : 4000))
                    : Math.min(bytes.length, IcRespPdu.SIZE);
            session.feed(Arrays.copyOfRange(bytes, from, from + count));
            from += count;
            if (!sent && session.sender != null) {
                sendCommands(session);
            }
            sent = true;
            session.output.take();
        }
        return session;
    }

    private static void sendCommands(HostSession session) {
        session.read(0, 0, 10_000);
        session.read(1, 10_000, 512);
        session.write(2, 20_000);
        session.write(3, 512);
        session.flush(4);
    }

    /** What a host sends for three writes, in the capsule and by R2T, and commands without data. */
    private static byte[] hostBytes(int digests) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        HostSession host = new HostSession((digests & 1) != 0, (digests & 2) != 0, HostConnectionOptions.defaults());
        ControllerSession controller = new ControllerSession(ControllerConnectionOptions.defaults());
        pass(host, controller, all);
        host.write(0, 512);
        host.write(1, 20_000);
        host.flush(2);
        pass(host, controller, all);
        host.write(3, 9000);
        pass(host, controller, all);
        return all.toByteArray();
    }

    private static void pass(HostSession host, ControllerSession controller, ByteArrayOutputStream all) {
        byte[] bytes;
        while ((bytes = host.output.take()).length > 0) {
            all.writeBytes(bytes);
            controller.feed(bytes);
            host.feed(controller.output.take());
        }
    }

    /** What a controller sends for two reads, two writes and a flush. */
    private static byte[] controllerBytes(int digests) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        HostSession host = new HostSession((digests & 1) != 0, (digests & 2) != 0, HostConnectionOptions.defaults());
        ControllerSession controller = new ControllerSession(ControllerConnectionOptions.defaults());
        controller.feed(host.output.take());
        pass(controller, host, all);
        controller.loop.run(() -> controller.sender.setQueueSize(8, true));
        sendCommands(host);
        for (int round = 0; round < 3; round++) {
            controller.feed(host.output.take());
            pass(controller, host, all);
        }
        for (int slot : controller.outstanding) {
            int length = controller.readLengths[slot];
            DataBuffer data = length == 0 ? null : controller.loop.buffers().take(length, BufferPool.Purpose.TRANSFER);
            controller.loop.run(() -> controller.sender.respond(slot, data, length, slot % 2, 0, 0));
        }
        pass(controller, host, all);
        return all.toByteArray();
    }

    private static void pass(ControllerSession controller, HostSession host, ByteArrayOutputStream all) {
        byte[] bytes = controller.output.take();
        all.writeBytes(bytes);
        host.feed(bytes);
    }

    private static byte[] mutate(byte[] legal, SplittableRandom random) {
        byte[] bytes = legal.clone();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            // Mostly headers, which are most of what can be wrong.
            int at = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : header(bytes, random);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes[at] = 0;
                case 3 -> bytes[at] = (byte) 0xFF;
                case 4 -> bytes = splice(bytes, at, 1 + random.nextInt(64), 0);
                default -> bytes = splice(bytes, at, 0, 1 + random.nextInt(64));
            }
        }
        return bytes;
    }

    /** A byte of the header of a PDU chosen at random, as far as the lengths can still be followed. */
    private static int header(byte[] bytes, SplittableRandom random) {
        int pdu = random.nextInt(12);
        int at = 0;
        ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < pdu && at + 8 <= bytes.length; i++) {
            int length = view.getInt(at + 4);
            if (length < 8 || at + (long) length + 8 > bytes.length) {
                break;
            }
            at += length;
        }
        return Math.min(at + random.nextInt(32), bytes.length - 1);
    }

    private static byte[] splice(byte[] bytes, int at, int remove, int insert) {
        int removed = Math.min(remove, bytes.length - at - 1);
        byte[] spliced = new byte[bytes.length - removed + insert];
        System.arraycopy(bytes, 0, spliced, 0, at);
        System.arraycopy(bytes, at + removed, spliced, at + insert, bytes.length - at - removed);
        return spliced;
    }
}
