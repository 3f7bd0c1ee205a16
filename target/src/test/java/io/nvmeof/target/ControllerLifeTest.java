package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.ControllerStatus;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.FakeCapsuleSender.Response;
import io.nvmeof.target.storage.HeldBackend;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Enable, reset, shutdown, keep alive, abort, and every way a queue can end. */
class ControllerLifeTest {
    private static final long SECOND = 1_000_000_000L;
    private static final ControllerConfiguration ENABLED =
            ControllerConfiguration.enabled(ControllerConfiguration.CSS_NVM);

    private final HeldBackend backend = new HeldBackend(8 << 20, 512);
    private final TestTarget target = TestTarget.with(2, backend);

    // ---- Properties

    @ParameterizedTest(name = "CC {0}")
    @ValueSource(ints = {
        0x00450001,             // IOSQES 5
        0x00360001,             // IOCQES 3
        0x00460001 | 1 << 7,    // MPS 8 KiB
        0x00460001 | 1 << 11,   // weighted round robin
        0x00460001 | 7 << 4,    // CSS admin commands only
    })
    void aConfigurationItCannotServeIsFatal(int configuration) {
        HostQueue admin = target.open(0);
        success(admin.connect(0, 31, 0, 0, TestTarget.connectData(ConnectData.DYNAMIC_CONTROLLER)));
        success(admin.propertySet(Property.CC, configuration));
        assertThat(status(admin).fatal()).isTrue();
        assertThat(status(admin).ready()).isFalse();
        assertThat(admin.identify(1, 0, 0).status()).isEqualTo(GenericStatus.COMMAND_SEQUENCE_ERROR);
        success(admin.propertySet(Property.CC, 0));
        assertThat(status(admin).fatal()).isFalse();
        TestTarget.enable(admin);
        assertThat(status(admin).ready()).isTrue();
    }

    @Test
    void otherPropertiesAreInvalidFields() {
        HostQueue admin = target.connectAdmin(0);
        for (Property property : new Property[] {Property.NSSR, Property.NSSD}) {
            expectInvalidField(admin.propertyGet(property));
            expectInvalidField(admin.propertySet(property, 0));
        }
        for (Property property : new Property[] {Property.CAP, Property.VS, Property.CSTS, Property.CRTO}) {
            expectInvalidField(admin.propertySet(property, 0));
        }
        expectInvalidField(admin.call(AdminOpcode.FABRICS.code(), // CAP read as 4 bytes
                entry -> entry.namespaceId(4).commandDword(10, 0).commandDword(11, 0)));
        expectInvalidField(admin.call(AdminOpcode.FABRICS.code(), // CC written as 8 bytes
                entry -> entry.namespaceId(0).commandDword(10, 1).commandDword(11, 0x14)));
        assertThat(success(admin.propertyGet(Property.CC)).result()).isEqualTo(ENABLED.value());
    }

    private static void expectInvalidField(Response response) {
        assertThat(response.status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
    }

    // ---- Reset and shutdown

    @Test
    void aResetEndsTheIoQueuesAndWaitsForTheirCommands() {
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        int event = admin.requestEvent();
        backend.hold(true);
        io.submit(write(0), new byte[512], 512);
        target.loops().runTasks();
        assertThat(backend.heldCount()).isEqualTo(1);

        success(admin.propertySet(Property.CC, ENABLED.withEnable(false).value()));
        target.loops().runTasks();
        assertThat(io.sender().closed()).isTrue();
        assertThat(admin.poll(event).status()).isEqualTo(GenericStatus.COMMAND_ABORTED_SQ_DELETION);
        assertThat(status(admin).ready()).as("an old write may still come").isTrue();
        assertThat(admin.identify(1, 0, 0).status()).isEqualTo(GenericStatus.COMMAND_SEQUENCE_ERROR);
        backend.releaseAll();
        target.loops().runTasks();
        assertThat(status(admin).ready()).isFalse();

        backend.hold(false);
        TestTarget.enable(admin);
        assertThat(status(admin).ready()).isTrue();
        HostQueue again = target.connectIo(1, 1);
        success(again.callForData(NvmOpcode.READ.code(), 512, entry -> entry.namespaceId(1)));
    }

    @Test
    void aNormalShutdownFlushesFirst() {
        HostQueue admin = target.connectAdmin(0);
        target.connectIo(1, 1);
        backend.hold(true);
        success(admin.propertySet(Property.CC,
                ENABLED.withShutdown(ControllerConfiguration.SHUTDOWN_NORMAL).value()));
        assertThat(backend.flushCount()).isEqualTo(1);
        assertThat(status(admin).shutdown()).isEqualTo(ControllerStatus.SHUTDOWN_OCCURRING);
        backend.releaseAll();
        assertThat(status(admin).shutdown()).isEqualTo(ControllerStatus.SHUTDOWN_COMPLETE);
    }

    @Test
    void anAbruptShutdownIsCompleteAtOnce() {
        HostQueue admin = target.connectAdmin(0);
        success(admin.propertySet(Property.CC,
                ENABLED.withShutdown(ControllerConfiguration.SHUTDOWN_ABRUPT).value()));
        assertThat(status(admin).shutdown()).isEqualTo(ControllerStatus.SHUTDOWN_COMPLETE);
        assertThat(backend.flushCount()).isZero();
    }

    // ---- Keep alive

    @Test
    void aSilentHostLosesItsController() {
        HostQueue admin = target.connectAdmin(0, 5_000);
        HostQueue io = target.connectIo(1, 1);
        target.loops().advance(4_900 * SECOND / 1000);
        assertThat(admin.sender().closed()).isFalse();
        target.loops().advance(2 * SECOND);
        assertThat(admin.sender().closeReason().kind()).isEqualTo(CloseReason.Kind.TIMEOUT);
        assertThat(io.sender().closed()).isTrue();
        assertThat(target.target().controllers()).isEmpty();
        assertThat(backend.openChannelCount()).isZero();
    }

    @Test
    void keepAlivesAndTrafficKeepItAlive() {
        HostQueue admin = target.connectAdmin(0, 5_000);
        HostQueue io = target.connectIo(1, 1);
        for (int i = 0; i < 10; i++) {
            target.loops().advance(4 * SECOND);
            success(admin.call(AdminOpcode.KEEP_ALIVE.code(), entry -> {}));
        }
        for (int i = 0; i < 10; i++) {
            target.loops().advance(4 * SECOND);
            success(io.callForData(NvmOpcode.READ.code(), 512, entry -> entry.namespaceId(1)));
        }
        assertThat(admin.sender().closed()).isFalse();
        target.loops().advance(8 * SECOND);
        assertThat(admin.sender().closed()).isTrue();
    }

    @Test
    void withoutKeepAliveItStays() {
        HostQueue admin = target.connectAdmin(0);
        target.loops().advance(100_000 * SECOND);
        assertThat(admin.sender().closed()).isFalse();
        success(admin.setFeature(0x0F, 2_000));
        target.loops().advance(3 * SECOND);
        assertThat(admin.sender().closed()).isTrue();
    }

    // ---- Abort

    @Test
    void abortsACommandThatWaitsForTheHostsData() {
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        io.sender().holdData(true);
        int write = io.submit(write(0), filled(), 512);
        target.loops().runTasks();
        int abort = submitAbort(admin, 1, write);
        assertThat(admin.poll(abort)).as("its completion comes after the aborted command's").isNull();
        io.sender().deliverData(0);
        assertThat(io.poll(write).status()).isEqualTo(GenericStatus.COMMAND_ABORT_REQUESTED);
        assertThat(success(admin.poll(abort)).result()).isZero();
        assertThat(success(io.callForData(NvmOpcode.READ.code(), 512, entry -> entry.namespaceId(1))).data())
                .containsOnly(0);
    }

    @Test
    void abortsAnEventRequest() {
        HostQueue admin = target.connectAdmin(0);
        int event = admin.requestEvent();
        assertThat(success(abort(admin, 0, event)).result()).isZero();
        assertThat(admin.poll(event).status()).isEqualTo(GenericStatus.COMMAND_ABORT_REQUESTED);
    }

    @Test
    void doesNotAbortWhatTheStorageHasOrWhatIsNotThere() {
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        backend.hold(true);
        int write = io.submit(write(0), filled(), 512);
        target.loops().runTasks();
        assertThat(success(abort(admin, 1, write)).result()).isEqualTo(1);
        assertThat(success(abort(admin, 1, 999)).result()).isEqualTo(1);
        assertThat(success(abort(admin, 9, write)).result()).isEqualTo(1);
        backend.releaseAll();
        success(io.poll(write));
    }

    @Test
    void abortsACommandThatWaitsForABuffer() {
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        backend.hold(true);
        int held = fillPool(io);
        int waiting = io.submit(read(2048), null, 1 << 20);
        assertThat(success(abort(admin, 1, waiting)).result()).isZero();
        assertThat(io.poll(waiting).status()).isEqualTo(GenericStatus.COMMAND_ABORT_REQUESTED);
        assertThat(backend.heldCount()).isEqualTo(held);
        backend.hold(false);
        backend.releaseAll();
        target.loops().runTasks();
        assertThat(target.loops().loop(1).buffers().takenBytes()).isZero();
    }

    // ---- Buffers run out

    @Test
    void requestsWithoutABufferWaitAndFinish() {
        target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        backend.hold(true);
        int held = fillPool(io);
        int[] waiting = new int[10];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = io.submit(read(2048), null, 1 << 20);
        }
        target.loops().runTasks();
        assertThat(backend.heldCount()).isEqualTo(held);
        assertThat(target.loops().loop(1).buffers().waiterCount()).isEqualTo(waiting.length + 1);
        while (backend.heldCount() > 0) {
            backend.releaseAll();
            target.loops().runTasks();
        }
        for (int id : waiting) {
            assertThat(success(io.poll(id)).data()).hasSize(1 << 20);
        }
        assertThat(target.loops().loop(1).buffers().takenBytes()).isZero();
        assertThat(io.sender().responses()).as("those that filled the pool").hasSize(held + 1);
    }

    @Test
    void requestsThatWaitForABufferGoWithTheirConnection() {
        target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        HostQueue other = target.connectIo(1, 2);
        backend.hold(true);
        fillPool(io);
        List<DataBuffer> rest = takeRest();
        io.submit(read(2048), null, 1 << 20);
        int survivor = other.submit(read(2048), null, 1 << 20);
        io.sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
        target.loops().runTasks();
        assertThat(target.loops().loop(1).buffers().waiterCount()).isEqualTo(1);
        backend.hold(false);
        backend.releaseAll();
        rest.forEach(DataBuffer::release);
        success(other.poll(survivor));
    }

    @Test
    void aHostThatHoldsItsShareOfTheBuffersIsInNobodysWay() {
        target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        HostQueue other = target.connectIo(1, 2);
        backend.hold(true);
        int held = fillPool(io);
        other.submit(read(2048), null, 1 << 20);
        assertThat(backend.heldCount()).as("reads at the backend").isEqualTo(held + 1);
        backend.releaseAll();
    }

    /** What one connection's share leaves of the pool. */
    private List<DataBuffer> takeRest() {
        List<DataBuffer> rest = new ArrayList<>();
        BufferPool pool = target.loops().loop(1).buffers();
        for (DataBuffer buffer; (buffer = pool.take(1 << 20, BufferPool.Purpose.TRANSFER)) != null;) {
            rest.add(buffer);
        }
        return rest;
    }

    /** Reads until there are no more buffers for another one of this queue; returns how many reads that took. */
    private int fillPool(HostQueue io) {
        while (target.loops().loop(1).buffers().waiterCount() == 0) {
            io.submit(read(2048), null, 1 << 20);
        }
        return backend.heldCount();
    }

    // ---- Ends

    @Test
    void lateCompletionsOfABrokenConnectionAreHarmless() {
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        backend.hold(true);
        io.submit(write(0), filled(), 512);
        io.submit(read(8), null, 4096);
        io.submit(entry(NvmOpcode.FLUSH.code(), entry -> entry.namespaceId(-1)), null, 0);
        io.submit(entry(NvmOpcode.COMPARE.code(), entry -> entry.namespaceId(1)), filled(), 512);
        io.submit(entry(NvmOpcode.COMPARE.code(), entry -> entry.namespaceId(1)), filled(), 512);
        target.loops().runTasks();
        assertThat(backend.heldCount()).isEqualTo(4);
        io.sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
        admin.sender().breakConnection(CloseReason.Kind.TRANSPORT_ERROR);
        target.loops().runTasks();
        assertThat(backend.openChannelCount()).as("the storage is still at work").isEqualTo(1);
        assertThat(target.target().controllers()).hasSize(1);
        backend.releaseAll();
        target.loops().runTasks();
        assertThat(backend.openChannelCount()).isZero();
        assertThat(target.target().controllers()).isEmpty();
        assertThat(target.loops().loop(1).buffers().takenBytes()).isZero();
    }

    @Test
    void theEndOfTheAdminQueueIsTheEndOfAll() {
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        HostQueue another = target.connectAdmin(1);
        admin.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        target.loops().runTasks();
        assertThat(io.sender().closed()).isTrue();
        assertThat(another.sender().closed()).isFalse();
        assertThat(target.target().controllers()).hasSize(1);
    }

    @Test
    void closingTheTargetFinishesFlushesAndCloses() {
        HostQueue admin = target.connectAdmin(0);
        HostQueue io = target.connectIo(1, 1);
        HostQueue unconnected = target.open(0);
        backend.hold(true);
        io.submit(write(0), filled(), 512);
        target.loops().runTasks();
        CompletableFuture<Void> closed = target.target().shutDown();
        target.loops().runTasks();
        assertThat(admin.sender().closed()).isTrue();
        assertThat(io.sender().closed()).isTrue();
        assertThat(unconnected.sender().closed()).isTrue();
        assertThat(closed).isNotDone();
        assertThat(backend.flushCount()).isZero();
        backend.releaseAll();
        target.loops().runTasks();
        assertThat(backend.flushCount()).as("after the last write").isEqualTo(1);
        assertThat(backend.closed()).isFalse();
        backend.releaseAll();
        target.loops().runTasks();
        assertThat(closed).isCompleted();
        assertThat(backend.closed()).isTrue();
    }

    private static MemorySegment write(long slba) {
        return entry(NvmOpcode.WRITE.code(), entry -> entry.namespaceId(1).commandQword(10, slba));
    }

    private static MemorySegment read(int blocks) {
        return entry(NvmOpcode.READ.code(), entry -> entry.namespaceId(1).commandDword(12, blocks - 1));
    }

    private static byte[] filled() {
        byte[] data = new byte[512];
        Arrays.fill(data, (byte) 0x77);
        return data;
    }

    private static Response abort(HostQueue admin, int queueId, int commandId) {
        return admin.call(AdminOpcode.ABORT.code(), fields(queueId, commandId));
    }

    private static int submitAbort(HostQueue admin, int queueId, int commandId) {
        return admin.submit(entry(AdminOpcode.ABORT.code(), fields(queueId, commandId)), null, 0);
    }

    private static Consumer<SubmissionQueueEntry> fields(int queueId, int commandId) {
        return entry -> entry.commandDword(10, queueId | commandId << 16);
    }

    private static ControllerStatus status(HostQueue admin) {
        return new ControllerStatus((int) success(admin.propertyGet(Property.CSTS)).result());
    }
}
