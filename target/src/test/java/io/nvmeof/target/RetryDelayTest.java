package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.MediaStatus;
import io.nvmeof.protocol.status.PathRelatedStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.storage.HeldBackend;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Command Retry Delay: named only to hosts that said they heed it, where waiting helps. */
class RetryDelayTest {
    private static final int HOST_BEHAVIOR_SUPPORT = 0x16;

    private final HeldBackend backend = new HeldBackend(1 << 20, 512);
    private final TestTarget target = TestTarget.with(2, backend);
    private final HostQueue admin = target.connectAdmin(0);
    private final HostQueue queue = target.connectIo(1, 1);

    private int delay(StatusCode status) {
        backend.failWith(status);
        FakeCapsuleSender.Response response =
                queue.callForData(NvmOpcode.READ.code(), 512, entry -> entry.namespaceId(1));
        assertThat(response.status()).isEqualTo(status);
        return response.statusField() >>> 12 & 3;
    }

    private void setAdvancedCommandRetry(int value) {
        byte[] behavior = new byte[512];
        behavior[0] = (byte) value;
        success(admin.callWithData(AdminOpcode.SET_FEATURES.code(), behavior,
                entry -> entry.commandDword(10, HOST_BEHAVIOR_SUPPORT)));
    }

    @Test
    void isNamedWhereItHelps() {
        Map<StatusCode, Integer> delays = new LinkedHashMap<>();
        delays.put(GenericStatus.NAMESPACE_NOT_READY, 1);
        delays.put(GenericStatus.COMMAND_INTERRUPTED, 1);
        delays.put(PathRelatedStatus.ASYMMETRIC_ACCESS_TRANSITION, 2);
        delays.put(GenericStatus.CAPACITY_EXCEEDED, 3);
        delays.put(MediaStatus.UNRECOVERED_READ_ERROR, 0);
        delays.forEach((status, delay) -> assertThat(delay(status)).as("not asked for").isZero());
        setAdvancedCommandRetry(1);
        delays.forEach((status, delay) -> assertThat(delay(status)).as(status.description()).isEqualTo(delay));
        setAdvancedCommandRetry(0);
        delays.forEach((status, delay) -> assertThat(delay(status)).isZero());
        byte[] controller = success(admin.identify(1, 0, 0)).data();
        assertThat(new int[] {controller[128], controller[130], controller[132]}).containsExactly(1, 5, 20);
    }
}
