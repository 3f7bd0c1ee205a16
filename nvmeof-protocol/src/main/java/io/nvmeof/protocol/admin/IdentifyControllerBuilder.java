package io.nvmeof.protocol.admin;

import io.nvmeof.protocol.layout.WireStructure;
import java.math.BigInteger;

/**
 * Puts IdentifyController together. Setters are named as its accessors, which say the units; each throws
 * IllegalArgumentException if its field cannot hold the value.
 */
public final class IdentifyControllerBuilder extends WireStructure.Builder {
    IdentifyControllerBuilder() {
        super(IdentifyController.SIZE);
    }

    IdentifyControllerBuilder(IdentifyController from) {
        super(from);
    }

    /** The structure as set so far; the builder can go on being used. */
    public IdentifyController build() {
        return IdentifyController.decode(bytes(), 0);
    }

    /** Sets VID: {@link IdentifyController#pciVendorId}. */
    public IdentifyControllerBuilder pciVendorId(int value) {
        put16(IdentifyControllerLayout.VID, value);
        return this;
    }

    /** Sets SSVID: {@link IdentifyController#pciSubsystemVendorId}. */
    public IdentifyControllerBuilder pciSubsystemVendorId(int value) {
        put16(IdentifyControllerLayout.SSVID, value);
        return this;
    }

    /** Sets SN: {@link IdentifyController#serialNumber}. */
    public IdentifyControllerBuilder serialNumber(String value) {
        putAscii(IdentifyControllerLayout.SN, 20, value);
        return this;
    }

    /** Sets MN: {@link IdentifyController#modelNumber}. */
    public IdentifyControllerBuilder modelNumber(String value) {
        putAscii(IdentifyControllerLayout.MN, 40, value);
        return this;
    }

    /** Sets FR: {@link IdentifyController#firmwareRevision}. */
    public IdentifyControllerBuilder firmwareRevision(String value) {
        putAscii(IdentifyControllerLayout.FR, 8, value);
        return this;
    }

    /** Sets RAB: {@link IdentifyController#recommendedArbitrationBurst}. */
    public IdentifyControllerBuilder recommendedArbitrationBurst(int value) {
        put8(IdentifyControllerLayout.RAB, value);
        return this;
    }

    /** Sets IEEE: {@link IdentifyController#ieeeOui}. */
    public IdentifyControllerBuilder ieeeOui(byte[] value) {
        putRaw(IdentifyControllerLayout.IEEE, 3, value);
        return this;
    }

    /** Sets CMIC: {@link IdentifyController#multipathCapabilities}. */
    public IdentifyControllerBuilder multipathCapabilities(int value) {
        put8(IdentifyControllerLayout.CMIC, value);
        return this;
    }

    /** Sets MDTS: {@link IdentifyController#maximumDataTransferSize}. */
    public IdentifyControllerBuilder maximumDataTransferSize(int value) {
        put8(IdentifyControllerLayout.MDTS, value);
        return this;
    }

    /** Sets CNTLID: {@link IdentifyController#controllerId}. */
    public IdentifyControllerBuilder controllerId(int value) {
        put16(IdentifyControllerLayout.CNTLID, value);
        return this;
    }

    /** Sets VER: {@link IdentifyController#version}. */
    public IdentifyControllerBuilder version(long value) {
        put32(IdentifyControllerLayout.VER, value);
        return this;
    }

    /** Sets RTD3R: {@link IdentifyController#rtd3ResumeLatencyMicros}. */
    public IdentifyControllerBuilder rtd3ResumeLatencyMicros(long value) {
        put32(IdentifyControllerLayout.RTD3R, value);
        return this;
    }

    /** Sets RTD3E: {@link IdentifyController#rtd3EntryLatencyMicros}. */
    public IdentifyControllerBuilder rtd3EntryLatencyMicros(long value) {
        put32(IdentifyControllerLayout.RTD3E, value);
        return this;
    }

    /** Sets OAES: {@link IdentifyController#optionalAsynchronousEvents}. */
    public IdentifyControllerBuilder optionalAsynchronousEvents(int value) {
        putFlags32(IdentifyControllerLayout.OAES, value);
        return this;
    }

    /** Sets CTRATT: {@link IdentifyController#controllerAttributes}. */
    public IdentifyControllerBuilder controllerAttributes(int value) {
        putFlags32(IdentifyControllerLayout.CTRATT, value);
        return this;
    }

    /** Sets RRLS: {@link IdentifyController#readRecoveryLevels}. */
    public IdentifyControllerBuilder readRecoveryLevels(int value) {
        put16(IdentifyControllerLayout.RRLS, value);
        return this;
    }

    /** Sets BPCAP: {@link IdentifyController#bootPartitionCapabilities}. */
    public IdentifyControllerBuilder bootPartitionCapabilities(int value) {
        put8(IdentifyControllerLayout.BPCAP, value);
        return this;
    }

    /** Sets NSSL: {@link IdentifyController#subsystemShutdownLatencyMicros}. */
    public IdentifyControllerBuilder subsystemShutdownLatencyMicros(long value) {
        put32(IdentifyControllerLayout.NSSL, value);
        return this;
    }

    /** Sets PLSI: {@link IdentifyController#powerLossSignalling}. */
    public IdentifyControllerBuilder powerLossSignalling(int value) {
        put8(IdentifyControllerLayout.PLSI, value);
        return this;
    }

    /** Sets CNTRLTYPE: {@link IdentifyController#controllerType}. */
    public IdentifyControllerBuilder controllerType(int value) {
        put8(IdentifyControllerLayout.CNTRLTYPE, value);
        return this;
    }

    /** Sets FGUID: {@link IdentifyController#fruGuid}. */
    public IdentifyControllerBuilder fruGuid(byte[] value) {
        putRaw(IdentifyControllerLayout.FGUID, 16, value);
        return this;
    }

    /** Sets CRDT1: {@link IdentifyController#commandRetryDelay1}. */
    public IdentifyControllerBuilder commandRetryDelay1(int value) {
        put16(IdentifyControllerLayout.CRDT1, value);
        return this;
    }

    /** Sets CRDT2: {@link IdentifyController#commandRetryDelay2}. */
    public IdentifyControllerBuilder commandRetryDelay2(int value) {
        put16(IdentifyControllerLayout.CRDT2, value);
        return this;
    }

    /** Sets CRDT3: {@link IdentifyController#commandRetryDelay3}. */
    public IdentifyControllerBuilder commandRetryDelay3(int value) {
        put16(IdentifyControllerLayout.CRDT3, value);
        return this;
    }

    /** Sets CRCAP: {@link IdentifyController#reachabilityCapabilities}. */
    public IdentifyControllerBuilder reachabilityCapabilities(int value) {
        put8(IdentifyControllerLayout.CRCAP, value);
        return this;
    }

    /** Sets NVMSR: {@link IdentifyController#subsystemReport}. */
    public IdentifyControllerBuilder subsystemReport(int value) {
        put8(IdentifyControllerLayout.NVMSR, value);
        return this;
    }

    /** Sets VWCI: {@link IdentifyController#vpdWriteCycles}. */
    public IdentifyControllerBuilder vpdWriteCycles(int value) {
        put8(IdentifyControllerLayout.VWCI, value);
        return this;
    }

    /** Sets MEC: {@link IdentifyController#managementEndpointCapabilities}. */
    public IdentifyControllerBuilder managementEndpointCapabilities(int value) {
        put8(IdentifyControllerLayout.MEC, value);
        return this;
    }

    /** Sets OACS: {@link IdentifyController#optionalAdminCommands}. */
    public IdentifyControllerBuilder optionalAdminCommands(int value) {
        put16(IdentifyControllerLayout.OACS, value);
        return this;
    }

    /** Sets ACL: {@link IdentifyController#abortCommandLimit}. */
    public IdentifyControllerBuilder abortCommandLimit(int value) {
        put8(IdentifyControllerLayout.ACL, value);
        return this;
    }

    /** Sets AERL: {@link IdentifyController#asynchronousEventRequestLimit}. */
    public IdentifyControllerBuilder asynchronousEventRequestLimit(int value) {
        put8(IdentifyControllerLayout.AERL, value);
        return this;
    }

    /** Sets FRMW: {@link IdentifyController#firmwareUpdates}. */
    public IdentifyControllerBuilder firmwareUpdates(int value) {
        put8(IdentifyControllerLayout.FRMW, value);
        return this;
    }

    /** Sets LPA: {@link IdentifyController#logPageAttributes}. */
    public IdentifyControllerBuilder logPageAttributes(int value) {
        put8(IdentifyControllerLayout.LPA, value);
        return this;
    }

    /** Sets ELPE: {@link IdentifyController#errorLogPageEntries}. */
    public IdentifyControllerBuilder errorLogPageEntries(int value) {
        put8(IdentifyControllerLayout.ELPE, value);
        return this;
    }

    /** Sets NPSS: {@link IdentifyController#powerStates}. */
    public IdentifyControllerBuilder powerStates(int value) {
        put8(IdentifyControllerLayout.NPSS, value);
        return this;
    }

    /** Sets AVSCC: {@link IdentifyController#adminVendorSpecificConfiguration}. */
    public IdentifyControllerBuilder adminVendorSpecificConfiguration(int value) {
        put8(IdentifyControllerLayout.AVSCC, value);
        return this;
    }

    /** Sets APSTA: {@link IdentifyController#autonomousPowerStateTransitions}. */
    public IdentifyControllerBuilder autonomousPowerStateTransitions(int value) {
        put8(IdentifyControllerLayout.APSTA, value);
        return this;
    }

    /** Sets WCTEMP: {@link IdentifyController#warningTemperatureKelvin}. */
    public IdentifyControllerBuilder warningTemperatureKelvin(int value) {
        put16(IdentifyControllerLayout.WCTEMP, value);
        return this;
    }

    /** Sets CCTEMP: {@link IdentifyController#criticalTemperatureKelvin}. */
    public IdentifyControllerBuilder criticalTemperatureKelvin(int value) {
        put16(IdentifyControllerLayout.CCTEMP, value);
        return this;
    }

    /** Sets MTFA: {@link IdentifyController#maximumFirmwareActivationTime}. */
    public IdentifyControllerBuilder maximumFirmwareActivationTime(int value) {
        put16(IdentifyControllerLayout.MTFA, value);
        return this;
    }

    /** Sets HMPRE: {@link IdentifyController#hostMemoryBufferPreferred}. */
    public IdentifyControllerBuilder hostMemoryBufferPreferred(long value) {
        put32(IdentifyControllerLayout.HMPRE, value);
        return this;
    }

    /** Sets HMMIN: {@link IdentifyController#hostMemoryBufferMinimum}. */
    public IdentifyControllerBuilder hostMemoryBufferMinimum(long value) {
        put32(IdentifyControllerLayout.HMMIN, value);
        return this;
    }

    /** Sets TNVMCAP: {@link IdentifyController#totalCapacityBytes}. */
    public IdentifyControllerBuilder totalCapacityBytes(BigInteger value) {
        put128(IdentifyControllerLayout.TNVMCAP, value);
        return this;
    }

    /** Sets TNVMCAP to a number below 2^63. */
    public IdentifyControllerBuilder totalCapacityBytes(long value) {
        return totalCapacityBytes(BigInteger.valueOf(value));
    }

    /** Sets UNVMCAP: {@link IdentifyController#unallocatedCapacityBytes}. */
    public IdentifyControllerBuilder unallocatedCapacityBytes(BigInteger value) {
        put128(IdentifyControllerLayout.UNVMCAP, value);
        return this;
    }

    /** Sets UNVMCAP to a number below 2^63. */
    public IdentifyControllerBuilder unallocatedCapacityBytes(long value) {
        return unallocatedCapacityBytes(BigInteger.valueOf(value));
    }

    /** Sets RPMBS: {@link IdentifyController#replayProtectedMemoryBlocks}. */
    public IdentifyControllerBuilder replayProtectedMemoryBlocks(int value) {
        putFlags32(IdentifyControllerLayout.RPMBS, value);
        return this;
    }

    /** Sets EDSTT: {@link IdentifyController#extendedSelfTestMinutes}. */
    public IdentifyControllerBuilder extendedSelfTestMinutes(int value) {
        put16(IdentifyControllerLayout.EDSTT, value);
        return this;
    }

    /** Sets DSTO: {@link IdentifyController#selfTestOptions}. */
    public IdentifyControllerBuilder selfTestOptions(int value) {
        put8(IdentifyControllerLayout.DSTO, value);
        return this;
    }

    /** Sets FWUG: {@link IdentifyController#firmwareUpdateGranularity}. */
    public IdentifyControllerBuilder firmwareUpdateGranularity(int value) {
        put8(IdentifyControllerLayout.FWUG, value);
        return this;
    }

    /** Sets KAS: {@link IdentifyController#keepAliveSupport}. */
    public IdentifyControllerBuilder keepAliveSupport(int value) {
        put16(IdentifyControllerLayout.KAS, value);
        return this;
    }

    /** Sets HCTMA: {@link IdentifyController#hostControlledThermalManagement}. */
    public IdentifyControllerBuilder hostControlledThermalManagement(int value) {
        put16(IdentifyControllerLayout.HCTMA, value);
        return this;
    }

    /** Sets MNTMT: {@link IdentifyController#minimumThermalManagementKelvin}. */
    public IdentifyControllerBuilder minimumThermalManagementKelvin(int value) {
        put16(IdentifyControllerLayout.MNTMT, value);
        return this;
    }

    /** Sets MXTMT: {@link IdentifyController#maximumThermalManagementKelvin}. */
    public IdentifyControllerBuilder maximumThermalManagementKelvin(int value) {
        put16(IdentifyControllerLayout.MXTMT, value);
        return this;
    }

    /** Sets SANICAP: {@link IdentifyController#sanitizeCapabilities}. */
    public IdentifyControllerBuilder sanitizeCapabilities(int value) {
        putFlags32(IdentifyControllerLayout.SANICAP, value);
        return this;
    }

    /** Sets HMMINDS: {@link IdentifyController#hostMemoryBufferMinimumDescriptor}. */
    public IdentifyControllerBuilder hostMemoryBufferMinimumDescriptor(long value) {
        put32(IdentifyControllerLayout.HMMINDS, value);
        return this;
    }

    /** Sets HMMAXD: {@link IdentifyController#hostMemoryMaximumDescriptors}. */
    public IdentifyControllerBuilder hostMemoryMaximumDescriptors(int value) {
        put16(IdentifyControllerLayout.HMMAXD, value);
        return this;
    }

    /** Sets NSETIDMAX: {@link IdentifyController#nvmSetIdentifierMaximum}. */
    public IdentifyControllerBuilder nvmSetIdentifierMaximum(int value) {
        put16(IdentifyControllerLayout.NSETIDMAX, value);
        return this;
    }

    /** Sets ENDGIDMAX: {@link IdentifyController#enduranceGroupIdentifierMaximum}. */
    public IdentifyControllerBuilder enduranceGroupIdentifierMaximum(int value) {
        put16(IdentifyControllerLayout.ENDGIDMAX, value);
        return this;
    }

    /** Sets ANATT: {@link IdentifyController#anaTransitionTimeSeconds}. */
    public IdentifyControllerBuilder anaTransitionTimeSeconds(int value) {
        put8(IdentifyControllerLayout.ANATT, value);
        return this;
    }

    /** Sets ANACAP: {@link IdentifyController#anaCapabilities}. */
    public IdentifyControllerBuilder anaCapabilities(int value) {
        put8(IdentifyControllerLayout.ANACAP, value);
        return this;
    }

    /** Sets ANAGRPMAX: {@link IdentifyController#anaGroupIdentifierMaximum}. */
    public IdentifyControllerBuilder anaGroupIdentifierMaximum(long value) {
        put32(IdentifyControllerLayout.ANAGRPMAX, value);
        return this;
    }

    /** Sets NANAGRPID: {@link IdentifyController#anaGroupIdentifiers}. */
    public IdentifyControllerBuilder anaGroupIdentifiers(long value) {
        put32(IdentifyControllerLayout.NANAGRPID, value);
        return this;
    }

    /** Sets PELS: {@link IdentifyController#persistentEventLogSize}. */
    public IdentifyControllerBuilder persistentEventLogSize(long value) {
        put32(IdentifyControllerLayout.PELS, value);
        return this;
    }

    /** Sets DOMAINID: {@link IdentifyController#domainIdentifier}. */
    public IdentifyControllerBuilder domainIdentifier(int value) {
        put16(IdentifyControllerLayout.DOMAINID, value);
        return this;
    }

    /** Sets KPIOC: {@link IdentifyController#keyPerIoCapabilities}. */
    public IdentifyControllerBuilder keyPerIoCapabilities(int value) {
        put8(IdentifyControllerLayout.KPIOC, value);
        return this;
    }

    /** Sets MPTFAWR: {@link IdentifyController#maximumActivationTimeWithoutReset}. */
    public IdentifyControllerBuilder maximumActivationTimeWithoutReset(int value) {
        put16(IdentifyControllerLayout.MPTFAWR, value);
        return this;
    }

    /** Sets MEGCAP: {@link IdentifyController#maximumEnduranceGroupCapacityBytes}. */
    public IdentifyControllerBuilder maximumEnduranceGroupCapacityBytes(BigInteger value) {
        put128(IdentifyControllerLayout.MEGCAP, value);
        return this;
    }

    /** Sets MEGCAP to a number below 2^63. */
    public IdentifyControllerBuilder maximumEnduranceGroupCapacityBytes(long value) {
        return maximumEnduranceGroupCapacityBytes(BigInteger.valueOf(value));
    }

    /** Sets TMPTHHA: {@link IdentifyController#temperatureThresholdHysteresis}. */
    public IdentifyControllerBuilder temperatureThresholdHysteresis(int value) {
        put8(IdentifyControllerLayout.TMPTHHA, value);
        return this;
    }

    /** Sets CQT: {@link IdentifyController#commandQuiesceTimeMillis}. */
    public IdentifyControllerBuilder commandQuiesceTimeMillis(int value) {
        put16(IdentifyControllerLayout.CQT, value);
        return this;
    }

    /** Sets SQES: {@link IdentifyController#submissionQueueEntrySize}. */
    public IdentifyControllerBuilder submissionQueueEntrySize(int value) {
        put8(IdentifyControllerLayout.SQES, value);
        return this;
    }

    /** Sets CQES: {@link IdentifyController#completionQueueEntrySize}. */
    public IdentifyControllerBuilder completionQueueEntrySize(int value) {
        put8(IdentifyControllerLayout.CQES, value);
        return this;
    }

    /** Sets MAXCMD: {@link IdentifyController#maximumOutstandingCommands}. */
    public IdentifyControllerBuilder maximumOutstandingCommands(int value) {
        put16(IdentifyControllerLayout.MAXCMD, value);
        return this;
    }

    /** Sets NN: {@link IdentifyController#namespaces}. */
    public IdentifyControllerBuilder namespaces(long value) {
        put32(IdentifyControllerLayout.NN, value);
        return this;
    }

    /** Sets ONCS: {@link IdentifyController#optionalNvmCommands}. */
    public IdentifyControllerBuilder optionalNvmCommands(int value) {
        put16(IdentifyControllerLayout.ONCS, value);
        return this;
    }

    /** Sets FUSES: {@link IdentifyController#fusedOperations}. */
    public IdentifyControllerBuilder fusedOperations(int value) {
        put16(IdentifyControllerLayout.FUSES, value);
        return this;
    }

    /** Sets FNA: {@link IdentifyController#formatAttributes}. */
    public IdentifyControllerBuilder formatAttributes(int value) {
        put8(IdentifyControllerLayout.FNA, value);
        return this;
    }

    /** Sets VWC: {@link IdentifyController#volatileWriteCache}. */
    public IdentifyControllerBuilder volatileWriteCache(int value) {
        put8(IdentifyControllerLayout.VWC, value);
        return this;
    }

    /** Sets AWUN: {@link IdentifyController#atomicWriteUnitNormal}. */
    public IdentifyControllerBuilder atomicWriteUnitNormal(int value) {
        put16(IdentifyControllerLayout.AWUN, value);
        return this;
    }

    /** Sets AWUPF: {@link IdentifyController#atomicWriteUnitPowerFail}. */
    public IdentifyControllerBuilder atomicWriteUnitPowerFail(int value) {
        put16(IdentifyControllerLayout.AWUPF, value);
        return this;
    }

    /** Sets ICSVSCC: {@link IdentifyController#ioVendorSpecificConfiguration}. */
    public IdentifyControllerBuilder ioVendorSpecificConfiguration(int value) {
        put8(IdentifyControllerLayout.ICSVSCC, value);
        return this;
    }

    /** Sets NWPC: {@link IdentifyController#namespaceWriteProtection}. */
    public IdentifyControllerBuilder namespaceWriteProtection(int value) {
        put8(IdentifyControllerLayout.NWPC, value);
        return this;
    }

    /** Sets ACWU: {@link IdentifyController#atomicCompareAndWriteUnit}. */
    public IdentifyControllerBuilder atomicCompareAndWriteUnit(int value) {
        put16(IdentifyControllerLayout.ACWU, value);
        return this;
    }

    /** Sets CDFS: {@link IdentifyController#copyDescriptorFormats}. */
    public IdentifyControllerBuilder copyDescriptorFormats(int value) {
        put16(IdentifyControllerLayout.CDFS, value);
        return this;
    }

    /** Sets SGLS: {@link IdentifyController#sglSupport}. */
    public IdentifyControllerBuilder sglSupport(int value) {
        putFlags32(IdentifyControllerLayout.SGLS, value);
        return this;
    }

    /** Sets MNAN: {@link IdentifyController#maximumAllowedNamespaces}. */
    public IdentifyControllerBuilder maximumAllowedNamespaces(long value) {
        put32(IdentifyControllerLayout.MNAN, value);
        return this;
    }

    /** Sets MAXDNA: {@link IdentifyController#maximumDomainNamespaceAttachments}. */
    public IdentifyControllerBuilder maximumDomainNamespaceAttachments(BigInteger value) {
        put128(IdentifyControllerLayout.MAXDNA, value);
        return this;
    }

    /** Sets MAXDNA to a number below 2^63. */
    public IdentifyControllerBuilder maximumDomainNamespaceAttachments(long value) {
        return maximumDomainNamespaceAttachments(BigInteger.valueOf(value));
    }

    /** Sets MAXCNA: {@link IdentifyController#maximumControllerNamespaceAttachments}. */
    public IdentifyControllerBuilder maximumControllerNamespaceAttachments(long value) {
        put32(IdentifyControllerLayout.MAXCNA, value);
        return this;
    }

    /** Sets OAQD: {@link IdentifyController#optimalAggregatedQueueDepth}. */
    public IdentifyControllerBuilder optimalAggregatedQueueDepth(long value) {
        put32(IdentifyControllerLayout.OAQD, value);
        return this;
    }

    /** Sets RHIRI: {@link IdentifyController#refreshIntervalRecommended}. */
    public IdentifyControllerBuilder refreshIntervalRecommended(int value) {
        put8(IdentifyControllerLayout.RHIRI, value);
        return this;
    }

    /** Sets HIRT: {@link IdentifyController#refreshTime}. */
    public IdentifyControllerBuilder refreshTime(int value) {
        put8(IdentifyControllerLayout.HIRT, value);
        return this;
    }

    /** Sets CMMRTD: {@link IdentifyController#memoryRangeTrackingDescriptors}. */
    public IdentifyControllerBuilder memoryRangeTrackingDescriptors(int value) {
        put16(IdentifyControllerLayout.CMMRTD, value);
        return this;
    }

    /** Sets NMMRTD: {@link IdentifyController#subsystemMemoryRangeTrackingDescriptors}. */
    public IdentifyControllerBuilder subsystemMemoryRangeTrackingDescriptors(int value) {
        put16(IdentifyControllerLayout.NMMRTD, value);
        return this;
    }

    /** Sets MINMRTG: {@link IdentifyController#minimumMemoryRangeTrackingGranularity}. */
    public IdentifyControllerBuilder minimumMemoryRangeTrackingGranularity(int value) {
        put8(IdentifyControllerLayout.MINMRTG, value);
        return this;
    }

    /** Sets MAXMRTG: {@link IdentifyController#maximumMemoryRangeTrackingGranularity}. */
    public IdentifyControllerBuilder maximumMemoryRangeTrackingGranularity(int value) {
        put8(IdentifyControllerLayout.MAXMRTG, value);
        return this;
    }

    /** Sets TRATTR: {@link IdentifyController#trackingAttributes}. */
    public IdentifyControllerBuilder trackingAttributes(int value) {
        put8(IdentifyControllerLayout.TRATTR, value);
        return this;
    }

    /** Sets MCUDMQ: {@link IdentifyController#maximumUserDataMigrationQueues}. */
    public IdentifyControllerBuilder maximumUserDataMigrationQueues(int value) {
        put16(IdentifyControllerLayout.MCUDMQ, value);
        return this;
    }

    /** Sets MNSUDMQ: {@link IdentifyController#maximumSubsystemUserDataMigrationQueues}. */
    public IdentifyControllerBuilder maximumSubsystemUserDataMigrationQueues(int value) {
        put16(IdentifyControllerLayout.MNSUDMQ, value);
        return this;
    }

    /** Sets MCMR: {@link IdentifyController#maximumCdqMemoryRanges}. */
    public IdentifyControllerBuilder maximumCdqMemoryRanges(int value) {
        put16(IdentifyControllerLayout.MCMR, value);
        return this;
    }

    /** Sets NMCMR: {@link IdentifyController#subsystemMaximumCdqMemoryRanges}. */
    public IdentifyControllerBuilder subsystemMaximumCdqMemoryRanges(int value) {
        put16(IdentifyControllerLayout.NMCMR, value);
        return this;
    }

    /** Sets MCDQPC: {@link IdentifyController#maximumControllerDataQueuePrps}. */
    public IdentifyControllerBuilder maximumControllerDataQueuePrps(int value) {
        put16(IdentifyControllerLayout.MCDQPC, value);
        return this;
    }

    /** Sets SUBNQN: {@link IdentifyController#subsystemNqn}. */
    public IdentifyControllerBuilder subsystemNqn(String value) {
        putUtf8(IdentifyControllerLayout.SUBNQN, 256, value);
        return this;
    }

    /** Sets IOCCSZ: {@link IdentifyController#commandCapsuleSize}. */
    public IdentifyControllerBuilder commandCapsuleSize(long value) {
        put32(IdentifyControllerLayout.IOCCSZ, value);
        return this;
    }

    /** Sets IORCSZ: {@link IdentifyController#responseCapsuleSize}. */
    public IdentifyControllerBuilder responseCapsuleSize(long value) {
        put32(IdentifyControllerLayout.IORCSZ, value);
        return this;
    }

    /** Sets ICDOFF: {@link IdentifyController#inCapsuleDataOffset}. */
    public IdentifyControllerBuilder inCapsuleDataOffset(int value) {
        put16(IdentifyControllerLayout.ICDOFF, value);
        return this;
    }

    /** Sets FCATT: {@link IdentifyController#fabricsControllerAttributes}. */
    public IdentifyControllerBuilder fabricsControllerAttributes(int value) {
        put8(IdentifyControllerLayout.FCATT, value);
        return this;
    }

    /** Sets MSDBD: {@link IdentifyController#maximumSglDataBlockDescriptors}. */
    public IdentifyControllerBuilder maximumSglDataBlockDescriptors(int value) {
        put8(IdentifyControllerLayout.MSDBD, value);
        return this;
    }

    /** Sets OFCS: {@link IdentifyController#optionalFabricsCommands}. */
    public IdentifyControllerBuilder optionalFabricsCommands(int value) {
        put16(IdentifyControllerLayout.OFCS, value);
        return this;
    }

    /** Sets DCTYPE: {@link IdentifyController#discoveryControllerType}. */
    public IdentifyControllerBuilder discoveryControllerType(int value) {
        put8(IdentifyControllerLayout.DCTYPE, value);
        return this;
    }

    /** Sets PSD0-MP: {@link IdentifyController#powerState0MaximumPowerCentiwatts}. */
    public IdentifyControllerBuilder powerState0MaximumPowerCentiwatts(int value) {
        put16(IdentifyControllerLayout.PSD0_MP, value);
        return this;
    }

    /** Sets IOCCSZ from the bytes of in-capsule data allowed, a multiple of 16. */
    public IdentifyControllerBuilder inCapsuleDataBytes(long bytes) {
        long capsule = bytes + IdentifyController.SUBMISSION_QUEUE_ENTRY_BYTES;
        if (bytes < 0 || capsule % IdentifyController.CAPSULE_UNIT != 0) {
            throw new IllegalArgumentException("in-capsule data is in units of 16 bytes: " + bytes);
        }
        return commandCapsuleSize(capsule / IdentifyController.CAPSULE_UNIT);
    }
}
