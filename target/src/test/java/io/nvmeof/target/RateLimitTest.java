package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.storage.NullBackend;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rate limits under overload, on loops whose clock the test moves: what gets through, who waits, who does not. */
class RateLimitTest {
    private static final long MILLI = 1_000_000L;
    private static final int LOOPS = 3;
    private static final NvmeQualifiedName GREEDY = NvmeQualifiedName.of("nqn.2024-01.com.example:greedy");
    private static final NvmeQualifiedName MODEST = NvmeQualifiedName.of("nqn.2024-01.com.example:modest");

    private static NamespaceConfiguration namespace(int id) {
        return new NamespaceConfiguration(id, new UUID(id, id), new NullBackend(1 << 30, 512));
    }

    /** A host that keeps so many commands outstanding on each of its queues, one or more on each loop. */
    private static final class Host {
        private final TestTarget target;
        private final int blocks;
        private final List<HostQueue> queues = new ArrayList<>();
        private final List<int[]> outstanding = new ArrayList<>();
        private final long[] completed;
        private final HostQueue admin;

        Host(TestTarget target, NvmeQualifiedName nqn, int queueCount, int depth, int blocks) {
            this.target = target;
            this.blocks = blocks;
            HostIdentifier id = new HostIdentifier(UUID.nameUUIDFromBytes(nqn.toString().getBytes()));
            admin = target.open(0);
            int controller = (int) success(admin.connect(0, 31, 0, 0,
                    new ConnectData(id, 0xFFFF, TestTarget.SUBSYSTEM, nqn))).result() & 0xFFFF;
            TestTarget.enable(admin);
            for (int i = 0; i < queueCount; i++) {
                HostQueue queue = target.open(i % LOOPS);
                success(queue.connect(i + 1, 127, 0, 0, new ConnectData(id, controller, TestTarget.SUBSYSTEM, nqn)));
                queues.add(queue);
                outstanding.add(new int[depth]);
            }
            completed = new long[queueCount];
        }

        /** Takes what is done and sends new commands instead. */
        void turn() {
            for (int i = 0; i < queues.size(); i++) {
                int[] commands = outstanding.get(i);
                for (int j = 0; j < commands.length; j++) {
                    if (commands[j] == 0) {
                        commands[j] = submit(i, 1);
                    }
                    FakeCapsuleSender.Response response = queues.get(i).sender().takeResponse(commands[j]);
                    if (response != null) {
                        success(response);
                        completed[i]++;
                        commands[j] = submit(i, 1);
                    }
                }
            }
        }

        int submit(int queue, int nsid) {
            return queues.get(queue).submit(entry(NvmOpcode.READ.code(),
                    entry -> entry.namespaceId(nsid).commandDword(12, blocks - 1)), null, blocks * 512L);
        }

        long completed() {
            long sum = 0;
            for (long each : completed) {
                sum += each;
            }
            return sum;
        }
    }

    private static TestTarget target(RateLimit host, RateLimit namespace) {
        return new TestTarget(LOOPS, builder -> builder.allowAnyHost(true).hostRateLimit(GREEDY, host)
                .namespace(namespace(1).withRateLimit(namespace)).namespace(namespace(2)));
    }

    private static void run(TestTarget target, long millis, Host... hosts) {
        for (long i = 0; i < millis; i++) {
            for (Host host : hosts) {
                host.turn();
            }
            target.loops().advance(MILLI);
        }
    }

    @ParameterizedTest(name = "{0} commands, {1} bytes a second, burst {2} ms, {3} blocks a command: {4} a second")
    @CsvSource({
        "5000, 0,       100, 1, 5000",
        "777,  0,       1,   1, 777",
        "0,    4000000, 100, 8, 976.56",
        "0,    1000000, 10,  1, 1953.1",
        "1000, 4000000, 100, 8, 976.56",
        "500,  4000000, 100, 8, 500",
    })
    void aHostGetsWhatItMayHaveOverAllItsQueues(long iops, long bytes, int burst, int blocks, double expected) {
        TestTarget target = target(new RateLimit(iops, bytes, burst), RateLimit.NONE);
        Host greedy = new Host(target, GREEDY, 2 * LOOPS, 16, blocks);
        run(target, 10_000, greedy);
        assertThat((double) greedy.completed()).isCloseTo(10 * expected, Percentage.withPercentage(5));
        for (long each : greedy.completed) {
            // Not to the last command: who wakes first takes what has come together meanwhile.
            assertThat((double) each).as("each queue its part").isCloseTo(10 * expected / greedy.completed.length,
                    Percentage.withPercentage(50));
        }
    }

    @Test
    void allHostsOfANamespaceShareItsLimit() {
        TestTarget target = target(RateLimit.NONE, new RateLimit(2000, 0, 100));
        Host greedy = new Host(target, GREEDY, LOOPS, 32, 1);
        Host modest = new Host(target, MODEST, LOOPS, 32, 1);
        run(target, 10_000, greedy, modest);
        assertThat((double) greedy.completed() + modest.completed()).isCloseTo(20_000, Percentage.withPercentage(5));
        assertThat((double) modest.completed()).isCloseTo(10_000, Percentage.withPercentage(10));
    }

    @Test
    void otherHostsAndNamespacesDoNotWait() {
        TestTarget target = target(new RateLimit(100, 0, 10), RateLimit.NONE);
        Host greedy = new Host(target, GREEDY, LOOPS, 64, 128);
        Host modest = new Host(target, MODEST, LOOPS, 1, 128);
        run(target, 1_000, greedy, modest);
        assertThat(modest.completed()).as("each of its commands within a turn").isBetween(2990L, 3000L);
        for (int loop = 0; loop < LOOPS; loop++) {
            assertThat(target.loops().loop(loop).buffers().takenBytes()).as("those who wait hold nothing").isZero();
        }

        TestTarget namespaces = target(RateLimit.NONE, new RateLimit(1, 0, 10));
        Host host = new Host(namespaces, MODEST, 1, 8, 1);
        run(namespaces, 20, host);
        int other = host.submit(0, 2);
        namespaces.loops().runTasks();
        assertThat(success(host.queues.get(0).sender().takeResponse(other)).data()).hasSize(512);
    }

    @Test
    void whatWasSavedUpIsOneBurst() {
        TestTarget target = target(new RateLimit(1000, 0, 50), RateLimit.NONE);
        Host greedy = new Host(target, GREEDY, 1, 100, 1);
        target.loops().advance(TimeUnit.SECONDS.toNanos(100));
        greedy.turn();
        target.loops().runTasks();
        greedy.turn();
        assertThat(greedy.completed()).isCloseTo(50, within(1L));
    }

    @Test
    void commandsOfAQueueKeepTheirOrder() {
        TestTarget target = target(new RateLimit(100, 0, 1), RateLimit.NONE);
        Host greedy = new Host(target, GREEDY, 1, 1, 1);
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sent.add(greedy.submit(0, 1));
        }
        target.loops().advance(TimeUnit.SECONDS.toNanos(1));
        assertThat(greedy.queues.get(0).sender().responses()).extracting(FakeCapsuleSender.Response::commandId)
                .isEqualTo(sent);
    }

    @Test
    void commandsThatWaitCanBeAbortedAndGoWithTheirQueue() {
        TestTarget target = target(new RateLimit(10, 0, 1), RateLimit.NONE);
        Host greedy = new Host(target, GREEDY, 2, 1, 1);
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sent.add(greedy.submit(0, 1));
        }
        success(greedy.queues.get(0).poll(sent.get(0)));
        for (int i : new int[] {2, 1}) {
            assertThat(success(greedy.admin.call(AdminOpcode.ABORT.code(),
                    entry -> entry.commandDword(10, 1 | sent.get(i) << 16))).result()).isZero();
            assertThat(greedy.queues.get(0).poll(sent.get(i)).status())
                    .isEqualTo(GenericStatus.COMMAND_ABORT_REQUESTED);
        }
        target.loops().advance(110 * MILLI);
        success(greedy.queues.get(0).poll(sent.get(3)));
        greedy.submit(0, 1);
        greedy.submit(0, 1);
        greedy.queues.get(0).sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        int next = greedy.submit(1, 1);
        target.loops().advance(210 * MILLI);
        success(greedy.queues.get(1).poll(next));
        greedy.admin.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        target.loops().runTasks();
        assertThat(target.target().controllers()).isEmpty();
    }

    @Test
    void anotherLimitIsInEffectSoonAlsoForThoseWhoWait() {
        TestTarget target = target(new RateLimit(1, 0, 1), new RateLimit(1, 0, 1));
        Host greedy = new Host(target, GREEDY, LOOPS, 8, 1);
        run(target, 1_000, greedy);
        assertThat(greedy.completed()).isLessThanOrEqualTo(2);
        target.target().management().setHostRateLimit(TestTarget.SUBSYSTEM, GREEDY, new RateLimit(1000, 0, 10));
        run(target, 500, greedy);
        assertThat(greedy.completed()).as("still the namespace's limit").isLessThanOrEqualTo(3);
        target.target().management().setNamespaceRateLimit(TestTarget.SUBSYSTEM, 1, RateLimit.NONE);
        run(target, 200, greedy);
        long before = greedy.completed();
        run(target, 2_000, greedy);
        assertThat((double) greedy.completed() - before).isCloseTo(2_000, Percentage.withPercentage(5));
        target.target().management().setHostRateLimit(TestTarget.SUBSYSTEM, GREEDY, RateLimit.NONE);
        run(target, 200, greedy);
        before = greedy.completed();
        run(target, 100, greedy);
        assertThat(greedy.completed() - before).isGreaterThanOrEqualTo(100 * LOOPS * 7);
    }

    @Test
    void nobodyWaitsForANamespaceThatIsGone() {
        TestTarget target = target(new RateLimit(1, 0, 1), new RateLimit(1, 0, 1));
        Host greedy = new Host(target, GREEDY, 1, 1, 1);
        List<Integer> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add(greedy.submit(0, 1));
        }
        target.loops().runTasks();
        var removed = target.target().management().removeNamespace(TestTarget.SUBSYSTEM, 1);
        target.loops().runTasks();
        success(greedy.queues.get(0).sender().takeResponse(sent.getFirst()));
        for (int id : sent.subList(1, 20)) {
            assertThat(greedy.queues.get(0).sender().takeResponse(id).status())
                    .isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        }
        assertThat(removed).isCompleted();
    }

    @Test
    void dataInACapsuleWaitsToo() {
        TestTarget target = target(new RateLimit(100, 0, 1), new RateLimit(50, 0, 1));
        Host greedy = new Host(target, GREEDY, 1, 1, 1);
        HostQueue queue = greedy.queues.get(0);
        int done = 0;
        for (int i = 0; i < 20; i++) {
            MemorySegment write = entry(NvmOpcode.WRITE.code(), entry -> entry.namespaceId(1).commandId(1000));
            queue.sender().submit(write, new byte[512], 512, true, null);
        }
        for (int i = 0; i < 300; i++) {
            target.loops().advance(MILLI);
        }
        while (queue.sender().takeResponse(1000) != null) {
            done++;
        }
        assertThat(done).isBetween(15, 17);
    }
}
