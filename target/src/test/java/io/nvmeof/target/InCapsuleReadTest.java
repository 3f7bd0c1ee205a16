package io.nvmeof.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.storage.HeldBackend;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that want data from us and say that it is in their capsule. */
class InCapsuleReadTest {
    private final TestTarget target = TestTarget.with(2, new HeldBackend(8192 * 512, 512));
    private final HostQueue admin = target.connectAdmin(0);
    private final HostQueue queue = target.connectIo(1, 1);

    @ParameterizedTest(name = "admin {0} opcode {1}")
    @CsvSource({"true, 0x06, 4096", "false, 0x02, 512"})
    void areRefused(boolean onAdminQueue, int opcode, int length) {
        HostQueue asked = onAdminQueue ? admin : queue;
        MemorySegment command = HostQueue.entry(opcode,
                entry -> entry.commandId(1000).namespaceId(1).commandDword(10, 0).sgl(0x01, 0, length));
        asked.sender().submit(command, new byte[length], length, true, null);
        assertThat(asked.poll(1000).status()).isEqualTo(GenericStatus.SGL_DESCRIPTOR_TYPE_INVALID);
    }
}
