package io.nvmeof.protocol.sgl;

import static io.nvmeof.protocol.Bytes.dirty;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nvmeof.protocol.queue.SubmissionQueueEntry;
import io.nvmeof.protocol.status.GenericStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SglDescriptorTest {
    @ParameterizedTest(name = "type={0} address={1} length={2}, {3} in capsule -> {4}")
    @CsvSource({
        "0x01, 0,    512,  512,  SUCCESSFUL_COMPLETION",
        "0x01, 512,  512,  1024, SUCCESSFUL_COMPLETION",
        "0x01, 0,    0,    0,    SUCCESSFUL_COMPLETION",
        "0x01, 1,    512,  512,  DATA_SGL_LENGTH_INVALID",
        "0x01, 513,  0,    512,  SGL_OFFSET_INVALID",
        "0x01, -1,   512,  512,  SGL_OFFSET_INVALID",
        "0x01, -512, 1024, 512,  SGL_OFFSET_INVALID",      // offset + length wraps to what would fit
        "0x01, 0,    8193, 8192, DATA_SGL_LENGTH_INVALID", // above the in-capsule limit
        "0x01, 0,    4294967295, 8192, DATA_SGL_LENGTH_INVALID",
        "0x5A, 0,    0,    0,    SUCCESSFUL_COMPLETION",
        "0x5A, 0,    65536, 0,   SUCCESSFUL_COMPLETION",
        "0x5A, 0,    65537, 0,   DATA_SGL_LENGTH_INVALID",
        "0x5A, 0,    4294967295, 0, DATA_SGL_LENGTH_INVALID",
        "0x5A, 0,    512,  512,  INVALID_FIELD_IN_COMMAND",
        "0x00, 0,    0,    0,    SUCCESSFUL_COMPLETION",
        "0x00, 0,    512,  0,    SGL_DESCRIPTOR_TYPE_INVALID",
        "0x00, 0,    0,    512,  SGL_DESCRIPTOR_TYPE_INVALID",
        "0x40, 0,    512,  0,    SGL_DESCRIPTOR_TYPE_INVALID",
        "0x30, 0,    16,   0,    SGL_DESCRIPTOR_TYPE_INVALID",
        "0xFF, 0,    512,  0,    SGL_DESCRIPTOR_TYPE_INVALID",
    })
    void everyPointerIsAcceptedOrNamed(int type, long address, long length, long inCapsule, GenericStatus expected) {
        var entry = new SubmissionQueueEntry().wrap(dirty(64), 0).sgl(type, address, length);
        assertEquals(expected, SglDescriptor.validate(entry, inCapsule, 8192, 65536));
    }
}
