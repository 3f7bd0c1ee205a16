package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.fabrics.AddressFamily;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiscoveryTest {
    private static final int HEADER_READ = 255;

    private final Bench bench = new Bench();
    private final FakeController fake = bench.controller;

    @BeforeEach
    void makeItADiscoveryController() {
        fake.identify().controllerType(IdentifyController.TYPE_DISCOVERY).commandCapsuleSize(0).responseCapsuleSize(0)
                .optionalAsynchronousEvents(0).keepAliveSupport(0);
        fake.grantedQueues = 0xFFFF_FFFF;
    }

    @Test
    void readsTheWholePageAndDisconnectsInOrder() {
        fake.discovery = page(42, 11);
        DiscoveryLogPage page = bench.await(bench.initiator.discover(Bench.ADDRESS));
        assertThat(page).isEqualTo(fake.discovery);
        assertThat(fake.connects.getFirst().subsystemNqn()).isEqualTo(NvmeQualifiedName.DISCOVERY);
        // Header, three pieces of four entries at most, header.
        assertThat(fake.conversation).containsSubsequence("q0 06", "q0 02", "q0 02", "q0 02", "q0 02", "q0 02",
                "q0 get 14",
                "q0 set 14", "q0 get 1C").doesNotContain("q0 0C", "q0 18", "q0 09");
        assertThat(fake.conversation.stream().filter("q0 02"::equals).count()).isEqualTo(5);
        assertThat(fake.openConnections).isZero();
    }

    @Test
    void readsAnEmptyPage() {
        assertThat(bench.await(bench.initiator.discover(Bench.ADDRESS)).entries()).isEmpty();
    }

    @Test
    void readsAgainWhenThePageChangesMeanwhile() {
        fake.discovery = page(1, 2);
        int[] reads = {0};
        fake.script = command -> {
            if (command.admin(0x02) && ++reads[0] == 3) {
                fake.discovery = page(2, 5);
            }
            return false;
        };
        DiscoveryLogPage page = bench.await(bench.initiator.discover(Bench.ADDRESS));
        assertThat(page).isEqualTo(page(2, 5));
    }

    @Test
    void givesUpOnAPageThatNeverStandsStill() {
        int[] counter = {0};
        fake.script = command -> {
            if (command.admin(0x02)) {
                fake.discovery = page(counter[0]++, 1);
            }
            return false;
        };
        refuse("changed each of 10 times while it was read");
        assertThat(counter[0]).isEqualTo(30);
    }

    @Test
    void refusesAnAbsurdNumberOfEntries() {
        patchHeader(command -> command.memory.set(LE64, 8, -1L));
        refuse("claims 18446744073709551615 entries, at most 16384 are read");
        patchHeader(command -> command.memory.set(LE64, 8, 16_385L));
        refuse("claims 16385 entries");
    }

    @Test
    void refusesAnUnknownFormat() {
        patchHeader(command -> command.memory.set(LE64, 16, 1L));
        refuse("record format 1");
    }

    @Test
    void aShortPageFailsWithTheStatus() {
        fake.discovery = page(1, 8);
        fake.script = command -> {
            boolean beyond = command.admin(0x02) && command.entry.commandQword(12) > 4096;
            if (beyond) {
                command.fail(io.nvmeof.protocol.status.GenericStatus.INVALID_FIELD_IN_COMMAND, true);
            }
            return beyond;
        };
        refuse("Invalid Field in Command (status 002h");
    }

    @Test
    void failsLikeConnectWhenThereIsNobody() {
        fake.refusedConnection = 0;
        assertThat(bench.failure(bench.initiator.discover(Bench.ADDRESS))).isInstanceOf(ConnectException.class)
                .hasMessage("cannot connect to nqn.2014-08.org.nvmexpress.discovery at 192.0.2.7:4420: "
                        + "opening the admin connection: transport error: the admin queue: connection refused");
    }

    @Test
    void keepsThePageEvenIfTheControllerDoesNotShutDown() {
        fake.discovery = page(3, 1);
        fake.script = command -> command.fabrics(0) && (command.cdw(12) & 3 << 14) != 0;
        assertThat(bench.await(bench.initiator.discover(Bench.ADDRESS))).isEqualTo(fake.discovery);
        assertThat(fake.openConnections).isZero();
    }

    private void patchHeader(Consumer<FakeCommand> patch) {
        fake.script = command -> {
            boolean header = command.admin(0x02) && command.cdw(10) >>> 16 == HEADER_READ;
            if (header) {
                command.memory.fill((byte) 0);
                patch.accept(command);
                command.answer(0);
            }
            return header;
        };
    }

    private void refuse(String why) {
        assertThat(bench.failure(bench.initiator.discover(Bench.ADDRESS)))
                .isInstanceOfSatisfying(ConnectException.class,
                        e -> assertThat(e.step()).isEqualTo(ConnectStep.READ_DISCOVERY_LOG))
                .hasMessageContaining(why)
                .hasMessageContaining("nqn.2014-08.org.nvmexpress.discovery at 192.0.2.7:4420");
        assertThat(fake.openConnections).isZero();
    }

    private static DiscoveryLogPage page(long generation, int entryCount) {
        List<DiscoveryLogEntry> entries = IntStream.range(0, entryCount).mapToObj(i -> DiscoveryLogEntry.ofTcp(
                AddressFamily.IPV4, "192.0.2." + i, 4420 + i, i, DiscoveryLogEntry.SUBTYPE_NVM,
                NvmeQualifiedName.of("nqn.2024-01.com.example:disk" + i), 32, 0)).toList();
        return new DiscoveryLogPage(generation, entries);
    }

    private static final java.lang.foreign.ValueLayout.OfLong LE64 =
            java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
}
