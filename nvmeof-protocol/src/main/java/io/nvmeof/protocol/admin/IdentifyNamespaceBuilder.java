package io.nvmeof.protocol.admin;

import io.nvmeof.protocol.layout.WireStructure;
import java.math.BigInteger;
import java.util.List;

/**
 * Puts IdentifyNamespace together. Setters are named as its accessors, which say the units; each throws
 * IllegalArgumentException if its field cannot hold the value.
 */
public final class IdentifyNamespaceBuilder extends WireStructure.Builder {
    IdentifyNamespaceBuilder() {
        super(IdentifyNamespace.SIZE);
    }

    IdentifyNamespaceBuilder(IdentifyNamespace from) {
        super(from);
    }

    /** The structure as set so far; the builder can go on being used. */
    public IdentifyNamespace build() {
        return IdentifyNamespace.decode(bytes(), 0);
    }

    /** Sets NSZE: {@link IdentifyNamespace#sizeBlocks}. */
    public IdentifyNamespaceBuilder sizeBlocks(long value) {
        put64(IdentifyNamespaceLayout.NSZE, value);
        return this;
    }

    /** Sets NCAP: {@link IdentifyNamespace#capacityBlocks}. */
    public IdentifyNamespaceBuilder capacityBlocks(long value) {
        put64(IdentifyNamespaceLayout.NCAP, value);
        return this;
    }

    /** Sets NUSE: {@link IdentifyNamespace#utilizationBlocks}. */
    public IdentifyNamespaceBuilder utilizationBlocks(long value) {
        put64(IdentifyNamespaceLayout.NUSE, value);
        return this;
    }

    /** Sets NSFEAT: {@link IdentifyNamespace#features}. */
    public IdentifyNamespaceBuilder features(int value) {
        put8(IdentifyNamespaceLayout.NSFEAT, value);
        return this;
    }

    /** Sets NLBAF: {@link IdentifyNamespace#lbaFormatsZeroBased}. */
    public IdentifyNamespaceBuilder lbaFormatsZeroBased(int value) {
        put8(IdentifyNamespaceLayout.NLBAF, value);
        return this;
    }

    /** Sets FLBAS: {@link IdentifyNamespace#formattedLbaSize}. */
    public IdentifyNamespaceBuilder formattedLbaSize(int value) {
        put8(IdentifyNamespaceLayout.FLBAS, value);
        return this;
    }

    /** Sets MC: {@link IdentifyNamespace#metadataCapabilities}. */
    public IdentifyNamespaceBuilder metadataCapabilities(int value) {
        put8(IdentifyNamespaceLayout.MC, value);
        return this;
    }

    /** Sets DPC: {@link IdentifyNamespace#protectionCapabilities}. */
    public IdentifyNamespaceBuilder protectionCapabilities(int value) {
        put8(IdentifyNamespaceLayout.DPC, value);
        return this;
    }

    /** Sets DPS: {@link IdentifyNamespace#protectionSettings}. */
    public IdentifyNamespaceBuilder protectionSettings(int value) {
        put8(IdentifyNamespaceLayout.DPS, value);
        return this;
    }

    /** Sets NMIC: {@link IdentifyNamespace#multipathCapabilities}. */
    public IdentifyNamespaceBuilder multipathCapabilities(int value) {
        put8(IdentifyNamespaceLayout.NMIC, value);
        return this;
    }

    /** Sets RESCAP: {@link IdentifyNamespace#reservationCapabilities}. */
    public IdentifyNamespaceBuilder reservationCapabilities(int value) {
        put8(IdentifyNamespaceLayout.RESCAP, value);
        return this;
    }

    /** Sets FPI: {@link IdentifyNamespace#formatProgress}. */
    public IdentifyNamespaceBuilder formatProgress(int value) {
        put8(IdentifyNamespaceLayout.FPI, value);
        return this;
    }

    /** Sets DLFEAT: {@link IdentifyNamespace#deallocateFeatures}. */
    public IdentifyNamespaceBuilder deallocateFeatures(int value) {
        put8(IdentifyNamespaceLayout.DLFEAT, value);
        return this;
    }

    /** Sets NAWUN: {@link IdentifyNamespace#atomicWriteUnitNormal}. */
    public IdentifyNamespaceBuilder atomicWriteUnitNormal(int value) {
        put16(IdentifyNamespaceLayout.NAWUN, value);
        return this;
    }

    /** Sets NAWUPF: {@link IdentifyNamespace#atomicWriteUnitPowerFail}. */
    public IdentifyNamespaceBuilder atomicWriteUnitPowerFail(int value) {
        put16(IdentifyNamespaceLayout.NAWUPF, value);
        return this;
    }

    /** Sets NACWU: {@link IdentifyNamespace#atomicCompareAndWriteUnit}. */
    public IdentifyNamespaceBuilder atomicCompareAndWriteUnit(int value) {
        put16(IdentifyNamespaceLayout.NACWU, value);
        return this;
    }

    /** Sets NABSN: {@link IdentifyNamespace#atomicBoundarySizeNormal}. */
    public IdentifyNamespaceBuilder atomicBoundarySizeNormal(int value) {
        put16(IdentifyNamespaceLayout.NABSN, value);
        return this;
    }

    /** Sets NABO: {@link IdentifyNamespace#atomicBoundaryOffset}. */
    public IdentifyNamespaceBuilder atomicBoundaryOffset(int value) {
        put16(IdentifyNamespaceLayout.NABO, value);
        return this;
    }

    /** Sets NABSPF: {@link IdentifyNamespace#atomicBoundarySizePowerFail}. */
    public IdentifyNamespaceBuilder atomicBoundarySizePowerFail(int value) {
        put16(IdentifyNamespaceLayout.NABSPF, value);
        return this;
    }

    /** Sets NOIOB: {@link IdentifyNamespace#optimalIoBoundary}. */
    public IdentifyNamespaceBuilder optimalIoBoundary(int value) {
        put16(IdentifyNamespaceLayout.NOIOB, value);
        return this;
    }

    /** Sets NVMCAP: {@link IdentifyNamespace#nvmCapacityBytes}. */
    public IdentifyNamespaceBuilder nvmCapacityBytes(BigInteger value) {
        put128(IdentifyNamespaceLayout.NVMCAP, value);
        return this;
    }

    /** Sets NVMCAP to a number below 2^63. */
    public IdentifyNamespaceBuilder nvmCapacityBytes(long value) {
        return nvmCapacityBytes(BigInteger.valueOf(value));
    }

    /** Sets NPWG: {@link IdentifyNamespace#preferredWriteGranularity}. */
    public IdentifyNamespaceBuilder preferredWriteGranularity(int value) {
        put16(IdentifyNamespaceLayout.NPWG, value);
        return this;
    }

    /** Sets NPWA: {@link IdentifyNamespace#preferredWriteAlignment}. */
    public IdentifyNamespaceBuilder preferredWriteAlignment(int value) {
        put16(IdentifyNamespaceLayout.NPWA, value);
        return this;
    }

    /** Sets NPDG: {@link IdentifyNamespace#preferredDeallocateGranularity}. */
    public IdentifyNamespaceBuilder preferredDeallocateGranularity(int value) {
        put16(IdentifyNamespaceLayout.NPDG, value);
        return this;
    }

    /** Sets NPDA: {@link IdentifyNamespace#preferredDeallocateAlignment}. */
    public IdentifyNamespaceBuilder preferredDeallocateAlignment(int value) {
        put16(IdentifyNamespaceLayout.NPDA, value);
        return this;
    }

    /** Sets NOWS: {@link IdentifyNamespace#optimalWriteSize}. */
    public IdentifyNamespaceBuilder optimalWriteSize(int value) {
        put16(IdentifyNamespaceLayout.NOWS, value);
        return this;
    }

    /** Sets MSSRL: {@link IdentifyNamespace#maximumSingleSourceRangeLength}. */
    public IdentifyNamespaceBuilder maximumSingleSourceRangeLength(int value) {
        put16(IdentifyNamespaceLayout.MSSRL, value);
        return this;
    }

    /** Sets MCL: {@link IdentifyNamespace#maximumCopyLength}. */
    public IdentifyNamespaceBuilder maximumCopyLength(long value) {
        put32(IdentifyNamespaceLayout.MCL, value);
        return this;
    }

    /** Sets MSRC: {@link IdentifyNamespace#maximumSourceRangeCount}. */
    public IdentifyNamespaceBuilder maximumSourceRangeCount(int value) {
        put8(IdentifyNamespaceLayout.MSRC, value);
        return this;
    }

    /** Sets KPIOS: {@link IdentifyNamespace#keyPerIoStatus}. */
    public IdentifyNamespaceBuilder keyPerIoStatus(int value) {
        put8(IdentifyNamespaceLayout.KPIOS, value);
        return this;
    }

    /** Sets NULBAF: {@link IdentifyNamespace#uniqueAttributeLbaFormats}. */
    public IdentifyNamespaceBuilder uniqueAttributeLbaFormats(int value) {
        put8(IdentifyNamespaceLayout.NULBAF, value);
        return this;
    }

    /** Sets KPIODAAG: {@link IdentifyNamespace#keyPerIoGranularity}. */
    public IdentifyNamespaceBuilder keyPerIoGranularity(long value) {
        put32(IdentifyNamespaceLayout.KPIODAAG, value);
        return this;
    }

    /** Sets ANAGRPID: {@link IdentifyNamespace#anaGroupIdentifier}. */
    public IdentifyNamespaceBuilder anaGroupIdentifier(long value) {
        put32(IdentifyNamespaceLayout.ANAGRPID, value);
        return this;
    }

    /** Sets NSATTR: {@link IdentifyNamespace#attributes}. */
    public IdentifyNamespaceBuilder attributes(int value) {
        put8(IdentifyNamespaceLayout.NSATTR, value);
        return this;
    }

    /** Sets NVMSETID: {@link IdentifyNamespace#nvmSetIdentifier}. */
    public IdentifyNamespaceBuilder nvmSetIdentifier(int value) {
        put16(IdentifyNamespaceLayout.NVMSETID, value);
        return this;
    }

    /** Sets ENDGID: {@link IdentifyNamespace#enduranceGroupIdentifier}. */
    public IdentifyNamespaceBuilder enduranceGroupIdentifier(int value) {
        put16(IdentifyNamespaceLayout.ENDGID, value);
        return this;
    }

    /** Sets NGUID: {@link IdentifyNamespace#nguid}. */
    public IdentifyNamespaceBuilder nguid(byte[] value) {
        putRaw(IdentifyNamespaceLayout.NGUID, 16, value);
        return this;
    }

    /** Sets EUI64: {@link IdentifyNamespace#eui64}. */
    public IdentifyNamespaceBuilder eui64(byte[] value) {
        putRaw(IdentifyNamespaceLayout.EUI64, 8, value);
        return this;
    }

    /** Sets the list of LBA formats and NLBAF, 1 to 64 formats. */
    public IdentifyNamespaceBuilder lbaFormats(List<LbaFormat> formats) {
        if (formats.isEmpty() || formats.size() > LbaFormat.MAX_FORMATS) {
            throw new IllegalArgumentException(formats.size() + " LBA formats");
        }
        bytes().asSlice(IdentifyNamespaceLayout.LBAF, (long) LbaFormat.MAX_FORMATS * LbaFormat.SIZE).fill((byte) 0);
        for (int i = 0; i < formats.size(); i++) {
            formats.get(i).encode(bytes(), IdentifyNamespaceLayout.LBAF + (long) i * LbaFormat.SIZE);
        }
        return lbaFormatsZeroBased(formats.size() - 1);
    }
}
