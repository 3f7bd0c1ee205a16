package io.nvmeof.protocol;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.nvmeof.protocol.admin.AnaLog;
import io.nvmeof.protocol.admin.CommandsSupportedAndEffectsLog;
import io.nvmeof.protocol.admin.ErrorInformationLogEntry;
import io.nvmeof.protocol.admin.FirmwareSlotLog;
import io.nvmeof.protocol.admin.IdentifyController;
import io.nvmeof.protocol.admin.IdentifyNamespace;
import io.nvmeof.protocol.admin.IoCommandSetIndependentNamespace;
import io.nvmeof.protocol.admin.LbaFormat;
import io.nvmeof.protocol.admin.NamespaceIdentificationDescriptors;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.admin.ReservationNotificationLog;
import io.nvmeof.protocol.admin.SmartLog;
import io.nvmeof.protocol.admin.SupportedLogPages;
import io.nvmeof.protocol.fabrics.ConnectCommand;
import io.nvmeof.protocol.fabrics.ConnectData;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import io.nvmeof.protocol.fabrics.HostIdentifier;
import io.nvmeof.protocol.fabrics.PropertyCommand;
import io.nvmeof.protocol.layout.WireLayouts;
import io.nvmeof.protocol.nvm.DatasetManagementRange;
import io.nvmeof.protocol.nvm.ReservationAcquireData;
import io.nvmeof.protocol.nvm.ReservationRegisterData;
import io.nvmeof.protocol.nvm.ReservationReleaseData;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.queue.CompletionQueueEntry;
import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.sgl.SglDescriptor;
import io.nvmeof.protocol.tcp.C2hDataPdu;
import io.nvmeof.protocol.tcp.CapsuleCmdPdu;
import io.nvmeof.protocol.tcp.CapsuleRespPdu;
import io.nvmeof.protocol.tcp.H2cDataPdu;
import io.nvmeof.protocol.tcp.IcReqPdu;
import io.nvmeof.protocol.tcp.IcRespPdu;
import io.nvmeof.protocol.tcp.PduHeader;
import io.nvmeof.protocol.tcp.R2tPdu;
import io.nvmeof.protocol.tcp.TermReqPdu;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Arbitrary bytes into every decoder, and every accessor of what came out called: nothing but an
 * IllegalArgumentException, and that only from the decoders that document it.
 */
class HostileBytesTest {
    private static final int RUNS = 400;
    private static final int SIZE = 4096;

    private interface Decoder {
        Object decode(MemorySegment bytes);
    }

    private static final Map<String, Decoder> STRICT = Map.of(
            "AnaLog", bytes -> AnaLog.decode(bytes, 0, SIZE),
            "NamespaceIdentificationDescriptors", bytes -> NamespaceIdentificationDescriptors.decode(bytes, 0),
            "NamespaceList", bytes -> NamespaceList.decode(bytes, 0),
            "ConnectData", bytes -> ConnectData.decode(bytes, 0),
            "DiscoveryLogPage", bytes -> DiscoveryLogPage.decode(bytes, 0, SIZE),
            "ReservationStatus", bytes -> ReservationStatus.decode(bytes, 0, SIZE, false),
            "ReservationStatus extended", bytes -> ReservationStatus.decode(bytes, 0, SIZE, true));

    private static Map<String, Decoder> tolerant() {
        Map<String, Decoder> decoders = new LinkedHashMap<>();
        decoders.put("SubmissionQueueEntry", bytes -> new SubmissionQueueEntry().wrap(bytes, 0));
        decoders.put("CompletionQueueEntry", bytes -> new CompletionQueueEntry().wrap(bytes, 0));
        decoders.put("SglDescriptor", bytes -> SglDescriptor.validate(new SubmissionQueueEntry().wrap(bytes, 0),
                Short.toUnsignedInt(bytes.get(WireLayouts.LE16, 100)), 8192, 1 << 20));
        decoders.put("PduHeader", bytes -> new PduHeader().wrap(bytes, 0));
        decoders.put("IcReq", bytes -> new IcReqPdu().wrap(bytes, 0));
        decoders.put("IcResp", bytes -> new IcRespPdu().wrap(bytes, 0));
        decoders.put("CapsuleCmd", bytes -> new CapsuleCmdPdu().wrap(bytes, 0));
        decoders.put("CapsuleResp", bytes -> new CapsuleRespPdu().wrap(bytes, 0));
        decoders.put("H2CData", bytes -> new H2cDataPdu().wrap(bytes, 0));
        decoders.put("C2HData", bytes -> new C2hDataPdu().wrap(bytes, 0));
        decoders.put("R2T", bytes -> new R2tPdu().wrap(bytes, 0));
        decoders.put("TermReq", bytes -> new TermReqPdu().wrap(bytes, 0));
        decoders.put("ConnectCommand", bytes -> new ConnectCommand().wrap(bytes, 0));
        decoders.put("PropertyCommand", bytes -> new PropertyCommand().wrap(bytes, 0));
        decoders.put("DatasetManagementRange", bytes -> new DatasetManagementRange().wrap(bytes, 0));
        decoders.put("HostIdentifier", bytes -> HostIdentifier.decode(bytes, 0));
        decoders.put("DiscoveryLogEntry", bytes -> DiscoveryLogEntry.decode(bytes, 0));
        decoders.put("IdentifyController", bytes -> IdentifyController.decode(bytes, 0));
        decoders.put("IdentifyNamespace", bytes -> IdentifyNamespace.decode(bytes, 0));
        decoders.put("LbaFormat", bytes -> LbaFormat.decode(bytes, 0));
        decoders.put("IoCommandSetIndependentNamespace", bytes -> IoCommandSetIndependentNamespace.decode(bytes, 0));
        decoders.put("SmartLog", bytes -> SmartLog.decode(bytes, 0));
        decoders.put("ErrorInformationLogEntry", bytes -> ErrorInformationLogEntry.decode(bytes, 0));
        decoders.put("FirmwareSlotLog", bytes -> FirmwareSlotLog.decode(bytes, 0));
        decoders.put("CommandsSupportedAndEffectsLog", bytes -> CommandsSupportedAndEffectsLog.decode(bytes, 0));
        decoders.put("SupportedLogPages", bytes -> SupportedLogPages.decode(bytes, 0));
        decoders.put("ReservationRegisterData", bytes -> ReservationRegisterData.decode(bytes, 0));
        decoders.put("ReservationAcquireData", bytes -> ReservationAcquireData.decode(bytes, 0));
        decoders.put("ReservationReleaseData", bytes -> ReservationReleaseData.decode(bytes, 0));
        decoders.put("ReservationNotificationLog", bytes -> ReservationNotificationLog.decode(bytes, 0));
        return decoders;
    }

    @TestFactory
    Stream<DynamicTest> tolerantDecodersNeverThrow() {
        return tolerant().entrySet().stream().map(entry -> dynamicTest(entry.getKey(),
                () -> Gen.check(RUNS, gen -> readAll(entry.getValue().decode(gen.segment(SIZE))))));
    }

    @TestFactory
    Stream<DynamicTest> strictDecodersThrowOnlyIllegalArgument() {
        return STRICT.entrySet().stream().map(entry -> dynamicTest(entry.getKey(), () -> {
            int[] refused = new int[1];
            Gen.check(RUNS, gen -> {
                Object decoded;
                try {
                    decoded = entry.getValue().decode(gen.segment(SIZE));
                } catch (IllegalArgumentException e) {
                    refused[0]++;
                    return;
                }
                readAll(decoded);
            });
            assertTrue(refused[0] > 0, "nothing was refused: the bytes were too tame");
        }));
    }

    /** Calls every accessor without parameters, and toString. */
    private static void readAll(Object decoded) {
        for (Method method : decoded.getClass().getMethods()) {
            if (method.getParameterCount() == 0 && !Modifier.isStatic(method.getModifiers())
                    && method.getReturnType() != void.class && method.getDeclaringClass() != Object.class
                    && !method.getName().equals("clear")) {
                try {
                    method.invoke(decoded);
                } catch (InvocationTargetException e) {
                    throw new AssertionError(method.getName() + " threw", e.getCause());
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }
}
