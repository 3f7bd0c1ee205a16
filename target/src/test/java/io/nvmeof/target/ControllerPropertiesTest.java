package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.fabrics.ControllerCapabilities;
import io.nvmeof.protocol.fabrics.ControllerConfiguration;
import io.nvmeof.protocol.fabrics.ControllerReadyTimeouts;
import io.nvmeof.protocol.fabrics.ControllerStatus;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.target.storage.HeldBackend;
import org.junit.jupiter.api.Test;

/** CAP, CC, CSTS and CRTO: shutdowns, resets, and what they do to each other. */
class ControllerPropertiesTest {
    private static final ControllerConfiguration ENABLED =
            ControllerConfiguration.enabled(ControllerConfiguration.CSS_NVM);

    private final HeldBackend backend = new HeldBackend(8 << 20, 512);
    private final TestTarget target = TestTarget.with(2, backend);

    @Test
    void aShutdownLastsUntilAReset() {
        HostQueue admin = target.connectAdmin(0);
        ControllerConfiguration normal = ENABLED.withShutdown(ControllerConfiguration.SHUTDOWN_NORMAL);
        backend.hold(true);
        success(admin.propertySet(Property.CC, normal.value()));
        assertThat(admin.identify(1, 0, 0).status()).isEqualTo(GenericStatus.COMMAND_SEQUENCE_ERROR);
        success(admin.propertySet(Property.CC, ENABLED.value()));
        assertThat(status(admin).shutdown()).as("no way back").isEqualTo(ControllerStatus.SHUTDOWN_OCCURRING);
        success(admin.propertySet(Property.CC, ENABLED.withShutdown(ControllerConfiguration.SHUTDOWN_ABRUPT).value()));
        assertThat(status(admin).shutdown()).as("abrupt after all").isEqualTo(ControllerStatus.SHUTDOWN_COMPLETE);
        success(admin.propertySet(Property.CC, normal.value()));
        assertThat(status(admin).shutdown()).as("it is over").isEqualTo(ControllerStatus.SHUTDOWN_COMPLETE);
        assertThat(backend.flushCount()).isEqualTo(1);
        assertThat(status(admin).ready()).isTrue();

        success(admin.propertySet(Property.CC, 0));
        assertThat(status(admin)).isEqualTo(ControllerStatus.NOT_READY);
        TestTarget.enable(admin);
        success(admin.identify(1, 0, 0));
        success(admin.propertySet(Property.CC, normal.value()));
        backend.release(0);
        target.loops().runTasks();
        assertThat(status(admin).shutdown()).as("the first flush is not the second")
                .isEqualTo(ControllerStatus.SHUTDOWN_OCCURRING);
        backend.releaseAll();
        target.loops().runTasks();
        assertThat(status(admin).shutdown()).isEqualTo(ControllerStatus.SHUTDOWN_COMPLETE);
    }

    @Test
    void theReadyTimeoutIsTheSameInBothProperties() {
        HostQueue admin = target.connectAdmin(0);
        ControllerCapabilities capabilities =
                new ControllerCapabilities(success(admin.propertyGet(Property.CAP)).result());
        assertThat(capabilities.readyWithMediaSupported()).isTrue();
        assertThat(capabilities.readyIndependentOfMediaSupported()).isFalse();
        assertThat(new ControllerReadyTimeouts((int) success(admin.propertyGet(Property.CRTO)).result())
                .withMediaMillis()).isEqualTo(capabilities.readyTimeoutMillis());
        success(admin.propertySet(Property.CC, ENABLED.withReadyIndependentOfMedia(true).value()));
        assertThat(success(admin.propertyGet(Property.CC)).result()).as("CRIME cannot be set")
                .isEqualTo(ENABLED.value());
        HostQueue discovery = target.connectDiscovery(0);
        assertThat(new ControllerCapabilities(success(discovery.propertyGet(Property.CAP)).result())
                .readyWithMediaSupported()).isFalse();
        assertThat(discovery.propertyGet(Property.CRTO).status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
    }

    @Test
    void itTakesBothWaysToSelectTheNvmCommandSet() {
        HostQueue admin = target.connectAdmin(0);
        success(admin.propertySet(Property.CC, 0));
        success(admin.propertySet(Property.CC,
                ControllerConfiguration.enabled(ControllerConfiguration.CSS_ALL).value()));
        assertThat(status(admin).ready()).isTrue();
    }

    private static ControllerStatus status(HostQueue admin) {
        return new ControllerStatus((int) success(admin.propertyGet(Property.CSTS)).result());
    }
}
