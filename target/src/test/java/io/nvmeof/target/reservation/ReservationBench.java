package io.nvmeof.target.reservation;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.ReservationNotificationLog;
import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.nvm.ReservationType;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.FakeCapsuleSender.Response;
import io.nvmeof.target.HostQueue;
import io.nvmeof.target.NamespaceConfiguration;
import io.nvmeof.target.PortConfiguration;
import io.nvmeof.target.SubsystemConfiguration;
import io.nvmeof.target.TargetConfiguration;
import io.nvmeof.target.TestTarget;
import io.nvmeof.target.storage.HeldBackend;
import io.nvmeof.target.storage.StateStore;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.UUID;

/** A target with two namespaces on loops run by hand, and hosts that fence each other. */
final class ReservationBench {
    static final int REGISTER = NvmOpcode.RESERVATION_REGISTER.code();
    static final int ACQUIRE = NvmOpcode.RESERVATION_ACQUIRE.code();
    static final int RELEASE = NvmOpcode.RESERVATION_RELEASE.code();
    static final int BLOCK = 512;
    static final int LOOPS = 3;

    final HeldBackend backend = new HeldBackend(1 << 20, BLOCK);
    final TestTarget target;
    private int nextLoop;

    ReservationBench(Optional<StateStore> store) {
        TargetConfiguration.Builder builder = TargetConfiguration.builder()
                .port(new PortConfiguration(1, TestTarget.ADDRESS))
                .subsystem(SubsystemConfiguration.builder(TestTarget.SUBSYSTEM).allowAnyHost(true)
                        .namespace(new NamespaceConfiguration(1, TestTarget.NAMESPACE_UUID, backend))
                        .namespace(new NamespaceConfiguration(2, new UUID(2, 2), new HeldBackend(1 << 20, BLOCK)))
                        .build());
        store.ifPresent(builder::stateStore);
        target = new TestTarget(LOOPS, builder.build());
    }

    /** A host's new controller: admin queue and one I/O queue, on two different loops. */
    Host connect(char name) {
        return new Host(name);
    }

    /** One controller of a host. */
    final class Host {
        final HostQueue admin;
        final HostQueue io;
        final int controllerId;
        final long key;

        private Host(char name) {
            key = name;
            NvmeQualifiedName nqn = NvmeQualifiedName.of("nqn.2024-01.com.example:host-" + name);
            admin = target.open(nextLoop++ % LOOPS);
            Response response = success(admin.connect(0, 31, 0, 0, new ConnectData(ReservationPlay.host(name),
                    ConnectData.DYNAMIC_CONTROLLER, TestTarget.SUBSYSTEM, nqn)));
            controllerId = (int) response.result();
            TestTarget.enable(admin);
            io = target.open(nextLoop++ % LOOPS);
            success(io.connect(1, 31, ConnectCommand.CATTR_DISABLE_SQ_FLOW_CONTROL, 0,
                    new ConnectData(ReservationPlay.host(name), controllerId, TestTarget.SUBSYSTEM, nqn)));
        }

        StatusCode register() {
            return register(0);
        }

        StatusCode registerPersistent() {
            return register(3);
        }

        private StatusCode register(int persistence) {
            return reserve(REGISTER, persistence << 30, 0, key).status();
        }

        StatusCode acquire(ReservationType type) {
            return reserve(ACQUIRE, type.code() << 8, key, 0).status();
        }

        StatusCode release(ReservationType type) {
            return reserve(RELEASE, type.code() << 8, key, 0).status();
        }

        /** A reservation command for namespace 1 with 16 bytes of data, as Linux sends them all. */
        Response reserve(int opcode, int dword10, long firstKey, long secondKey) {
            return io.callWithData(opcode, keys(firstKey, secondKey),
                    entry -> entry.namespaceId(1).commandDword(10, dword10));
        }

        /** As {@link #reserve}, without waiting; returns the identifier of the command. */
        int submit(int opcode, int dword10, long firstKey, long secondKey) {
            return io.submit(entry(opcode, entry -> entry.namespaceId(1).commandDword(10, dword10)),
                    keys(firstKey, secondKey), 16);
        }

        ReservationStatus report() {
            int length = ReservationStatus.size(8, true);
            byte[] data = success(io.callForData(NvmOpcode.RESERVATION_REPORT.code(), length, entry ->
                    entry.namespaceId(1).commandDword(10, length / 4 - 1).commandDword(11, 1))).data();
            return ReservationStatus.decode(MemorySegment.ofArray(data), 0, length, true);
        }

        StatusCode read() {
            return io.callForData(NvmOpcode.READ.code(), BLOCK, entry -> entry.namespaceId(1)).status();
        }

        StatusCode write() {
            return io.callWithData(NvmOpcode.WRITE.code(), new byte[BLOCK], entry -> entry.namespaceId(1)).status();
        }

        /** A write, without waiting; returns the identifier of the command. */
        int submitWrite() {
            return io.submit(entry(NvmOpcode.WRITE.code(), entry -> entry.namespaceId(1)), new byte[BLOCK], BLOCK);
        }

        /** The next page of the reservation notification log, taken out of it. */
        ReservationNotificationLog notification() {
            byte[] page = success(admin.getLogPage(0x80, 0xFFFFFFFF, 64, 0)).data();
            return ReservationNotificationLog.decode(MemorySegment.ofArray(page), 0);
        }

        Response feature(boolean set, int feature, int namespaceId, int value) {
            AdminOpcode opcode = set ? AdminOpcode.SET_FEATURES : AdminOpcode.GET_FEATURES;
            return admin.call(opcode.code(), entry -> entry.namespaceId(namespaceId).commandDword(10, feature)
                    .commandDword(11, value));
        }
    }

    private static byte[] keys(long first, long second) {
        return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(first).putLong(second).array();
    }

    /** The response to a command, which is there. */
    static Response response(HostQueue queue, int commandId) {
        Response response = queue.poll(commandId);
        assertThat(response).as("the response").isNotNull();
        return response;
    }

    static HostIdentifier host(char name) {
        return ReservationPlay.host(name);
    }
}
