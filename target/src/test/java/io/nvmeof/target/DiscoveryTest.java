package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.fabrics.AddressFamily;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the discovery log page says, of which ports, to whom, and under which name. */
class DiscoveryTest {
    private static final NvmeQualifiedName UNIQUE = NvmeQualifiedName.of("nqn.2024-01.com.example:discovery");
    private static final NvmeQualifiedName OTHER = NvmeQualifiedName.of("nqn.2024-01.com.example:other");
    private static final TransportAddress FIRST = TestTarget.ADDRESS;
    private static final TransportAddress SECOND = TransportAddress.tcp("192.0.2.2", 4420);
    private static final TransportAddress ANY_IPV4 = TransportAddress.tcp("0.0.0.0", 4420);
    private static final TransportAddress ANY_IPV6 = TransportAddress.tcp("::", 4421);
    private static final int EXPLICIT = DiscoveryLogEntry.EFLAGS_EXPLICIT_PERSISTENT_CONNECTION;
    private static final int DUPLICATE = DiscoveryLogEntry.EFLAGS_DUPLICATE_RETURNED_INFORMATION;
    private static final int SELF = DiscoveryLogEntry.SUBTYPE_CURRENT_DISCOVERY;
    private static final int NVM = DiscoveryLogEntry.SUBTYPE_NVM;
    private static final int REFERRAL = DiscoveryLogEntry.SUBTYPE_REFERRAL;

    private static TestTarget target(UnaryOperator<TargetConfiguration.Builder> configuration) {
        return new TestTarget(1, configuration.apply(TargetConfiguration.builder()).build());
    }

    private static SubsystemConfiguration subsystem(NvmeQualifiedName nqn) {
        return SubsystemConfiguration.builder(nqn).allowAnyHost(true).build();
    }

    private static HostQueue open(TestTarget target, TransportAddress port, TransportAddress local) {
        return new HostQueue(target.loops(), target.transport().connect(target.loops().loop(0), port, local));
    }

    private static HostQueue connect(TestTarget target, TransportAddress port, TransportAddress local,
            NvmeQualifiedName name) {
        HostQueue queue = open(target, port, local);
        success(queue.connect(0, 31, 0, 0, new ConnectData(TestTarget.HOST_ID, ConnectData.DYNAMIC_CONTROLLER, name,
                TestTarget.HOST)));
        TestTarget.enable(queue);
        return queue;
    }

    static DiscoveryLogPage read(HostQueue queue) {
        byte[] bytes = success(queue.getLogPage(0x70, 0, 64 * 1024, 0)).data();
        return DiscoveryLogPage.decode(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    private static List<DiscoveryLogEntry> entries(TestTarget target, TransportAddress port, TransportAddress local) {
        return read(connect(target, port, local, NvmeQualifiedName.DISCOVERY)).entries();
    }

    private static String subsystemNqn(HostQueue queue) {
        return IdentifyController.decode(MemorySegment.ofArray(success(queue.identify(0x01, 0, 0)).data()), 0)
                .subsystemNqn();
    }

    // ---- Entries

    @Test
    void everyPortOfTheDiscoverySubsystemIsListedOnce() {
        TestTarget target = target(builder -> builder.port(new PortConfiguration(1, FIRST))
                .port(new PortConfiguration(2, SECOND).withSubsystems(Optional.of(Set.of(OTHER))))
                .subsystem(subsystem(TestTarget.SUBSYSTEM)).subsystem(subsystem(OTHER)));
        for (TransportAddress port : List.of(FIRST, SECOND)) {
            assertThat(entries(target, port, port)).extracting(DiscoveryLogEntry::subsystemType,
                    DiscoveryLogEntry::portId, DiscoveryLogEntry::address, DiscoveryLogEntry::subsystemNqn,
                    DiscoveryLogEntry::flags).containsExactly(
                    tuple(SELF, 1, "192.0.2.1", NvmeQualifiedName.DISCOVERY.toString(), EXPLICIT | DUPLICATE),
                    tuple(SELF, 2, "192.0.2.2", NvmeQualifiedName.DISCOVERY.toString(), EXPLICIT | DUPLICATE),
                    tuple(NVM, 1, "192.0.2.1", OTHER.toString(), 0),
                    tuple(NVM, 2, "192.0.2.2", OTHER.toString(), 0),
                    tuple(NVM, 1, "192.0.2.1", TestTarget.SUBSYSTEM.toString(), 0));
        }
    }

    @Test
    void aReferralSaysWhereAndUnderWhichName() {
        TestTarget target = target(builder -> builder.port(new PortConfiguration(1, FIRST))
                .referral(new ReferralConfiguration(TransportAddress.tcp("2001:db8::9", 8009)))
                .referral(new ReferralConfiguration(77, TransportAddress.tcp("192.0.2.9", 8010), OTHER)));
        int notSpecified = DiscoveryLogEntry.TREQ_SECURE_CHANNEL_NOT_SPECIFIED;
        assertThat(entries(target, FIRST, FIRST)).containsExactly(
                new DiscoveryLogEntry(3, AddressFamily.IPV4.code(), SELF,
                        DiscoveryLogEntry.TREQ_SECURE_CHANNEL_NOT_REQUIRED
                                | DiscoveryLogEntry.TREQ_DISABLE_SQ_FLOW_CONTROL,
                        1, 0xFFFF, 32, EXPLICIT, "4420", NvmeQualifiedName.DISCOVERY.toString(), "192.0.2.1", 0),
                new DiscoveryLogEntry(3, AddressFamily.IPV6.code(), REFERRAL, notSpecified, 0, 0xFFFF, 32, 0, "8009",
                        NvmeQualifiedName.DISCOVERY.toString(), "2001:db8::9", 0),
                new DiscoveryLogEntry(3, AddressFamily.IPV4.code(), REFERRAL, notSpecified, 77, 0xFFFF, 32, 0, "8010",
                        OTHER.toString(), "192.0.2.9", 0));
    }

    @Test
    void aPortIsReportedWhereItsOwnerSaysItIsReached() {
        TestTarget target = target(builder -> builder
                .port(new PortConfiguration(1, ANY_IPV4).withReachableAs(TransportAddress.tcp("203.0.113.5", 14420)))
                .port(new PortConfiguration(2, SECOND)).subsystem(subsystem(TestTarget.SUBSYSTEM)));
        assertThat(entries(target, ANY_IPV4, TransportAddress.tcp("10.1.2.3", 4420)))
                .extracting(DiscoveryLogEntry::subsystemType, DiscoveryLogEntry::address,
                        DiscoveryLogEntry::serviceId, DiscoveryLogEntry::flags).containsExactly(
                        tuple(SELF, "203.0.113.5", "14420", EXPLICIT | DUPLICATE),
                        tuple(SELF, "192.0.2.2", "4420", EXPLICIT | DUPLICATE),
                        tuple(NVM, "203.0.113.5", "14420", 0),
                        tuple(NVM, "192.0.2.2", "4420", 0));
    }

    @Test
    void aPortThatListensEverywhereIsReportedAsTheHostMeetsIt() {
        TestTarget target = target(builder -> builder.port(new PortConfiguration(1, ANY_IPV4))
                .port(new PortConfiguration(2, ANY_IPV6)).port(new PortConfiguration(3, SECOND)));
        assertThat(entries(target, SECOND, SECOND)).as("port 3, which returns the same as the others do there")
                .extracting(DiscoveryLogEntry::address, DiscoveryLogEntry::serviceId, DiscoveryLogEntry::flags)
                .containsExactly(tuple("192.0.2.2", "4420", EXPLICIT | DUPLICATE),
                        tuple("192.0.2.2", "4421", EXPLICIT | DUPLICATE),
                        tuple("192.0.2.2", "4420", EXPLICIT | DUPLICATE));
        assertThat(entries(target, ANY_IPV4, TransportAddress.tcp("10.1.2.3", 4420)))
                .as("at port 3 the host would read other addresses of ports 1 and 2")
                .extracting(DiscoveryLogEntry::address, DiscoveryLogEntry::serviceId, DiscoveryLogEntry::flags)
                .containsExactly(tuple("10.1.2.3", "4420", EXPLICIT | DUPLICATE),
                        tuple("10.1.2.3", "4421", EXPLICIT | DUPLICATE), tuple("192.0.2.2", "4420", EXPLICIT));
        assertThat(entries(target, ANY_IPV6, TransportAddress.tcp("2001:db8::1", 4421)))
                .as("an IPv6 host does not reach port 1")
                .extracting(DiscoveryLogEntry::portId, DiscoveryLogEntry::address, DiscoveryLogEntry::flags)
                .containsExactly(tuple(2, "2001:db8::1", EXPLICIT), tuple(3, "192.0.2.2", EXPLICIT));
    }

    // ---- The unique name

    @Test
    void theDiscoverySubsystemIsServedUnderBothNamesAndTellsItsOwn() {
        TestTarget target = target(builder -> builder.port(new PortConfiguration(1, FIRST))
                .port(new PortConfiguration(2, SECOND).withSubsystems(Optional.of(Set.of(OTHER))))
                .subsystem(subsystem(OTHER)).discoveryNqn(UNIQUE));
        List<Integer> ids = new ArrayList<>();
        for (TransportAddress port : List.of(FIRST, SECOND)) {
            for (NvmeQualifiedName name : List.of(NvmeQualifiedName.DISCOVERY, UNIQUE)) {
                HostQueue queue = connect(target, port, port, name);
                assertThat(subsystemNqn(queue)).isEqualTo(UNIQUE.toString());
                assertThat(read(queue).entries()).extracting(DiscoveryLogEntry::subsystemType,
                        DiscoveryLogEntry::address, DiscoveryLogEntry::subsystemNqn).containsExactly(
                        tuple(SELF, "192.0.2.1", UNIQUE.toString()), tuple(SELF, "192.0.2.2", UNIQUE.toString()),
                        tuple(NVM, "192.0.2.1", OTHER.toString()), tuple(NVM, "192.0.2.2", OTHER.toString()));
            }
        }
        target.target().controllers().forEach(info -> {
            assertThat(info.subsystemNqn()).isEqualTo(UNIQUE);
            ids.add(info.controllerId());
        });
        assertThat(ids).as("controllers of one subsystem").hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void withoutAUniqueNameTheWellKnownOneIsTheOnlyOne() {
        TestTarget target = TestTarget.withMemory(1);
        assertThat(subsystemNqn(target.connectDiscovery(0))).isEqualTo(NvmeQualifiedName.DISCOVERY.toString());
        assertThat(target.open(0).connect(0, 31, 0, 0, new ConnectData(TestTarget.HOST_ID,
                ConnectData.DYNAMIC_CONTROLLER, UNIQUE, TestTarget.HOST)).status().code())
                .isEqualTo(CommandSpecificStatus.CONNECT_INVALID_PARAMETERS.code());
    }

    // ---- Parts that are not there

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void entriesOfAnotherKindThanTheHostWouldGetAreRefused(int specific) {
        HostQueue queue = TestTarget.withMemory(1).connectDiscovery(0);
        assertThat(queue.callForData(0x02, 1024, entry ->
                entry.commandDword(10, 0x70 | specific << 8 | 255 << 16)).status())
                .isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
        success(queue.callForData(0x02, 1024, entry -> entry.commandDword(10, 0x70 | 4 << 8 | 255 << 16)));
    }

    @Test
    void nobodyRegistersHere() {
        HostQueue queue = TestTarget.withMemory(1).connectDiscovery(0);
        assertThat(queue.callWithData(0x21, new byte[1024], entry -> {}).status())
                .isEqualTo(GenericStatus.INVALID_OPCODE);
    }

    @Test
    void whatLiesBeyondThePageIsZeroesAndThenAMistake() {
        HostQueue queue = TestTarget.withMemory(1).connectDiscovery(0);
        assertThat(success(queue.getLogPage(0x70, 0, 64, 3072)).data()).containsOnly(0);
        assertThat(queue.getLogPage(0x70, 0, 64, 3076).status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
        assertThat(queue.getLogPage(0x70, 0, 64, -4).status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
    }

    // ---- Configuration

    @ParameterizedTest
    @CsvSource({"'',4420", "0.0.0.0,4420", "::,4420", "192.0.2.1,0", "192.0.2.1,65536", "192.0.2.1,nvme", "a b,4420"})
    void anAddressToConnectToMustLeadSomewhere(String address, String service) {
        TransportAddress wrong = new TransportAddress(FIRST.type(), address, service);
        assertThatThrownBy(() -> new ReferralConfiguration(wrong)).isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("of a referral");
        assertThatThrownBy(() -> new PortConfiguration(7, FIRST).withReachableAs(wrong))
                .isInstanceOf(ConfigurationException.class).hasMessageContaining("reachable-as of port 7");
    }

    @Test
    void theUniqueNameIsUnique() {
        TargetConfiguration.Builder builder = TargetConfiguration.builder().port(new PortConfiguration(1, FIRST))
                .subsystem(subsystem(OTHER));
        for (NvmeQualifiedName name : List.of(NvmeQualifiedName.DISCOVERY, OTHER)) {
            assertThatThrownBy(() -> builder.discoveryNqn(name).build()).isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("discovery nqn").hasMessageContaining(name.toString());
        }
        assertThat(builder.discoveryNqn(UNIQUE).build().discoveryNqn()).contains(UNIQUE);
    }

    @Test
    void aLogPageThatNoHostWouldReadIsRefused() {
        TargetConfiguration.Builder builder = TargetConfiguration.builder();
        IntStream.rangeClosed(1, 128).forEach(id ->
                builder.port(new PortConfiguration(id, TransportAddress.tcp("192.0.2.1", 4419 + id))));
        IntStream.range(0, 127).forEach(i ->
                builder.subsystem(subsystem(NvmeQualifiedName.of("nqn.2024-01.com.example:" + i))));
        assertThat(builder.build().ports()).hasSize(128);
        builder.referral(new ReferralConfiguration(FIRST));
        assertThatThrownBy(builder::build).isInstanceOf(ConfigurationException.class).hasMessageContaining("16385");
    }
}
