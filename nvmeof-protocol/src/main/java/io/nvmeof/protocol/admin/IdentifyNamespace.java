package io.nvmeof.protocol.admin;

import io.nvmeof.protocol.layout.WireStructure;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Identify Namespace data structure, CNS 00h, of the NVM Command Set (NVM Command Set 1.1, Identify Namespace).
 */
public final class IdentifyNamespace extends WireStructure {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = IdentifyNamespaceLayout.LAYOUT;
    /** Bytes of the structure. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** NSFEAT: capacity may be less than size. */
    public static final int NSFEAT_THIN_PROVISIONING = 1;
    /** NSFEAT: the namespace's own atomic units (NAWUN and so on) hold. */
    public static final int NSFEAT_ATOMIC_UNITS = 1 << 1;
    /** NSFEAT: reading deallocated blocks may be made an error. */
    public static final int NSFEAT_DEALLOCATED_ERROR = 1 << 2;
    /** NSFEAT: NGUID and EUI64 are never reused. */
    public static final int NSFEAT_IDENTIFIERS_NOT_REUSED = 1 << 3;
    /** NSFEAT: NPWG, NPWA, NPDG, NPDA and NOWS hold. */
    public static final int NSFEAT_OPTIMAL_IO = 1 << 4;
    /** NMIC: several controllers may attach it. */
    public static final int NMIC_SHARED = 1;
    /** RESCAP: reservations can be made to survive a loss of power. */
    public static final int RESCAP_PERSIST_THROUGH_POWER_LOSS = 1;
    /** RESCAP: every type of reservation is supported. */
    public static final int RESCAP_ALL_TYPES = 0x7E;
    /** RESCAP: Ignore Existing Key is used as revision 1.3 and later define it. */
    public static final int RESCAP_IGNORE_EXISTING_KEY = 1 << 7;
    /** DLFEAT, bits 2:0: deallocated blocks read as zeroes. */
    public static final int DLFEAT_READS_ZEROES = 1;
    /** DLFEAT: Write Zeroes may deallocate. */
    public static final int DLFEAT_WRITE_ZEROES_DEALLOCATES = 1 << 3;
    /** NSATTR: write protected now. */
    public static final int NSATTR_WRITE_PROTECTED = 1;

    private static final int SHORT_FORMAT_LIST = 16;

    private IdentifyNamespace(MemorySegment from, long base) {
        super(from, base, SIZE);
    }

    /** Copies the bytes at {@code base}. No value is refused: each accessor says what it makes of it. */
    public static IdentifyNamespace decode(MemorySegment from, long base) {
        return new IdentifyNamespace(from, base);
    }

    /** Starts a structure of zeros. */
    public static IdentifyNamespaceBuilder builder() {
        return new IdentifyNamespaceBuilder();
    }

    /** Starts with this structure's bytes. */
    public IdentifyNamespaceBuilder toBuilder() {
        return new IdentifyNamespaceBuilder(this);
    }

    /** Namespace Size in logical blocks; LBAs are 0 to this minus 1. */
    public long sizeBlocks() {
        return u64(IdentifyNamespaceLayout.NSZE);
    }

    /** Namespace Capacity in logical blocks: how many can be allocated at once. 0 is an inactive namespace. */
    public long capacityBlocks() {
        return u64(IdentifyNamespaceLayout.NCAP);
    }

    /** Namespace Utilization in logical blocks: how many are allocated now. */
    public long utilizationBlocks() {
        return u64(IdentifyNamespaceLayout.NUSE);
    }

    /** NSFEAT: {@link #NSFEAT_THIN_PROVISIONING} and the like. */
    public int features() {
        return u8(IdentifyNamespaceLayout.NSFEAT);
    }

    /** Number of LBA Formats, 0's based. */
    public int lbaFormatsZeroBased() {
        return u8(IdentifyNamespaceLayout.NLBAF);
    }

    /** FLBAS: format index in 3:0 and (its high bits) 6:5; bit 4 metadata at the end of the data. */
    public int formattedLbaSize() {
        return u8(IdentifyNamespaceLayout.FLBAS);
    }

    /** Metadata Capabilities. */
    public int metadataCapabilities() {
        return u8(IdentifyNamespaceLayout.MC);
    }

    /** End-to-end Data Protection Capabilities. */
    public int protectionCapabilities() {
        return u8(IdentifyNamespaceLayout.DPC);
    }

    /** End-to-end Data Protection Type Settings. */
    public int protectionSettings() {
        return u8(IdentifyNamespaceLayout.DPS);
    }

    /** NMIC: {@link #NMIC_SHARED} says several controllers may attach it. */
    public int multipathCapabilities() {
        return u8(IdentifyNamespaceLayout.NMIC);
    }

    /** Reservation Capabilities. */
    public int reservationCapabilities() {
        return u8(IdentifyNamespaceLayout.RESCAP);
    }

    /** Format Progress Indicator. */
    public int formatProgress() {
        return u8(IdentifyNamespaceLayout.FPI);
    }

    /** DLFEAT: {@link #DLFEAT_READS_ZEROES} and the like. */
    public int deallocateFeatures() {
        return u8(IdentifyNamespaceLayout.DLFEAT);
    }

    /** Namespace Atomic Write Unit Normal in blocks, 0's based; only with NSFEAT bit 1. */
    public int atomicWriteUnitNormal() {
        return u16(IdentifyNamespaceLayout.NAWUN);
    }

    /** Namespace Atomic Write Unit Power Fail in blocks, 0's based; only with NSFEAT bit 1. */
    public int atomicWriteUnitPowerFail() {
        return u16(IdentifyNamespaceLayout.NAWUPF);
    }

    /** Namespace Atomic Compare and Write Unit in blocks, 0's based; only with NSFEAT bit 1. */
    public int atomicCompareAndWriteUnit() {
        return u16(IdentifyNamespaceLayout.NACWU);
    }

    /** Namespace Atomic Boundary Size Normal in blocks, 0's based; 0 is none. */
    public int atomicBoundarySizeNormal() {
        return u16(IdentifyNamespaceLayout.NABSN);
    }

    /** Namespace Atomic Boundary Offset in blocks. */
    public int atomicBoundaryOffset() {
        return u16(IdentifyNamespaceLayout.NABO);
    }

    /** Namespace Atomic Boundary Size Power Fail in blocks, 0's based; 0 is none. */
    public int atomicBoundarySizePowerFail() {
        return u16(IdentifyNamespaceLayout.NABSPF);
    }

    /** Namespace Optimal I/O Boundary in blocks; 0 is none. */
    public int optimalIoBoundary() {
        return u16(IdentifyNamespaceLayout.NOIOB);
    }

    /** NVM Capacity in bytes. */
    public BigInteger nvmCapacityBytes() {
        return u128(IdentifyNamespaceLayout.NVMCAP);
    }

    /** Namespace Preferred Write Granularity in blocks, 0's based; with NSFEAT bit 4. */
    public int preferredWriteGranularity() {
        return u16(IdentifyNamespaceLayout.NPWG);
    }

    /** Namespace Preferred Write Alignment in blocks, 0's based; with NSFEAT bit 4. */
    public int preferredWriteAlignment() {
        return u16(IdentifyNamespaceLayout.NPWA);
    }

    /** Namespace Preferred Deallocate Granularity in blocks, 0's based; with NSFEAT bit 4. */
    public int preferredDeallocateGranularity() {
        return u16(IdentifyNamespaceLayout.NPDG);
    }

    /** Namespace Preferred Deallocate Alignment in blocks, 0's based; with NSFEAT bit 4. */
    public int preferredDeallocateAlignment() {
        return u16(IdentifyNamespaceLayout.NPDA);
    }

    /** Namespace Optimal Write Size in blocks, 0's based; with NSFEAT bit 4. */
    public int optimalWriteSize() {
        return u16(IdentifyNamespaceLayout.NOWS);
    }

    /** Maximum Single Source Range Length of Copy, in blocks. */
    public int maximumSingleSourceRangeLength() {
        return u16(IdentifyNamespaceLayout.MSSRL);
    }

    /** Maximum Copy Length in blocks. */
    public long maximumCopyLength() {
        return u32(IdentifyNamespaceLayout.MCL);
    }

    /** Maximum Source Range Count of Copy, 0's based. */
    public int maximumSourceRangeCount() {
        return u8(IdentifyNamespaceLayout.MSRC);
    }

    /** Key Per I/O Status. */
    public int keyPerIoStatus() {
        return u8(IdentifyNamespaceLayout.KPIOS);
    }

    /** Number of Unique Attribute LBA Formats. */
    public int uniqueAttributeLbaFormats() {
        return u8(IdentifyNamespaceLayout.NULBAF);
    }

    /** Key Per I/O Data Access Alignment and Granularity. */
    public long keyPerIoGranularity() {
        return u32(IdentifyNamespaceLayout.KPIODAAG);
    }

    /** ANA Group Identifier; 0 without ANA. */
    public long anaGroupIdentifier() {
        return u32(IdentifyNamespaceLayout.ANAGRPID);
    }

    /** NSATTR: {@link #NSATTR_WRITE_PROTECTED}. */
    public int attributes() {
        return u8(IdentifyNamespaceLayout.NSATTR);
    }

    /** NVM Set Identifier. */
    public int nvmSetIdentifier() {
        return u16(IdentifyNamespaceLayout.NVMSETID);
    }

    /** Endurance Group Identifier. */
    public int enduranceGroupIdentifier() {
        return u16(IdentifyNamespaceLayout.ENDGID);
    }

    /** Namespace Globally Unique Identifier, big endian; all zero is none. */
    public byte[] nguid() {
        return raw(IdentifyNamespaceLayout.NGUID, 16);
    }

    /** IEEE Extended Unique Identifier, big endian; all zero is none. */
    public byte[] eui64() {
        return raw(IdentifyNamespaceLayout.EUI64, 8);
    }

    /** LBA format {@code index}, 0 to 63. */
    public LbaFormat lbaFormat(int index) {
        if (index < 0 || index >= LbaFormat.MAX_FORMATS) {
            throw new IllegalArgumentException("no LBA format " + index);
        }
        return LbaFormat.decode(bytes(), IdentifyNamespaceLayout.LBAF + (long) index * LbaFormat.SIZE);
    }

    /** The formats NLBAF announces, at most 64. */
    public List<LbaFormat> lbaFormats() {
        int count = Math.min(lbaFormatsZeroBased() + 1, LbaFormat.MAX_FORMATS);
        List<LbaFormat> formats = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            formats.add(lbaFormat(i));
        }
        return List.copyOf(formats);
    }

    /** Index of the format in use: FLBAS bits 3:0, and bits 6:5 above them if there are more than 16 formats. */
    public int lbaFormatIndex() {
        int high = lbaFormatsZeroBased() + 1 > SHORT_FORMAT_LIST ? formattedLbaSize() >>> 5 & 0x3 : 0;
        return high << 4 | formattedLbaSize() & 0xF;
    }

    /** Bytes of a logical block, without metadata; 0 if the format in use is not one that a host can use. */
    public int blockSizeBytes() {
        return lbaFormat(lbaFormatIndex()).blockSizeBytes();
    }
}
