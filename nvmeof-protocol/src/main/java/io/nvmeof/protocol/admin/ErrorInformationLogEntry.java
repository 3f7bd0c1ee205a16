package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * One entry of the Error Information log page, LID 01h, newest first (NVMe Base 2.1, Error Information).
 *
 * @param errorCount which error of this controller it is, from 1; 0 is an entry never used
 * @param submissionQueueId queue of the command, FFFFh if it is no command's error
 * @param commandId the command, FFFFh if it is no command's error
 * @param statusField the completion's status field, phase tag included
 * @param parameterErrorLocation byte of the command at fault in bits 7:0, bit in 10:8; FFFFh if no parameter is
 * @param lba first logical block with the error
 * @param namespaceId namespace, unsigned
 * @param vendorSpecificLogPage log page with more, 0 if none
 * @param transportType TRTYPE, as in the discovery log page
 * @param commandSetIdentifier CSI of the command
 * @param opcode opcode of the command
 * @param commandSpecificInformation what the command's definition says
 * @param transportSpecificInformation what the transport's definition says
 */
public record ErrorInformationLogEntry(long errorCount, int submissionQueueId, int commandId, int statusField,
        int parameterErrorLocation, long lba, int namespaceId, int vendorSpecificLogPage, int transportType,
        int commandSetIdentifier, int opcode, long commandSpecificInformation, int transportSpecificInformation) {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LE64.withName("ECNT"),
            LE16.withName("SQID"),
            LE16.withName("CID"),
            LE16.withName("STS"),
            LE16.withName("PELOC"),
            LE64.withName("LBA"),
            LE32.withName("NSID"),
            U8.withName("VSIA"),
            U8.withName("TRTYPE"),
            U8.withName("CSI"),
            U8.withName("OPC"),
            LE64.withName("CSINFO"),
            LE16.withName("TTSI"),
            MemoryLayout.paddingLayout(21),
            U8.withName("LPVER"));

    /** Bytes of an entry. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** No queue, no command, no parameter: the value of each field when it does not apply. */
    public static final int NOT_APPLICABLE = 0xFFFF;

    /** The log page version in which CSI, opcode and this field mean something. */
    private static final byte LOG_PAGE_VERSION = 1;

    /** Refuses what the fields cannot hold. */
    public ErrorInformationLogEntry {
        int shorts = submissionQueueId | commandId | statusField | parameterErrorLocation
                | transportSpecificInformation;
        int bytes = vendorSpecificLogPage | transportType | commandSetIdentifier | opcode;
        if ((shorts & ~0xFFFF | bytes & ~0xFF) != 0) {
            throw new IllegalArgumentException("a value does not fit its field");
        }
    }

    /** Reads the {@link #SIZE} bytes at {@code base}, whatever they are. */
    public static ErrorInformationLogEntry decode(MemorySegment from, long base) {
        MemorySegment bytes = from.asSlice(base, SIZE);
        return new ErrorInformationLogEntry(bytes.get(LE64, offset("ECNT")), u16(bytes, "SQID"), u16(bytes, "CID"),
                u16(bytes, "STS"), u16(bytes, "PELOC"), bytes.get(LE64, offset("LBA")),
                bytes.get(LE32, offset("NSID")), u8(bytes, "VSIA"), u8(bytes, "TRTYPE"), u8(bytes, "CSI"),
                u8(bytes, "OPC"), bytes.get(LE64, offset("CSINFO")), u16(bytes, "TTSI"));
    }

    /** Writes all {@link #SIZE} bytes. */
    public void encode(MemorySegment into, long base) {
        MemorySegment bytes = into.asSlice(base, SIZE).fill((byte) 0);
        bytes.set(LE64, offset("ECNT"), errorCount);
        bytes.set(LE16, offset("SQID"), (short) submissionQueueId);
        bytes.set(LE16, offset("CID"), (short) commandId);
        bytes.set(LE16, offset("STS"), (short) statusField);
        bytes.set(LE16, offset("PELOC"), (short) parameterErrorLocation);
        bytes.set(LE64, offset("LBA"), lba);
        bytes.set(LE32, offset("NSID"), namespaceId);
        bytes.set(U8, offset("VSIA"), (byte) vendorSpecificLogPage);
        bytes.set(U8, offset("TRTYPE"), (byte) transportType);
        bytes.set(U8, offset("CSI"), (byte) commandSetIdentifier);
        bytes.set(U8, offset("OPC"), (byte) opcode);
        bytes.set(LE64, offset("CSINFO"), commandSpecificInformation);
        bytes.set(LE16, offset("TTSI"), (short) transportSpecificInformation);
        bytes.set(U8, offset("LPVER"), LOG_PAGE_VERSION);
    }

    private static int u8(MemorySegment bytes, String name) {
        return Byte.toUnsignedInt(bytes.get(U8, offset(name)));
    }

    private static int u16(MemorySegment bytes, String name) {
        return Short.toUnsignedInt(bytes.get(LE16, offset(name)));
    }

    private static long offset(String name) {
        return LAYOUT.byteOffset(groupElement(name));
    }
}
