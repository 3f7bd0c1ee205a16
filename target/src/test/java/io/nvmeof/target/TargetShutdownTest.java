package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.storage.HeldBackend;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The end of a target while something is at work that no queue waits for. */
class TargetShutdownTest {
    private final HeldBackend backend = new HeldBackend(1 << 20, 512);
    private final TestTarget target = TestTarget.with(2, backend);

    /** A controller whose host asked for its shutdown, and did not wait for it, leaves a flush behind. */
    @Test
    void aFlushThatAControllerLeftBehindKeepsTheBackendOpen() {
        HostQueue admin = target.connectAdmin(0);
        backend.hold(true);
        success(admin.propertySet(Property.CC, ControllerConfiguration.enabled(ControllerConfiguration.CSS_NVM)
                .withShutdown(ControllerConfiguration.SHUTDOWN_NORMAL).value()));
        backend.hold(false);
        assertThat(backend.heldCount()).isEqualTo(1);
        admin.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        target.loops().runTasks();
        assertThat(target.target().controllers()).isEmpty();

        CompletableFuture<Void> closed = target.target().shutDown();
        target.loops().runTasks();
        assertThat(closed).isNotDone();
        assertThat(backend.misuse()).isNull();
        backend.releaseAll();
        target.loops().runTasks();
        assertThat(closed).isCompleted();
        assertThat(backend.misuse()).isNull();
        assertThat(backend.closed()).isTrue();
    }
}
