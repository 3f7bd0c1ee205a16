package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.FeatureIdentifiersSupportedAndEffectsLog;
import io.nvmeof.protocol.admin.SmartLog;
import io.nvmeof.protocol.fabrics.Property;
import io.nvmeof.protocol.layout.WireLayouts;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.FakeCapsuleSender.Response;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Features: Select, Save, namespaces, and those with data. */
class FeaturesTest {
    private static final int DEFAULT = 1 << 8;
    private static final int SAVED = 2 << 8;
    private static final int CAPABILITIES = 3 << 8;
    private static final long SECOND = 1_000_000_000L;

    private final TestTarget target = TestTarget.withMemory(1);
    private final HostQueue admin = target.connectAdmin(0, 5_000);

    @ParameterizedTest(name = "feature {0} set to {1}: default {2}, capabilities {3}")
    @CsvSource({
        "0x01, 0x01020304, 7,          4",
        "0x02, 0,          0,          4",
        "0x04, 0x0150,     0x0157,     4",
        "0x05, 0x10,       0,          6",
        "0x07, 0x00010001, 0x007F007F, 4",
        "0x0A, 1,          0,          4",
        "0x0B, 0x100,      0,          4",
        "0x0F, 9000,       0,          4",
        "0x19, 0,          0,          0",
    })
    void everyValueCanBeSelected(int feature, int value, int defaultValue, int capabilities) {
        success(admin.setFeature(feature, value));
        assertThat(success(admin.getFeature(feature, 0)).result()).isEqualTo(value);
        assertThat(success(admin.getFeature(feature | DEFAULT, 0)).result()).isEqualTo(defaultValue);
        assertThat(success(admin.getFeature(feature | SAVED, 0)).result()).isEqualTo(defaultValue);
        assertThat(success(admin.getFeature(feature | CAPABILITIES, 0)).result()).isEqualTo(capabilities);
        assertThat(admin.setFeature(feature | 1 << 31, value).status())
                .isEqualTo(CommandSpecificStatus.FEATURE_IDENTIFIER_NOT_SAVEABLE);
    }

    @Test
    void theLogPageListsWhatCanBeGot() {
        for (HostQueue queue : new HostQueue[] {admin, target.connectDiscovery(0)}) {
            var page = FeatureIdentifiersSupportedAndEffectsLog.decode(
                    MemorySegment.ofArray(success(queue.getLogPage(0x12, 0, 1024, 0)).data()), 0);
            for (int feature = 0; feature < 256; feature++) {
                boolean there = queue.getFeature(feature | CAPABILITIES, 0).status().successful();
                assertThat(there).as("feature %02Xh", feature).isEqualTo((page.flags(feature) & 1) != 0);
            }
            assertThat(page.flags(0x0F)).isEqualTo(FeatureIdentifiersSupportedAndEffectsLog.SUPPORTED
                    | FeatureIdentifiersSupportedAndEffectsLog.SCOPE_CONTROLLER);
        }
    }

    @Test
    void aFeatureOfTheControllerIsNotSetForANamespace() {
        assertThat(setFor(1, 0x01).status()).isEqualTo(CommandSpecificStatus.FEATURE_NOT_NAMESPACE_SPECIFIC);
        assertThat(setFor(2, 0x01).status()).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        success(setFor(0xFFFFFFFF, 0x01));
        success(setFor(1, 0x05));
        assertThat(setFor(2, 0x05).status()).isEqualTo(GenericStatus.INVALID_NAMESPACE_OR_FORMAT);
        assertThat(getFor(1)).isEqualTo(3);
        assertThat(getFor(0)).as("only for namespace 1").isZero();
    }

    private Response setFor(int nsid, int feature) {
        return admin.call(AdminOpcode.SET_FEATURES.code(),
                entry -> entry.namespaceId(nsid).commandDword(10, feature).commandDword(11, 3));
    }

    private long getFor(int nsid) {
        return success(admin.call(AdminOpcode.GET_FEATURES.code(),
                entry -> entry.namespaceId(nsid).commandDword(10, 0x05))).result();
    }

    @Test
    void theTimestampGoesOnFromWhatTheHostSets() {
        target.loops().advance(3 * SECOND);
        assertThat(timestamp(0x0E)).as("since the controller began").isEqualTo(3000);
        byte[] time = new byte[8];
        MemorySegment.ofArray(time).set(WireLayouts.LE64, 0, 1_700_000_000_000L);
        success(admin.callWithData(AdminOpcode.SET_FEATURES.code(), time, entry -> entry.commandDword(10, 0x0E)));
        target.loops().advance(SECOND);
        assertThat(timestamp(0x0E)).isEqualTo(1_700_000_001_000L | 1L << 49);
        assertThat(timestamp(0x0E | DEFAULT)).isZero();
        success(admin.propertySet(Property.CC, 0));
        TestTarget.enable(admin);
        assertThat(timestamp(0x0E)).as("a reset").isZero();
    }

    private long timestamp(int feature) {
        return MemorySegment.ofArray(success(admin.callForData(AdminOpcode.GET_FEATURES.code(), 8,
                entry -> entry.commandDword(10, feature))).data()).get(WireLayouts.LE64, 0);
    }

    @ParameterizedTest(name = "byte {0} is {1} -> {2}")
    @CsvSource({
        "0, 0, SUCCESSFUL_COMPLETION",
        "0, 1, SUCCESSFUL_COMPLETION",
        "0, 2, INVALID_FIELD_IN_COMMAND",
        "1, 1, INVALID_FIELD_IN_COMMAND",
        "2, 1, INVALID_FIELD_IN_COMMAND",
        "511, 1, INVALID_FIELD_IN_COMMAND",
    })
    void theHostSaysWhatItCanCopeWith(int index, byte value, GenericStatus expected) {
        byte[] data = new byte[512];
        data[index] = value;
        assertThat(admin.callWithData(AdminOpcode.SET_FEATURES.code(), data,
                entry -> entry.commandDword(10, 0x16)).status()).isEqualTo(expected);
        byte[] read = success(admin.callForData(AdminOpcode.GET_FEATURES.code(), 512,
                entry -> entry.commandDword(10, 0x16))).data();
        assertThat(read).isEqualTo(expected.successful() ? data : new byte[512]);
    }

    @Test
    void thereIsNoOtherCombinationOfCommandSets() {
        StatusCode status = admin.setFeature(0x19, 1).status();
        assertThat(status).isEqualTo(CommandSpecificStatus.IO_COMMAND_SET_COMBINATION_REJECTED);
    }

    @Test
    void aThresholdBelowTheTemperatureIsAWarning() {
        success(admin.setFeature(0x0B, SmartLog.WARNING_TEMPERATURE));
        int event = admin.requestEvent();
        success(admin.setFeature(0x04, 0x0150));
        assertThat(admin.poll(event)).isNull();
        success(admin.setFeature(0x04, 200));
        assertThat(success(admin.poll(event)).result()).isEqualTo(AsynchronousEvent.TEMPERATURE_THRESHOLD.dword0());
        assertThat(success(admin.getLogPage(0x02, 0, 512, 0)).data()[0]).isEqualTo((byte) SmartLog.WARNING_TEMPERATURE);
        success(admin.setFeature(0x04, 0x0150));
        assertThat(success(admin.getLogPage(0x02, 0, 512, 0)).data()[0]).isZero();
    }
}
