package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.CommandsSupportedAndEffectsLog;
import io.nvmeof.protocol.admin.ErrorInformationLogEntry;
import io.nvmeof.protocol.admin.SmartLog;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.storage.BackendCapabilities;
import io.nvmeof.target.storage.HeldBackend;
import io.nvmeof.target.storage.StateStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The error and SMART logs: what they say of a target's life, and what outlives a connection and a restart. */
class HealthTest {
    private static final long SECOND = 1_000_000_000L;

    private final HeldBackend backend = new HeldBackend(1 << 20, 512);

    private static SmartLog smart(HostQueue admin) {
        return SmartLog.decode(MemorySegment.ofArray(success(admin.getLogPage(2, 0xFFFFFFFF, 512, 0)).data()), 0);
    }

    private static ErrorInformationLogEntry newestError(HostQueue admin) {
        return ErrorInformationLogEntry.decode(
                MemorySegment.ofArray(success(admin.getLogPage(1, 0, 64, 0)).data()), 0);
    }

    private static StatusCode write(HostQueue io, long block) {
        return io.callWithData(NvmOpcode.WRITE.code(), new byte[512],
                entry -> entry.namespaceId(1).commandQword(10, block)).status();
    }

    // ---- Errors

    @Test
    void anErrorIsStillThereAfterAReconnect() {
        TestTarget target = TestTarget.with(2, backend);
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        backend.failWith(GenericStatus.CAPACITY_EXCEEDED);
        assertThat(write(io, 77)).isEqualTo(GenericStatus.CAPACITY_EXCEEDED);
        admin.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        target.loops().runTasks();
        assertThat(target.target().controllers()).isEmpty();

        HostQueue again = target.connectAdmin(1);
        ErrorInformationLogEntry newest = newestError(again);
        assertThat(newest.errorCount()).isEqualTo(1);
        assertThat(StatusCode.ofField(newest.statusField())).isEqualTo(GenericStatus.CAPACITY_EXCEEDED);
        assertThat(newest.lba()).isEqualTo(77);
        assertThat(newest.namespaceId()).isEqualTo(1);
        assertThat(newest.submissionQueueId()).isEqualTo(1);
        assertThat(newest.parameterErrorLocation()).isEqualTo(ErrorInformationLogEntry.NOT_APPLICABLE);
        assertThat(smart(again).errorLogEntries()).isEqualTo(1);

        HostQueue other = target.open(0);
        success(other.connect(0, 31, 0, 0, new ConnectData(new HostIdentifier(new UUID(9, 9)),
                ConnectData.DYNAMIC_CONTROLLER, TestTarget.SUBSYSTEM, TestTarget.HOST)));
        TestTarget.enable(other);
        assertThat(newestError(other).errorCount()).as("another host's errors are its own").isZero();
    }

    @Test
    void onlyErrorsAreInTheErrorLog() {
        TestTarget target = TestTarget.with(1, backend);
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(0, 1);
        byte[] other = new byte[512];
        other[3] = 1;
        assertThat(io.callWithData(NvmOpcode.COMPARE.code(), other, entry -> entry.namespaceId(1)).status())
                .isEqualTo(MediaStatus.COMPARE_FAILURE);
        int event = admin.requestEvent();
        success(admin.call(0x08, entry -> entry.commandDword(10, event << 16)));
        assertThat(admin.poll(event).status()).isEqualTo(GenericStatus.COMMAND_ABORT_REQUESTED);
        io.sender().holdData(true);
        int damaged = io.submit(entry(NvmOpcode.WRITE.code(), entry -> entry.namespaceId(1)), new byte[512], 512);
        io.sender().corruptData(0);
        assertThat(io.poll(damaged).status()).isEqualTo(GenericStatus.TRANSIENT_TRANSPORT_ERROR);
        assertThat(newestError(admin).errorCount()).as("the damaged data").isEqualTo(1);
        assertThat(newestError(admin).commandId()).isEqualTo(damaged);
    }

    // ---- SMART

    @Test
    void storageThatFailsIsAWarningForAWhile() {
        TestTarget target = TestTarget.with(2, backend);
        HostQueue admin = target.connectAdmin(0);
        success(admin.setFeature(0x0B, SmartLog.WARNING_RELIABILITY));
        HostQueue io = target.connectIo(1, 1);
        int event = admin.requestEvent();
        backend.failWith(MediaStatus.WRITE_FAULT);
        assertThat(write(io, 1)).isEqualTo(MediaStatus.WRITE_FAULT);
        assertThat(success(admin.poll(event)).result()).isEqualTo(AsynchronousEvent.RELIABILITY_DEGRADED.dword0());
        assertThat(smart(admin).criticalWarning()).isEqualTo(SmartLog.WARNING_RELIABILITY);
        assertThat(smart(admin).mediaErrors()).isEqualTo(1);
        target.loops().advance(601 * SECOND);
        assertThat(smart(admin).criticalWarning()).isZero();
    }

    @Test
    void storageThatCannotBeWrittenIsAWarningButAProtectedNamespaceIsNone() {
        HeldBackend readOnly = new HeldBackend(1 << 20, 512, new BackendCapabilities(false, false, true, 1));
        assertThat(smart(TestTarget.with(1, readOnly).connectAdmin(0)).criticalWarning())
                .isEqualTo(SmartLog.WARNING_READ_ONLY);
        TestTarget wanted = new TestTarget(1, builder -> builder.allowAnyHost(true)
                .namespace(new NamespaceConfiguration(1, TestTarget.NAMESPACE_UUID, backend).withReadOnly(true)));
        assertThat(smart(wanted.connectAdmin(0)).criticalWarning()).isZero();
    }

    @Test
    void timeIsCounted() {
        TestTarget target = TestTarget.with(2, backend);
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        backend.hold(true);
        int read = io.submit(entry(NvmOpcode.READ.code(), entry -> entry.namespaceId(1)), null, 512);
        target.loops().advance(600 * SECOND);
        backend.releaseAll();
        success(io.poll(read));
        target.loops().advance(2 * 3600 * SECOND);
        SmartLog smart = smart(admin);
        assertThat(smart.controllerBusyMinutes()).isEqualTo(10);
        assertThat(smart.powerOnHours()).isEqualTo(2);
        assertThat(smart.powerCycles()).isEqualTo(1);
        assertThat(smart.unsafeShutdowns()).isZero();
    }

    // ---- Restarts

    /** Keeps what is saved in memory; can be copied, as after a crash. */
    private static final class MemoryStore implements StateStore {
        private final Map<String, byte[]> contents = new HashMap<>();

        @Override
        public Optional<byte[]> load(String key) throws IOException {
            assertThat(key).matches("[a-zA-Z0-9._-]{1,200}");
            if (contents.containsKey(key) && contents.get(key).length == 0) {
                throw new IOException("damaged");
            }
            return Optional.ofNullable(contents.get(key));
        }

        @Override
        public CompletableFuture<Void> save(String key, byte[] content) {
            contents.put(key, content.clone());
            return CompletableFuture.completedFuture(null);
        }
    }

    private static TestTarget start(StateStore store) {
        return new TestTarget(1, TargetConfiguration.builder().port(new PortConfiguration(1, TestTarget.ADDRESS))
                .stateStore(store)
                .subsystem(SubsystemConfiguration.builder(TestTarget.SUBSYSTEM).allowAnyHost(true)
                        .namespace(new NamespaceConfiguration(1, TestTarget.NAMESPACE_UUID,
                                new HeldBackend(1 << 20, 512))).build()).build());
    }

    @Test
    void countersSurviveARestart() {
        MemoryStore store = new MemoryStore();
        TestTarget first = start(store);
        HostQueue admin = first.connectAdmin(0);
        assertThat(write(first.connectIo(0, 1), 5)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        first.loops().advance(3600 * SECOND);
        CompletableFuture<Void> closed = first.target().shutDown();
        first.loops().runTasks();
        assertThat(closed).isCompleted();
        assertThat(admin.sender().closed()).isTrue();

        TestTarget second = start(store);
        second.loops().runTasks();
        HostQueue again = second.connectAdmin(0);
        assertThat(smart(again).hostWriteCommands()).isEqualTo(1);
        assertThat(smart(again).dataUnitsWritten()).isEqualTo(1);
        assertThat(smart(again).powerOnHours()).isEqualTo(1);
        assertThat(smart(again).powerCycles()).isEqualTo(2);
        assertThat(smart(again).unsafeShutdowns()).isZero();

        assertThat(write(second.connectIo(0, 1), 5)).isEqualTo(GenericStatus.SUCCESSFUL_COMPLETION);
        second.loops().advance(61 * SECOND);
        TestTarget third = start(store); // The second one is gone without a word.
        assertThat(smart(third.connectAdmin(0)).hostWriteCommands()).as("saved once a minute").isEqualTo(2);
        assertThat(smart(third.connectAdmin(0)).unsafeShutdowns()).isEqualTo(1);
        assertThat(smart(third.connectAdmin(0)).powerCycles()).isEqualTo(3);
    }

    @Test
    void damagedCountersBeginAnew() {
        MemoryStore store = new MemoryStore();
        start(store).loops().runTasks();
        store.contents.replaceAll((key, content) -> new byte[0]);
        assertThat(smart(start(store).connectAdmin(0)).powerCycles()).isEqualTo(1);
        store.contents.replaceAll((key, content) -> new byte[7]);
        assertThat(smart(start(store).connectAdmin(0)).powerCycles()).isEqualTo(1);
    }

    // ---- Pages

    @Test
    void aCommandSetThatIsNotThereHasNoCommands() {
        HostQueue admin = TestTarget.with(1, backend).connectAdmin(0);
        for (int commandSet : new int[] {0, 1, 2}) {
            MemorySegment bytes = MemorySegment.ofArray(success(admin.callForData(0x02, 4096, entry -> entry
                    .commandDword(10, 0x05 | 1023 << 16).commandDword(14, commandSet << 24))).data());
            var page = CommandsSupportedAndEffectsLog.decode(bytes, 0);
            assertThat(page.adminCommand(0x06)).isEqualTo(CommandsSupportedAndEffectsLog.SUPPORTED
                    | CommandsSupportedAndEffectsLog.SCOPE_CONTROLLER);
            assertThat(page.ioCommand(0x02)).isEqualTo(commandSet > 0 ? 0 : CommandsSupportedAndEffectsLog.SUPPORTED
                    | CommandsSupportedAndEffectsLog.SCOPE_NAMESPACE);
        }
        assertThat(admin.callForData(0x02, 4096, entry -> entry.commandDword(10, 0x05 | 1023 << 16)
                .commandDword(14, 5 << 24)).status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
    }

    @Test
    void aDiscoveryControllerHasTheLogPagesItMustHave() {
        HostQueue discovery = TestTarget.with(1, backend).connectDiscovery(0);
        byte[] supported = success(discovery.getLogPage(0, 0, 1024, 0)).data();
        for (int logPage = 0; logPage < 256; logPage++) {
            boolean there = discovery.getLogPage(logPage, 0, 16, 0).status().successful();
            assertThat(there).as("log page %02Xh", logPage).isEqualTo(supported[logPage * 4] == 1);
        }
        for (int logPage : new int[] {0x00, 0x05, 0x12, 0x70}) {
            assertThat(supported[logPage * 4]).as("mandatory page %02Xh", logPage).isEqualTo((byte) 1);
        }
        discovery.call(0x55, entry -> {});
        assertThat(newestError(discovery).opcode()).isEqualTo(0x55);
    }
}
