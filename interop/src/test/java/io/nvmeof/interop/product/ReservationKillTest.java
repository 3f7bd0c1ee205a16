package io.nvmeof.interop.product;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.initiator.CommandException;
import io.nvmeof.initiator.ConnectOptions;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.Initiator;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.interop.process.Command;
import io.nvmeof.interop.process.NvmeofCommand;
import io.nvmeof.interop.process.TargetProcess;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.nvm.RegistrantStatus;
import io.nvmeof.protocol.nvm.ReservationAcquireAction;
import io.nvmeof.protocol.nvm.ReservationPersistence;
import io.nvmeof.protocol.nvm.ReservationRegisterAction;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.nvm.ReservationType;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.transport.tcp.TcpEngine;
import io.nvmeof.transport.tcp.TcpEventLoops;
import io.nvmeof.transport.tcp.TcpHostTransport;
import io.nvmeof.transport.tcp.TcpOptions;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two hosts take a reservation from each other again and again, and the target is killed with SIGKILL meanwhile: the
 * next one must know who held it last, or was about to, and keep the other one out. {@code -Dreservation.kills=N} sets
 * how often, {@code -Dreservation.seed=N} the moments.
 */
@Tag("process")
class ReservationKillTest {
    private static final int KILLS = Integer.getInteger("reservation.kills", 3);
    private static final NvmeQualifiedName NQN = NvmeQualifiedName.of("nqn.2026-01.io.nvmeof:reservation");
    private static final int WAIT_SECONDS = 60;
    private static final int BLOCK = 4096;

    @TempDir
    private Path folder;

    /** Whose reservation was acknowledged last, and whose was asked for last: 0 or 1. */
    private volatile int acknowledged;
    private volatile int asked;

    private final class Pair implements AutoCloseable {
        private final TcpEventLoops loops = TcpEventLoops.open(TcpEngine.NIO, 1, 8L << 20);
        private final TcpHostTransport transport = new TcpHostTransport(loops, TcpOptions.defaults());
        private final Initiator[] initiators = new Initiator[2];
        private final RemoteNamespace[] namespaces = new RemoteNamespace[2];

        Pair(int port) throws Exception {
            for (int i = 0; i < 2; i++) {
                initiators[i] = Initiator.builder(transport, loops).hostId(new UUID(9, i + 1L))
                        .hostNqn(NvmeQualifiedName.of("nqn.2026-01.io.nvmeof:host" + i)).build();
                HostController controller = initiators[i].connectNow(ConnectOptions.builder(
                        TransportAddress.tcp("127.0.0.1", port), NQN).ioQueueCount(1).build());
                namespaces[i] = controller.namespaceNow(1);
            }
        }

        void register(int host) throws Exception {
            await(namespaces[host].reservationRegister(ReservationRegisterAction.REPLACE, 0, key(host), true,
                    ReservationPersistence.ON));
        }

        /** Until the target is gone. */
        void takeTurns(CountDownLatch begun) throws Exception {
            while (true) {
                asked = 1 - acknowledged;
                await(namespaces[asked].reservationAcquire(ReservationAcquireAction.PREEMPT,
                        ReservationType.WRITE_EXCLUSIVE, key(asked), key(acknowledged)));
                acknowledged = asked;
                begun.countDown();
                register(1 - acknowledged);
            }
        }

        @Override
        public void close() {
            for (Initiator initiator : initiators) {
                initiator.close();
            }
            transport.close();
            loops.close();
        }
    }

    @Test
    void theNextTargetKnowsWhoHoldsTheReservation() throws Exception {
        NvmeofCommand.require();
        long seed = Long.getLong("reservation.seed", System.nanoTime());
        System.err.println("ReservationKillTest: -Dreservation.seed=" + seed + " -Dreservation.kills=" + KILLS);
        SplittableRandom random = new SplittableRandom(seed);
        for (int kill = 0; kill <= KILLS; kill++) {
            int port = Command.freePort();
            try (TargetProcess target = TargetProcess.start(folder, "target", configuration(port), new int[] {port});
                    Pair hosts = new Pair(port)) {
                if (kill == 0) {
                    hosts.register(0);
                    hosts.register(1);
                    await(hosts.namespaces[0].reservationAcquire(ReservationAcquireAction.ACQUIRE,
                            ReservationType.WRITE_EXCLUSIVE, key(0), 0));
                } else {
                    check(hosts);
                }
                if (kill < KILLS) {
                    killWhileTheyTakeTurns(target, hosts, random.nextLong(1_500));
                } else {
                    target.assertContent();
                }
            }
        }
    }

    private static void killWhileTheyTakeTurns(TargetProcess target, Pair hosts, long millis) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                hosts.takeTurns(begun);
            } catch (Exception e) {
                end.completeExceptionally(e);
            }
        });
        assertThat(begun.await(WAIT_SECONDS, TimeUnit.SECONDS)).as("a first turn").isTrue();
        Thread.sleep(millis);
        target.kill();
        assertThat(end).failsWithin(Duration.ofSeconds(WAIT_SECONDS));
    }

    /** The new target knows it all, and both hosts are registered again. */
    private void check(Pair hosts) throws Exception {
        ReservationStatus status = await(hosts.namespaces[0].reservationReport());
        assertThat(status.type()).isEqualTo(ReservationType.WRITE_EXCLUSIVE);
        assertThat(status.persistThroughPowerLoss()).isEqualTo(1);
        RegistrantStatus holder = status.registrants().stream().filter(RegistrantStatus::holdsReservation)
                .findFirst().orElseThrow();
        int found = (int) holder.hostIdentifier().uuid().getLeastSignificantBits() - 1;
        assertThat(found).as("%s", status).isIn(acknowledged, asked);
        MemorySegment block = Arena.ofAuto().allocate(BLOCK);
        await(hosts.namespaces[found].write(0, 1, block));
        assertThat(hosts.namespaces[1 - found].write(0, 1, block)).failsWithin(
                Duration.ofSeconds(WAIT_SECONDS)).withThrowableOfType(ExecutionException.class)
                .havingCause().isInstanceOfSatisfying(CommandException.class,
                        e -> assertThat(e.status()).isEqualTo(GenericStatus.RESERVATION_CONFLICT));
        acknowledged = found;
        hosts.register(1 - found);
    }

    private static long key(int host) {
        return host + 1L;
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(WAIT_SECONDS, TimeUnit.SECONDS);
    }

    private static String configuration(int port) {
        return """
                { "state-directory": "state",
                  "ports": [ { "listen": "127.0.0.1:%d" } ],
                  "subsystems": [ { "nqn": "%s", "namespaces": [ {
                    "backend": "file", "path": "image", "size": "16m" } ] } ] }
                """.formatted(port, NQN);
    }
}
