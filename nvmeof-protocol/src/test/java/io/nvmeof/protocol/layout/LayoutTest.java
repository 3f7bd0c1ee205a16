package io.nvmeof.protocol.layout;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.nvmeof.protocol.admin.AnaGroupDescriptor;
import io.nvmeof.protocol.admin.AnaLog;
import io.nvmeof.protocol.admin.CommandsSupportedAndEffectsLog;
import io.nvmeof.protocol.admin.ErrorInformationLogEntry;
import io.nvmeof.protocol.admin.FeatureIdentifiersSupportedAndEffectsLog;
import io.nvmeof.protocol.admin.FirmwareSlotLog;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.IoCommandSetIndependentNamespace;
import io.nvmeof.protocol.admin.NvmCommandSetController;
import io.nvmeof.protocol.admin.ReservationNotificationLog;
import io.nvmeof.protocol.admin.SmartLog;
import io.nvmeof.protocol.admin.SupportedLogPages;
import io.nvmeof.protocol.auth.AuthenticationCommand;
import io.nvmeof.protocol.auth.AuthenticationMessageLayouts;
import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.fabrics.PropertyCommand;
import io.nvmeof.protocol.nvm.CopySourceRange;
import io.nvmeof.protocol.nvm.DatasetManagementRange;
import io.nvmeof.protocol.nvm.RegistrantStatus;
import io.nvmeof.protocol.nvm.ReservationAcquireData;
import io.nvmeof.protocol.nvm.ReservationRegisterData;
import io.nvmeof.protocol.nvm.ReservationReleaseData;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.tcp.C2hDataPdu;
import io.nvmeof.protocol.tcp.CapsuleCmdPdu;
import io.nvmeof.protocol.tcp.CapsuleRespPdu;
import io.nvmeof.protocol.tcp.H2cDataPdu;
import io.nvmeof.protocol.tcp.IcReqPdu;
import io.nvmeof.protocol.tcp.IcRespPdu;
import io.nvmeof.protocol.tcp.PduHeader;
import io.nvmeof.protocol.tcp.PduType;
import io.nvmeof.protocol.tcp.R2tPdu;
import io.nvmeof.protocol.tcp.TermReqPdu;
import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The layouts against spec-notes/layouts.csv: no field elsewhere, of another size, missing, or too many. */
class LayoutTest {
    private static final Path TABLE = Path.of("../spec-notes/layouts.csv");

    private static final Map<String, StructLayout> LAYOUTS = Map.ofEntries(
            Map.entry("SubmissionQueueEntry", SubmissionQueueEntry.LAYOUT),
            Map.entry("CompletionQueueEntry", CompletionQueueEntry.LAYOUT),
            Map.entry("PduHeader", PduHeader.LAYOUT),
            Map.entry("IcReqPdu", IcReqPdu.LAYOUT),
            Map.entry("IcRespPdu", IcRespPdu.LAYOUT),
            Map.entry("CapsuleCmdPdu", CapsuleCmdPdu.LAYOUT),
            Map.entry("CapsuleRespPdu", CapsuleRespPdu.LAYOUT),
            Map.entry("H2cDataPdu", H2cDataPdu.LAYOUT),
            Map.entry("C2hDataPdu", C2hDataPdu.LAYOUT),
            Map.entry("R2tPdu", R2tPdu.LAYOUT),
            Map.entry("TermReqPdu", TermReqPdu.LAYOUT),
            Map.entry("ConnectCommand", ConnectCommand.LAYOUT),
            Map.entry("ConnectData", ConnectData.LAYOUT),
            Map.entry("PropertyCommand", PropertyCommand.LAYOUT),
            Map.entry("DiscoveryLogEntry", DiscoveryLogEntry.LAYOUT),
            Map.entry("DiscoveryLogPage", DiscoveryLogPage.LAYOUT),
            Map.entry("DatasetManagementRange", DatasetManagementRange.LAYOUT),
            Map.entry("CopySourceRange", CopySourceRange.LAYOUT),
            Map.entry("NvmCommandSetController", NvmCommandSetController.LAYOUT),
            Map.entry("IdentifyController", IdentifyController.LAYOUT),
            Map.entry("IdentifyNamespace", IdentifyNamespace.LAYOUT),
            Map.entry("IoCommandSetIndependentNamespace", IoCommandSetIndependentNamespace.LAYOUT),
            Map.entry("SmartLog", SmartLog.LAYOUT),
            Map.entry("ErrorInformationLogEntry", ErrorInformationLogEntry.LAYOUT),
            Map.entry("FirmwareSlotLog", FirmwareSlotLog.LAYOUT),
            Map.entry("AnaLog", AnaLog.LAYOUT),
            Map.entry("AnaGroupDescriptor", AnaGroupDescriptor.LAYOUT),
            Map.entry("CommandsSupportedAndEffectsLog", CommandsSupportedAndEffectsLog.LAYOUT),
            Map.entry("ReservationRegisterData", ReservationRegisterData.LAYOUT),
            Map.entry("ReservationAcquireData", ReservationAcquireData.LAYOUT),
            Map.entry("ReservationReleaseData", ReservationReleaseData.LAYOUT),
            Map.entry("ReservationStatus", ReservationStatus.LAYOUT),
            Map.entry("RegistrantStatus", RegistrantStatus.LAYOUT),
            Map.entry("RegistrantStatusExtended", RegistrantStatus.EXTENDED_LAYOUT),
            Map.entry("ReservationNotificationLog", ReservationNotificationLog.LAYOUT),
            Map.entry("FeatureIdentifiersSupportedAndEffectsLog", FeatureIdentifiersSupportedAndEffectsLog.LAYOUT),
            Map.entry("SupportedLogPages", SupportedLogPages.LAYOUT),
            Map.entry("AuthenticationCommand", AuthenticationCommand.LAYOUT),
            Map.entry("AuthenticationMessageHeader", AuthenticationMessageLayouts.HEADER),
            Map.entry("AuthNegotiate", AuthenticationMessageLayouts.NEGOTIATE),
            Map.entry("AuthProtocolDescriptor", AuthenticationMessageLayouts.PROTOCOL_DESCRIPTOR),
            Map.entry("DhHmacChapChallenge", AuthenticationMessageLayouts.CHALLENGE),
            Map.entry("DhHmacChapReply", AuthenticationMessageLayouts.REPLY),
            Map.entry("DhHmacChapSuccess1", AuthenticationMessageLayouts.SUCCESS1),
            Map.entry("DhHmacChapSuccess2", AuthenticationMessageLayouts.SUCCESS2),
            Map.entry("AuthFailure", AuthenticationMessageLayouts.FAILURE));

    @TestFactory
    Stream<DynamicTest> everyLayoutIsTheTables() throws IOException {
        Map<String, Map<String, String>> table = table();
        assertEquals(LAYOUTS.keySet(), table.keySet());
        return LAYOUTS.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(entry -> dynamicTest(entry.getKey(),
                () -> assertEquals(table.get(entry.getKey()), describe(entry.getValue()))));
    }

    @Test
    void headerLengthsOfTheTypesAreTheLayouts() {
        assertEquals(PduType.IC_REQ.headerLength(), IcReqPdu.SIZE);
        assertEquals(PduType.IC_RESP.headerLength(), IcRespPdu.SIZE);
        assertEquals(PduType.H2C_TERM_REQ.headerLength(), TermReqPdu.SIZE);
        assertEquals(PduType.C2H_TERM_REQ.headerLength(), TermReqPdu.SIZE);
        assertEquals(PduType.CAPSULE_CMD.headerLength(), CapsuleCmdPdu.SIZE);
        assertEquals(PduType.CAPSULE_RESP.headerLength(), CapsuleRespPdu.SIZE);
        assertEquals(PduType.H2C_DATA.headerLength(), H2cDataPdu.SIZE);
        assertEquals(PduType.C2H_DATA.headerLength(), C2hDataPdu.SIZE);
        assertEquals(PduType.R2T.headerLength(), R2tPdu.SIZE);
    }

    private static Map<String, Map<String, String>> table() throws IOException {
        Map<String, Map<String, String>> table = new TreeMap<>();
        for (String line : Files.readAllLines(TABLE)) {
            if (!line.startsWith("#") && !line.startsWith("structure,")) {
                String[] cells = line.split(",");
                table.computeIfAbsent(cells[0], name -> new TreeMap<>()).put(cells[1], cells[2] + "+" + cells[3]);
            }
        }
        return table;
    }

    private static Map<String, String> describe(StructLayout layout) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("=", "0+" + layout.byteSize());
        for (MemoryLayout member : layout.memberLayouts()) {
            member.name().ifPresent(name ->
                    fields.put(name, layout.byteOffset(groupElement(name)) + "+" + member.byteSize()));
        }
        return fields;
    }
}
