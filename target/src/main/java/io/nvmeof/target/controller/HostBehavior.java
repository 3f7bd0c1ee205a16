package io.nvmeof.target.controller;

import io.nvmeof.protocol.layout.WireLayouts;
import java.lang.foreign.MemorySegment;

/** The Host Behavior Support data structure (NVMe Base 2.1, 5.1.25.1.14): what the host can cope with. */
final class HostBehavior {
    /** Bytes of the data structure. */
    static final int SIZE = 512;

    private static final int ADVANCED_COMMAND_RETRY_BYTE = 0;
    private static final MemorySegment ZEROES = MemorySegment.ofArray(new byte[SIZE]).asReadOnly();

    private HostBehavior() {}

    /**
     * Takes over what the host says, if it asks for nothing but Advanced Command Retry: telemetry data area 4, extended
     * LBA formats, dispersed namespaces and further copy formats are not offered.
     *
     * @return the first byte that asks for something else, or -1
     */
    static int apply(MemorySegment from, Features features) {
        int retry = from.get(WireLayouts.U8, ADVANCED_COMMAND_RETRY_BYTE);
        if (retry != 0 && retry != 1) {
            return ADVANCED_COMMAND_RETRY_BYTE;
        }
        long mismatch = from.asSlice(1, SIZE - 1).mismatch(ZEROES.asSlice(1));
        if (mismatch >= 0) {
            return (int) mismatch + 1;
        }
        features.setAdvancedCommandRetry(retry == 1);
        return -1;
    }

    static void encode(Features features, MemorySegment into) {
        MemorySegment.copy(ZEROES, 0, into, 0, SIZE);
        into.set(WireLayouts.U8, ADVANCED_COMMAND_RETRY_BYTE, (byte) (features.advancedCommandRetry() ? 1 : 0));
    }
}
