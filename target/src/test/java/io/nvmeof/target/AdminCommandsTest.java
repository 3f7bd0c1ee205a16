package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.entry;
import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AdminOpcode;
import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.ErrorInformationLogEntry;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.SmartLog;
import io.nvmeof.protocol.admin.SupportedLogPages;
import io.nvmeof.protocol.nvm.NvmOpcode;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.target.FakeCapsuleSender.Response;
import io.nvmeof.target.storage.HeldBackend;
import io.nvmeof.target.storage.MemoryBackend;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The admin commands: what they answer, and what they refuse. */
class AdminCommandsTest {
    private static final int ALL = 0xFFFFFFFF;

    private final TestTarget target = TestTarget.withMemory(2);
    private final HostQueue admin = target.connectAdmin(0, 5_000);

    @ParameterizedTest(name = "CNS {0} nsid {1} command set {2} -> {3}")
    @CsvSource({
        "0x00, 1,     0, SUCCESSFUL_COMPLETION",
        "0x00, 1024,  0, SUCCESSFUL_COMPLETION", // inactive
        "0x00, 1025,  0, INVALID_NAMESPACE_OR_FORMAT",
        "0x00, 0,     0, INVALID_NAMESPACE_OR_FORMAT",
        "0x00, -1,    0, INVALID_NAMESPACE_OR_FORMAT",
        "0x01, 0,     0, SUCCESSFUL_COMPLETION",
        "0x02, 0,     0, SUCCESSFUL_COMPLETION",
        "0x02, 5,     0, SUCCESSFUL_COMPLETION",
        "0x02, -1,    0, INVALID_NAMESPACE_OR_FORMAT",
        "0x02, -2,    0, INVALID_NAMESPACE_OR_FORMAT",
        "0x02, -3,    0, SUCCESSFUL_COMPLETION",
        "0x03, 1,     0, SUCCESSFUL_COMPLETION",
        "0x03, 2,     0, INVALID_NAMESPACE_OR_FORMAT",
        "0x03, 0,     0, INVALID_NAMESPACE_OR_FORMAT",
        "0x05, 1,     0, SUCCESSFUL_COMPLETION",
        "0x05, 1,     2, INVALID_FIELD_IN_COMMAND",
        "0x05, 0,     0, INVALID_NAMESPACE_OR_FORMAT",
        "0x06, 0,     0, SUCCESSFUL_COMPLETION",
        "0x06, 0,     2, INVALID_FIELD_IN_COMMAND",
        "0x07, 0,     0, SUCCESSFUL_COMPLETION",
        "0x07, 0,     2, INVALID_FIELD_IN_COMMAND",
        "0x08, 1,     0, SUCCESSFUL_COMPLETION",
        "0x08, 9,     0, SUCCESSFUL_COMPLETION",
        "0x04, 0,     0, SUCCESSFUL_COMPLETION",
        "0x0A, 1,     0, INVALID_FIELD_IN_COMMAND",
        "0x10, 0,     0, SUCCESSFUL_COMPLETION",
        "0x10, -1,    0, INVALID_NAMESPACE_OR_FORMAT",
        "0x11, 1,     0, SUCCESSFUL_COMPLETION",
        "0x11, 9,     0, SUCCESSFUL_COMPLETION",
        "0x11, 1025,  0, INVALID_NAMESPACE_OR_FORMAT",
        "0x12, 1,     0, SUCCESSFUL_COMPLETION",
        "0x12, 2,     0, INVALID_NAMESPACE_OR_FORMAT",
        "0x13, 0,     0, SUCCESSFUL_COMPLETION",
        "0x14, 0,     0, INVALID_FIELD_IN_COMMAND",
        "0x1A, 0,     0, SUCCESSFUL_COMPLETION",
        "0x1A, 0,     2, INVALID_FIELD_IN_COMMAND",
        "0x1B, 1,     0, SUCCESSFUL_COMPLETION",
        "0x1F, 1,     0, SUCCESSFUL_COMPLETION",
        "0x1C, 0,     0, INVALID_FIELD_IN_COMMAND",
        "0xFF, 0,     0, INVALID_FIELD_IN_COMMAND",
    })
    void identifies(int cns, int nsid, int commandSet, GenericStatus expected) {
        Response response = admin.identify(cns, nsid, commandSet);
        assertThat(response.status()).isEqualTo(expected);
        assertThat(response.data()).hasSize(expected == GenericStatus.SUCCESSFUL_COMPLETION ? 4096 : 0);
        if (nsid == 1024 || nsid == 9 || nsid == 5) {
            assertThat(response.data()).as("an inactive namespace").containsOnly(0);
        }
    }

    @Test
    void announcesAWriteCacheExactlyWhenThereIsOne() {
        assertThat(admin.getFeature(0x06, 0).status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
        assertThat(identifyController(admin).volatileWriteCache())
                .isEqualTo(IdentifyController.VWC_FLUSH_ALL_SUPPORTED);
        TestTarget cached = new TestTarget(1, builder -> builder.allowAnyHost(true)
                .namespace(new NamespaceConfiguration(1, UUID.randomUUID(), new MemoryBackend(1 << 20, 512)))
                .namespace(new NamespaceConfiguration(3, UUID.randomUUID(), new HeldBackend(1 << 20, 512))));
        HostQueue queue = cached.connectAdmin(0);
        assertThat(identifyController(queue).volatileWriteCache())
                .isEqualTo(IdentifyController.VWC_FLUSH_ALL_SUPPORTED | IdentifyController.VWC_PRESENT);
        assertThat(success(queue.getFeature(0x06, 0)).result()).isEqualTo(1);
        success(queue.setFeature(0x06, 1));
        assertThat(queue.setFeature(0x06, 0).status()).isEqualTo(CommandSpecificStatus.FEATURE_NOT_CHANGEABLE);
        assertThat(success(queue.identify(0x08, 1, 0)).data()[0] & 0x20).as("no cache behind namespace 1").isNotZero();
        assertThat(success(queue.identify(0x08, 3, 0)).data()[0] & 0x20).isZero();
    }

    @ParameterizedTest(name = "log page {0} nsid {1}, {2} bytes from {3} -> {4}")
    @CsvSource({
        "0x00, 0,  1024, 0,    SUCCESSFUL_COMPLETION",
        "0x01, 0,  64,   0,    SUCCESSFUL_COMPLETION",
        "0x01, 0,  8192, 0,    SUCCESSFUL_COMPLETION",
        "0x01, 0,  64,   4096, SUCCESSFUL_COMPLETION",
        "0x01, 0,  64,   4100, INVALID_FIELD_IN_COMMAND",
        "0x01, 0,  64,   2,    INVALID_FIELD_IN_COMMAND",
        "0x01, 0,  64,   -4,   INVALID_FIELD_IN_COMMAND",
        "0x02, -1, 512,  0,    SUCCESSFUL_COMPLETION",
        "0x02, 0,  512,  0,    SUCCESSFUL_COMPLETION",
        "0x02, 1,  512,  0,    INVALID_FIELD_IN_COMMAND",
        "0x03, 0,  512,  0,    SUCCESSFUL_COMPLETION",
        "0x04, -1, 4096, 0,    SUCCESSFUL_COMPLETION",
        "0x05, 0,  4096, 0,    SUCCESSFUL_COMPLETION",
        "0x05, 0,  4,    1024, SUCCESSFUL_COMPLETION",
        "0x01, 0,  1048580, 0, INVALID_FIELD_IN_COMMAND",
        "0x06, 0,  4,    0,    INVALID_LOG_PAGE",
        "0x07, 0,  4,    0,    INVALID_LOG_PAGE",
        "0x0C, 0,  8208, 0,    SUCCESSFUL_COMPLETION",
        "0x70, 0,  1024, 0,    INVALID_LOG_PAGE",
        "0x80, 0,  64,   0,    SUCCESSFUL_COMPLETION",
        "0x81, 0,  64,   0,    INVALID_LOG_PAGE",
        "0xC0, 0,  64,   0,    INVALID_LOG_PAGE",
    })
    void returnsLogPages(int logPage, int nsid, int length, long offset, String expected) {
        StatusCode status = expected.equals("INVALID_LOG_PAGE")
                ? CommandSpecificStatus.INVALID_LOG_PAGE : GenericStatus.valueOf(expected);
        Response response = admin.getLogPage(logPage, nsid, length, offset);
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.data()).hasSize(status == GenericStatus.SUCCESSFUL_COMPLETION ? length : 0);
    }

    @Test
    void aPartOfALogPageIsThatPart() {
        byte[] whole = success(admin.getLogPage(0x05, 0, 4096, 0)).data();
        byte[] part = success(admin.getLogPage(0x05, 0, 100, 1000)).data();
        assertThat(part).isEqualTo(Arrays.copyOfRange(whole, 1000, 1100));
        byte[] beyond = success(admin.getLogPage(0x05, 0, 64, 4064)).data();
        assertThat(Arrays.copyOfRange(beyond, 32, 64)).containsOnly(0);
    }

    @Test
    void everyLogPageItListsIsThere() {
        SupportedLogPages pages = SupportedLogPages.decode(
                MemorySegment.ofArray(success(admin.getLogPage(0, 0, 1024, 0)).data()), 0);
        for (int logPage = 0; logPage < 256; logPage++) {
            boolean there = admin.getLogPage(logPage, 0, 16, 0).status().successful();
            assertThat(there).as("log page %02Xh", logPage).isEqualTo((pages.flags(logPage) & 1) != 0);
        }
    }

    @Test
    void everyRejectedCommandIsInTheErrorLogWithItsFault() {
        int nothing = admin.submit(entry(0x55, entry -> entry.namespaceId(7)), null, 0);
        assertThat(admin.poll(nothing).status()).isEqualTo(GenericStatus.INVALID_OPCODE);
        HostQueue io = target.connectIo(1, 1);
        Response range = io.callForData(NvmOpcode.READ.code(), 512,
                entry -> entry.namespaceId(1).commandQword(10, 9999));
        target.loops().runTasks();
        MemorySegment log = MemorySegment.ofArray(success(admin.getLogPage(1, 0, 192, 0)).data());
        ErrorInformationLogEntry newest = ErrorInformationLogEntry.decode(log, 0);
        assertThat(newest.errorCount()).isEqualTo(2);
        assertThat(newest.submissionQueueId()).isEqualTo(1);
        assertThat(newest.commandId()).isEqualTo(range.commandId());
        assertThat(StatusCode.ofField(newest.statusField())).isEqualTo(GenericStatus.LBA_OUT_OF_RANGE);
        assertThat(newest.parameterErrorLocation()).isEqualTo(40);
        assertThat(newest.lba()).isEqualTo(9999);
        assertThat(newest.namespaceId()).isEqualTo(1);
        assertThat(newest.opcode()).isEqualTo(NvmOpcode.READ.code());
        ErrorInformationLogEntry older = ErrorInformationLogEntry.decode(log, 64);
        assertThat(older.errorCount()).isEqualTo(1);
        assertThat(older.submissionQueueId()).isZero();
        assertThat(older.commandId()).isEqualTo(nothing);
        assertThat(ErrorInformationLogEntry.decode(log, 128).errorCount()).isZero();
    }

    @Test
    void theErrorLogSurvivesAFlood() {
        HostQueue io = target.connectIo(1, 1);
        for (int i = 0; i < 100; i++) {
            int id = io.submit(entry(0x55, entry -> {}), null, 0);
            assertThat(io.sender().takeResponse(id)).isNotNull();
        }
        target.loops().runTasks();
        SmartLog smart = SmartLog.decode(MemorySegment.ofArray(success(admin.getLogPage(2, ALL, 512, 0)).data()), 0);
        assertThat(smart.errorLogEntries()).isEqualTo(100);
    }

    @Test
    void smartCountsWhatHostsMoved() {
        HostQueue io = target.connectIo(1, 1);
        HostQueue other = target.connectIo(0, 2);
        for (int i = 0; i < 3; i++) {
            success(io.callWithData(0x01, new byte[1 << 20], entry -> entry.namespaceId(1).commandDword(12, 2047)));
            success(other.callForData(0x02, 512, entry -> entry.namespaceId(1)));
        }
        SmartLog smart = SmartLog.decode(MemorySegment.ofArray(success(admin.getLogPage(2, ALL, 512, 0)).data()), 0);
        assertThat(smart.hostWriteCommands()).isEqualTo(3);
        assertThat(smart.hostReadCommands()).isEqualTo(3);
        assertThat(smart.dataUnitsWritten()).as("thousands of 512 bytes").isEqualTo(7);
        assertThat(smart.dataUnitsRead()).isEqualTo(1);
    }

    @ParameterizedTest(name = "feature {0} set to {1} -> {2}, then reads {3}")
    @CsvSource({
        "0x01, 0x01020304, SUCCESSFUL_COMPLETION, 0x01020304",
        "0x02, 0,          SUCCESSFUL_COMPLETION, 0",
        "0x02, 1,          INVALID_FIELD_IN_COMMAND, 0",
        "0x04, 0x0150,     SUCCESSFUL_COMPLETION, 0x0150",
        "0x04, 0x00010150, INVALID_FIELD_IN_COMMAND, 0x0157",
        "0x05, 0x10,       SUCCESSFUL_COMPLETION, 0x10",
        "0x05, 0x10000,    INVALID_FIELD_IN_COMMAND, 0",
        "0x07, 0x00030003, SUCCESSFUL_COMPLETION, 0x00030003",
        "0x07, 0x00070003, SUCCESSFUL_COMPLETION, 0x00030003",
        "0x07, 0x03FF03FF, SUCCESSFUL_COMPLETION, 0x007F007F",
        "0x07, 0x0000FFFF, INVALID_FIELD_IN_COMMAND, 0x007F007F",
        "0x0A, 1,          SUCCESSFUL_COMPLETION, 1",
        "0x0B, 0x1FF,      SUCCESSFUL_COMPLETION, 0x1FF",
        "0x0B, 0x800,      SUCCESSFUL_COMPLETION, 0x800",
        "0x0B, 0x200,      INVALID_FIELD_IN_COMMAND, 0",
        "0x0F, 9001,       SUCCESSFUL_COMPLETION, 10000",
        "0x0F, 0,          SUCCESSFUL_COMPLETION, 0",
    })
    void setsAndGetsFeatures(int feature, int value, GenericStatus expected, int read) {
        assertThat(admin.setFeature(feature, value).status()).isEqualTo(expected);
        assertThat(success(admin.getFeature(feature, 0)).result()).isEqualTo(read);
    }

    @Test
    void refusesFeaturesItDoesNotHave() {
        for (int feature : new int[] {0x00, 0x03, 0x06, 0x08, 0x0C, 0x0D, 0x10, 0x11, 0x80, 0x84, 0xC0}) {
            assertThat(admin.getFeature(feature, 0).status()).as("get %02Xh", feature)
                    .isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
            assertThat(admin.setFeature(feature, 0).status()).as("set %02Xh", feature)
                    .isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
        }
        assertThat(admin.getFeature(0x0F | 4 << 8, 0).status()).as("a reserved Select")
                .isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
        assertThat(admin.setFeature(0x0F | 1 << 31, 5000).status())
                .isEqualTo(CommandSpecificStatus.FEATURE_IDENTIFIER_NOT_SAVEABLE);
    }

    @Test
    void theHostIdentifierIsThatOfConnect() {
        Response response = admin.callForData(AdminOpcode.GET_FEATURES.code(), 16,
                entry -> entry.commandDword(10, 0x81).commandDword(11, 1));
        byte[] expected = new byte[16];
        TestTarget.HOST_ID.encode(MemorySegment.ofArray(expected), 0);
        assertThat(success(response).data()).isEqualTo(expected);
        assertThat(admin.getFeature(0x81, 0).status()).isEqualTo(GenericStatus.INVALID_FIELD_IN_COMMAND);
        assertThat(admin.setFeature(0x81, 1).status()).isEqualTo(GenericStatus.COMMAND_SEQUENCE_ERROR);
    }

    @Test
    void queuesAreGrantedBeforeTheFirstConnects() {
        assertThat(success(admin.setFeature(0x07, 0x00010001)).result()).isEqualTo(0x00010001);
        target.connectIo(1, 2);
        assertThat(admin.setFeature(0x07, 0x00030003).status()).isEqualTo(GenericStatus.COMMAND_SEQUENCE_ERROR);
    }

    @ParameterizedTest(name = "opcode {0}")
    @CsvSource({"0x00", "0x01", "0x04", "0x05", "0x0D", "0x10", "0x14", "0x15", "0x19", "0x80", "0x84", "0xC1"})
    void refusesOtherOpcodes(int opcode) {
        Response response = admin.call(opcode, entry -> {});
        assertThat(response.status()).isEqualTo(GenericStatus.INVALID_OPCODE);
        assertThat(response.doNotRetry()).isTrue();
    }

    @Test
    void eventRequestsWaitUpToTheirLimit() {
        for (int i = 0; i < 4; i++) {
            assertThat(admin.poll(admin.requestEvent())).isNull();
        }
        assertThat(admin.poll(admin.requestEvent()).status())
                .isEqualTo(CommandSpecificStatus.ASYNCHRONOUS_EVENT_REQUEST_LIMIT_EXCEEDED);
        success(admin.setFeature(0x0B, AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE));
    }

    private static IdentifyController identifyController(HostQueue queue) {
        return IdentifyController.decode(MemorySegment.ofArray(success(queue.identify(1, 0, 0)).data()), 0);
    }
}
