package io.nvmeof.protocol.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusCodeTest {
    private static final List<StatusCode> KNOWN = Stream.<StatusCode[]>of(GenericStatus.values(),
            CommandSpecificStatus.values(), MediaStatus.values(), PathRelatedStatus.values())
            .flatMap(Stream::of).toList();

    @ParameterizedTest
    @CsvSource({
        "SUCCESSFUL_COMPLETION,  false, 0000",
        "INVALID_OPCODE,         true,  8002",
        "LBA_OUT_OF_RANGE,       true,  8100",
        "NAMESPACE_NOT_READY,    false, 0104",
    })
    void fieldHasTheCodeAboveThePhaseTag(GenericStatus status, boolean doNotRetry, String field) {
        assertEquals(Integer.parseInt(field, 16), status.field(doNotRetry));
        assertEquals(doNotRetry, StatusCode.doNotRetry(status.field(doNotRetry)));
    }

    @Test
    void everyFieldIsAStatusAndKeepsItsTypeAndCode() {
        for (int field = 0; field <= 0xFFFF; field++) {
            StatusCode status = StatusCode.ofField(field);
            assertEquals(field & 0x0FFE, status.field(false));
            assertEquals(field & 0x0FFE, StatusCode.ofFabricsField(field).field(false));
            assertEquals((field & 0x0FFE) == 0, status.successful());
            assertFalse(status.description().isBlank());
        }
    }

    @Test
    void everyKnownStatusIsFoundAsTheSameConstant() {
        for (StatusCode status : KNOWN) {
            boolean fabrics = status instanceof CommandSpecificStatus specific
                    && specific.ordinal() >= CommandSpecificStatus.CONNECT_INCOMPATIBLE_FORMAT.ordinal();
            int field = status.field(true);
            assertSame(status, fabrics ? StatusCode.ofFabricsField(field) : StatusCode.ofField(field));
        }
    }

    @Test
    void onlyTheCommandSpecificCodesOfFabricsOverlap() {
        Set<Integer> fields = new HashSet<>();
        long overlaps = KNOWN.stream().filter(status -> !fields.add(status.field(false))).count();
        assertEquals(6, overlaps);
    }

    @Test
    void aConnectStatusIsNamedAsTheCommandSays() {
        int field = CommandSpecificStatus.CONNECT_INVALID_PARAMETERS.field(true);
        assertEquals(0x8304, field);
        assertSame(CommandSpecificStatus.CONNECT_INVALID_PARAMETERS, StatusCode.ofFabricsField(field));
        assertSame(CommandSpecificStatus.ATTEMPTED_WRITE_TO_READ_ONLY_RANGE, StatusCode.ofField(field));
        assertTrue(StatusCode.ofField(field).matches(CommandSpecificStatus.CONNECT_INVALID_PARAMETERS));
        assertSame(GenericStatus.INTERNAL_ERROR, StatusCode.ofFabricsField(GenericStatus.INTERNAL_ERROR.field(false)));
    }

    @Test
    void anUnknownStatusIsAValue() {
        StatusCode vendor = StatusCode.ofField(0x0FFE);
        assertInstanceOf(OtherStatus.class, vendor);
        assertEquals(new OtherStatus(7, 0xFF), vendor);
        assertNotEquals(new OtherStatus(6, 0xFF), vendor);
        assertThrows(IllegalArgumentException.class, () -> new OtherStatus(8, 0));
        assertThrows(IllegalArgumentException.class, () -> new OtherStatus(0, 256));
    }
}
