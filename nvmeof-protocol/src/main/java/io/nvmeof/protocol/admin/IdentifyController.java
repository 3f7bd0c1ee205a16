package io.nvmeof.protocol.admin;

import io.nvmeof.protocol.layout.WireStructure;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.math.BigInteger;

/**
 * Identify Controller data structure, CNS 01h: what a controller is and can do (NVMe Base 2.1, Identify Controller; the
 * fabrics fields at the end too). Power states but for the first one's power have no accessor; their bytes are kept.
 */
public final class IdentifyController extends WireStructure {
    /** The wire layout; names are the specification's abbreviations. */
    public static final StructLayout LAYOUT = IdentifyControllerLayout.LAYOUT;
    /** Bytes of the structure. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** CMIC: subsystem may have several ports. */
    public static final int CMIC_MULTIPLE_PORTS = 1;
    /** CMIC: subsystem may have several controllers. */
    public static final int CMIC_MULTIPLE_CONTROLLERS = 1 << 1;
    /** CMIC: ANA reporting is supported. */
    public static final int CMIC_ANA = 1 << 3;
    /** CTRATT: host identifiers of 128 bits, which fabrics require. */
    public static final int CTRATT_128_BIT_HOST_IDENTIFIER = 1;
    /** CTRATT: any command restarts the Keep Alive timer. */
    public static final int CTRATT_TRAFFIC_BASED_KEEP_ALIVE = 1 << 6;
    /** CTRATT: namespaces may use extended LBA formats. */
    public static final int CTRATT_EXTENDED_LBA_FORMATS = 1 << 15;
    /** CNTRLTYPE: I/O controller. */
    public static final int TYPE_IO = 1;
    /** CNTRLTYPE: Discovery controller. */
    public static final int TYPE_DISCOVERY = 2;
    /** CNTRLTYPE: Administrative controller. */
    public static final int TYPE_ADMINISTRATIVE = 3;
    /** OACS: Security Send and Receive. */
    public static final int OACS_SECURITY = 1;
    /** OACS: Format NVM. */
    public static final int OACS_FORMAT_NVM = 1 << 1;
    /** OACS: Firmware Commit and Image Download. */
    public static final int OACS_FIRMWARE = 1 << 2;
    /** OACS: Namespace Management and Attachment. */
    public static final int OACS_NAMESPACE_MANAGEMENT = 1 << 3;
    /** OACS: Device Self-test. */
    public static final int OACS_SELF_TEST = 1 << 4;
    /** LPA: SMART log per namespace. */
    public static final int LPA_SMART_PER_NAMESPACE = 1;
    /** LPA: Commands Supported and Effects log. */
    public static final int LPA_COMMANDS_SUPPORTED_AND_EFFECTS = 1 << 1;
    /** LPA: Get Log Page takes lengths and offsets of 32 and 64 bits; discovery needs it. */
    public static final int LPA_EXTENDED_DATA = 1 << 2;
    /** LPA: logs 00h, 05h, 12h, 13h tell scope and effects. */
    public static final int LPA_SUPPORTED_LOG_PAGES = 1 << 5;
    /** ANACAP: reports ANA Optimized. */
    public static final int ANACAP_OPTIMIZED = 1;
    /** ANACAP: reports ANA Non-Optimized. */
    public static final int ANACAP_NON_OPTIMIZED = 1 << 1;
    /** ANACAP: reports ANA Inaccessible. */
    public static final int ANACAP_INACCESSIBLE = 1 << 2;
    /** ANACAP: reports ANA Persistent Loss. */
    public static final int ANACAP_PERSISTENT_LOSS = 1 << 3;
    /** ANACAP: reports ANA Change. */
    public static final int ANACAP_CHANGE = 1 << 4;
    /** ANACAP: a namespace's group never changes while it is attached. */
    public static final int ANACAP_GROUP_STAYS = 1 << 6;
    /** ONCS: Compare. */
    public static final int ONCS_COMPARE = 1;
    /** ONCS: Write Uncorrectable. */
    public static final int ONCS_WRITE_UNCORRECTABLE = 1 << 1;
    /** ONCS: Dataset Management. */
    public static final int ONCS_DATASET_MANAGEMENT = 1 << 2;
    /** ONCS: Write Zeroes. */
    public static final int ONCS_WRITE_ZEROES = 1 << 3;
    /** ONCS: Save and Select of features. */
    public static final int ONCS_SAVE_AND_SELECT = 1 << 4;
    /** ONCS: reservations. */
    public static final int ONCS_RESERVATIONS = 1 << 5;
    /** ONCS: Timestamp feature. */
    public static final int ONCS_TIMESTAMP = 1 << 6;
    /** ONCS: Verify. */
    public static final int ONCS_VERIFY = 1 << 7;
    /** ONCS: Copy. */
    public static final int ONCS_COPY = 1 << 8;
    /** FUSES: Compare and Write. */
    public static final int FUSES_COMPARE_AND_WRITE = 1;
    /** VWC: there is a volatile write cache: only Flush or FUA makes a write durable. */
    public static final int VWC_PRESENT = 1;
    /** VWC, bits 2:1: Flush of NSID FFFFFFFFh is refused. */
    public static final int VWC_FLUSH_ALL_NOT_SUPPORTED = 2 << 1;
    /** VWC, bits 2:1: Flush of NSID FFFFFFFFh flushes every namespace. */
    public static final int VWC_FLUSH_ALL_SUPPORTED = 3 << 1;
    /** SGLS, bits 1:0: SGLs without alignment or granularity. */
    public static final int SGLS_NO_ALIGNMENT = 1;
    /** SGLS, bits 1:0: SGLs with dword alignment and granularity. */
    public static final int SGLS_DWORD_ALIGNMENT = 2;
    /** SGLS: SGLs longer than the data are allowed. */
    public static final int SGLS_OVERSIZE = 1 << 18;
    /** SGLS: the address of a Data Block is an offset into the capsule. */
    public static final int SGLS_OFFSET = 1 << 20;
    /** SGLS: Transport SGL Data Block. */
    public static final int SGLS_TRANSPORT_DATA_BLOCK = 1 << 21;
    /** FCATT: controllers are static: Connect names one. */
    public static final int FCATT_STATIC_CONTROLLER = 1;
    /** OFCS: Disconnect. */
    public static final int OFCS_DISCONNECT = 1;

    static final int CAPSULE_UNIT = 16;
    static final int SUBMISSION_QUEUE_ENTRY_BYTES = 64;

    private IdentifyController(MemorySegment from, long base) {
        super(from, base, SIZE);
    }

    /** Copies the bytes at {@code base}. No value is refused: each accessor says what it makes of it. */
    public static IdentifyController decode(MemorySegment from, long base) {
        return new IdentifyController(from, base);
    }

    /** Starts a structure of zeros. */
    public static IdentifyControllerBuilder builder() {
        return new IdentifyControllerBuilder();
    }

    /** Starts with this structure's bytes. */
    public IdentifyControllerBuilder toBuilder() {
        return new IdentifyControllerBuilder(this);
    }

    /** PCI vendor of the controller; 0 if it is no PCIe device. */
    public int pciVendorId() {
        return u16(IdentifyControllerLayout.VID);
    }

    /** PCI vendor of the subsystem; 0 if it is no PCIe device. */
    public int pciSubsystemVendorId() {
        return u16(IdentifyControllerLayout.SSVID);
    }

    /** Serial number: at most 20 printable ASCII characters. */
    public String serialNumber() {
        return ascii(IdentifyControllerLayout.SN, 20);
    }

    /** Model number: at most 40 printable ASCII characters. */
    public String modelNumber() {
        return ascii(IdentifyControllerLayout.MN, 40);
    }

    /** Firmware revision: at most 8 printable ASCII characters. */
    public String firmwareRevision() {
        return ascii(IdentifyControllerLayout.FR, 8);
    }

    /** Recommended Arbitration Burst, as a power of two of commands. */
    public int recommendedArbitrationBurst() {
        return u8(IdentifyControllerLayout.RAB);
    }

    /** IEEE OUI of the vendor, least significant byte first. */
    public byte[] ieeeOui() {
        return raw(IdentifyControllerLayout.IEEE, 3);
    }

    /** CMIC: {@link #CMIC_MULTIPLE_PORTS} and the like. */
    public int multipathCapabilities() {
        return u8(IdentifyControllerLayout.CMIC);
    }

    /** MDTS: the longest transfer is CAP.MPSMIN pages times 2 to this power; 0 is no limit. */
    public int maximumDataTransferSize() {
        return u8(IdentifyControllerLayout.MDTS);
    }

    /** Controller ID, as Connect returned it. */
    public int controllerId() {
        return u16(IdentifyControllerLayout.CNTLID);
    }

    /** Version, as the VS property: major in 31:16, minor in 15:8, tertiary in 7:0. */
    public long version() {
        return u32(IdentifyControllerLayout.VER);
    }

    /** RTD3 Resume Latency in microseconds; 0 is not reported. */
    public long rtd3ResumeLatencyMicros() {
        return u32(IdentifyControllerLayout.RTD3R);
    }

    /** RTD3 Entry Latency in microseconds; 0 is not reported. */
    public long rtd3EntryLatencyMicros() {
        return u32(IdentifyControllerLayout.RTD3E);
    }

    /** OAES: which events can be enabled; bits in {@link AsynchronousEvent}. */
    public int optionalAsynchronousEvents() {
        return flags32(IdentifyControllerLayout.OAES);
    }

    /** CTRATT: {@link #CTRATT_128_BIT_HOST_IDENTIFIER} and the like. */
    public int controllerAttributes() {
        return flags32(IdentifyControllerLayout.CTRATT);
    }

    /** Read Recovery Levels Supported, a bit per level. */
    public int readRecoveryLevels() {
        return u16(IdentifyControllerLayout.RRLS);
    }

    /** Boot Partition Capabilities. */
    public int bootPartitionCapabilities() {
        return u8(IdentifyControllerLayout.BPCAP);
    }

    /** NVM Subsystem Shutdown Latency in microseconds. */
    public long subsystemShutdownLatencyMicros() {
        return u32(IdentifyControllerLayout.NSSL);
    }

    /** Power Loss Signaling Information. */
    public int powerLossSignalling() {
        return u8(IdentifyControllerLayout.PLSI);
    }

    /** CNTRLTYPE: {@link #TYPE_IO}, {@link #TYPE_DISCOVERY} or {@link #TYPE_ADMINISTRATIVE}. */
    public int controllerType() {
        return u8(IdentifyControllerLayout.CNTRLTYPE);
    }

    /** FRU Globally Unique Identifier, big endian. */
    public byte[] fruGuid() {
        return raw(IdentifyControllerLayout.FGUID, 16);
    }

    /** Command Retry Delay Time 1 in units of 100 ms; 0 is none. */
    public int commandRetryDelay1() {
        return u16(IdentifyControllerLayout.CRDT1);
    }

    /** Command Retry Delay Time 2 in units of 100 ms. */
    public int commandRetryDelay2() {
        return u16(IdentifyControllerLayout.CRDT2);
    }

    /** Command Retry Delay Time 3 in units of 100 ms. */
    public int commandRetryDelay3() {
        return u16(IdentifyControllerLayout.CRDT3);
    }

    /** Controller Reachability Capabilities. */
    public int reachabilityCapabilities() {
        return u8(IdentifyControllerLayout.CRCAP);
    }

    /** NVM Subsystem Report: bit 0 storage device, bit 1 enclosure. */
    public int subsystemReport() {
        return u8(IdentifyControllerLayout.NVMSR);
    }

    /** VPD Write Cycle Information. */
    public int vpdWriteCycles() {
        return u8(IdentifyControllerLayout.VWCI);
    }

    /** Management Endpoint Capabilities. */
    public int managementEndpointCapabilities() {
        return u8(IdentifyControllerLayout.MEC);
    }

    /** OACS: {@link #OACS_FORMAT_NVM} and the like. */
    public int optionalAdminCommands() {
        return u16(IdentifyControllerLayout.OACS);
    }

    /** Abort Command Limit, 0's based. */
    public int abortCommandLimit() {
        return u8(IdentifyControllerLayout.ACL);
    }

    /** Asynchronous Event Request Limit, 0's based. */
    public int asynchronousEventRequestLimit() {
        return u8(IdentifyControllerLayout.AERL);
    }

    /** Firmware Updates: bit 0 first slot read only, 3:1 number of slots. */
    public int firmwareUpdates() {
        return u8(IdentifyControllerLayout.FRMW);
    }

    /** LPA: {@link #LPA_COMMANDS_SUPPORTED_AND_EFFECTS} and the like. */
    public int logPageAttributes() {
        return u8(IdentifyControllerLayout.LPA);
    }

    /** Error Log Page Entries, 0's based. */
    public int errorLogPageEntries() {
        return u8(IdentifyControllerLayout.ELPE);
    }

    /** Number of Power States Support, 0's based. */
    public int powerStates() {
        return u8(IdentifyControllerLayout.NPSS);
    }

    /** Admin Vendor Specific Command Configuration. */
    public int adminVendorSpecificConfiguration() {
        return u8(IdentifyControllerLayout.AVSCC);
    }

    /** Autonomous Power State Transition Attributes: bit 0 supported. */
    public int autonomousPowerStateTransitions() {
        return u8(IdentifyControllerLayout.APSTA);
    }

    /** Warning Composite Temperature Threshold in kelvins; 0 is not reported. */
    public int warningTemperatureKelvin() {
        return u16(IdentifyControllerLayout.WCTEMP);
    }

    /** Critical Composite Temperature Threshold in kelvins; 0 is not reported. */
    public int criticalTemperatureKelvin() {
        return u16(IdentifyControllerLayout.CCTEMP);
    }

    /** Maximum Time for Firmware Activation in units of 100 ms. */
    public int maximumFirmwareActivationTime() {
        return u16(IdentifyControllerLayout.MTFA);
    }

    /** Host Memory Buffer Preferred Size in units of 4 KiB. */
    public long hostMemoryBufferPreferred() {
        return u32(IdentifyControllerLayout.HMPRE);
    }

    /** Host Memory Buffer Minimum Size in units of 4 KiB. */
    public long hostMemoryBufferMinimum() {
        return u32(IdentifyControllerLayout.HMMIN);
    }

    /** Total NVM Capacity in bytes; 0 without namespace management. */
    public BigInteger totalCapacityBytes() {
        return u128(IdentifyControllerLayout.TNVMCAP);
    }

    /** Unallocated NVM Capacity in bytes. */
    public BigInteger unallocatedCapacityBytes() {
        return u128(IdentifyControllerLayout.UNVMCAP);
    }

    /** Replay Protected Memory Block Support. */
    public int replayProtectedMemoryBlocks() {
        return flags32(IdentifyControllerLayout.RPMBS);
    }

    /** Extended Device Self-test Time in minutes. */
    public int extendedSelfTestMinutes() {
        return u16(IdentifyControllerLayout.EDSTT);
    }

    /** Device Self-test Options. */
    public int selfTestOptions() {
        return u8(IdentifyControllerLayout.DSTO);
    }

    /** Firmware Update Granularity in units of 4 KiB; FFh is no restriction. */
    public int firmwareUpdateGranularity() {
        return u8(IdentifyControllerLayout.FWUG);
    }

    /** Keep Alive Support: granularity of the timer in units of 100 ms; fabrics hosts require it not 0. */
    public int keepAliveSupport() {
        return u16(IdentifyControllerLayout.KAS);
    }

    /** Host Controlled Thermal Management Attributes. */
    public int hostControlledThermalManagement() {
        return u16(IdentifyControllerLayout.HCTMA);
    }

    /** Minimum Thermal Management Temperature in kelvins. */
    public int minimumThermalManagementKelvin() {
        return u16(IdentifyControllerLayout.MNTMT);
    }

    /** Maximum Thermal Management Temperature in kelvins. */
    public int maximumThermalManagementKelvin() {
        return u16(IdentifyControllerLayout.MXTMT);
    }

    /** Sanitize Capabilities. */
    public int sanitizeCapabilities() {
        return flags32(IdentifyControllerLayout.SANICAP);
    }

    /** Host Memory Buffer Minimum Descriptor Entry Size in units of 4 KiB. */
    public long hostMemoryBufferMinimumDescriptor() {
        return u32(IdentifyControllerLayout.HMMINDS);
    }

    /** Host Memory Maximum Descriptors Entries. */
    public int hostMemoryMaximumDescriptors() {
        return u16(IdentifyControllerLayout.HMMAXD);
    }

    /** NVM Set Identifier Maximum. */
    public int nvmSetIdentifierMaximum() {
        return u16(IdentifyControllerLayout.NSETIDMAX);
    }

    /** Endurance Group Identifier Maximum. */
    public int enduranceGroupIdentifierMaximum() {
        return u16(IdentifyControllerLayout.ENDGIDMAX);
    }

    /** ANA Transition Time in seconds: how long a host waits for a transition to end. */
    public int anaTransitionTimeSeconds() {
        return u8(IdentifyControllerLayout.ANATT);
    }

    /** ANACAP: {@link #ANACAP_OPTIMIZED} and the like. */
    public int anaCapabilities() {
        return u8(IdentifyControllerLayout.ANACAP);
    }

    /** The highest ANA group identifier. */
    public long anaGroupIdentifierMaximum() {
        return u32(IdentifyControllerLayout.ANAGRPMAX);
    }

    /** How many ANA group identifiers this controller supports. */
    public long anaGroupIdentifiers() {
        return u32(IdentifyControllerLayout.NANAGRPID);
    }

    /** Persistent Event Log Size in units of 64 KiB. */
    public long persistentEventLogSize() {
        return u32(IdentifyControllerLayout.PELS);
    }

    /** Domain Identifier; 0 if there is only one. */
    public int domainIdentifier() {
        return u16(IdentifyControllerLayout.DOMAINID);
    }

    /** Key Per I/O Capabilities. */
    public int keyPerIoCapabilities() {
        return u8(IdentifyControllerLayout.KPIOC);
    }

    /** Maximum Processing Time for Firmware Activation Without Reset in units of 100 ms. */
    public int maximumActivationTimeWithoutReset() {
        return u16(IdentifyControllerLayout.MPTFAWR);
    }

    /** Max Endurance Group Capacity in bytes. */
    public BigInteger maximumEnduranceGroupCapacityBytes() {
        return u128(IdentifyControllerLayout.MEGCAP);
    }

    /** Temperature Threshold Hysteresis Attributes. */
    public int temperatureThresholdHysteresis() {
        return u8(IdentifyControllerLayout.TMPTHHA);
    }

    /** Command Quiesce Time in milliseconds: how long commands of a lost host may still take effect; 0 is unknown. */
    public int commandQuiesceTimeMillis() {
        return u16(IdentifyControllerLayout.CQT);
    }

    /** Submission Queue Entry Size: required power of two in 3:0, maximum in 7:4; fabrics: 66h. */
    public int submissionQueueEntrySize() {
        return u8(IdentifyControllerLayout.SQES);
    }

    /** Completion Queue Entry Size: required power of two in 3:0, maximum in 7:4; fabrics: 44h. */
    public int completionQueueEntrySize() {
        return u8(IdentifyControllerLayout.CQES);
    }

    /** Maximum Outstanding Commands per queue; mandatory for fabrics. */
    public int maximumOutstandingCommands() {
        return u16(IdentifyControllerLayout.MAXCMD);
    }

    /** Number of Namespaces: the highest valid namespace identifier, or MNAN if that is not 0. */
    public long namespaces() {
        return u32(IdentifyControllerLayout.NN);
    }

    /** ONCS: {@link #ONCS_COMPARE} and the like. */
    public int optionalNvmCommands() {
        return u16(IdentifyControllerLayout.ONCS);
    }

    /** Fused Operation Support: bit 0 Compare and Write. */
    public int fusedOperations() {
        return u16(IdentifyControllerLayout.FUSES);
    }

    /** Format NVM Attributes. */
    public int formatAttributes() {
        return u8(IdentifyControllerLayout.FNA);
    }

    /** VWC: {@link #VWC_PRESENT}, and how Flush treats all namespaces in bits 2:1. */
    public int volatileWriteCache() {
        return u8(IdentifyControllerLayout.VWC);
    }

    /** Atomic Write Unit Normal in logical blocks, 0's based. */
    public int atomicWriteUnitNormal() {
        return u16(IdentifyControllerLayout.AWUN);
    }

    /** Atomic Write Unit Power Fail in logical blocks, 0's based. */
    public int atomicWriteUnitPowerFail() {
        return u16(IdentifyControllerLayout.AWUPF);
    }

    /** I/O Command Set Vendor Specific Command Configuration. */
    public int ioVendorSpecificConfiguration() {
        return u8(IdentifyControllerLayout.ICSVSCC);
    }

    /** Namespace Write Protection Capabilities. */
    public int namespaceWriteProtection() {
        return u8(IdentifyControllerLayout.NWPC);
    }

    /** Atomic Compare and Write Unit in logical blocks, 0's based. */
    public int atomicCompareAndWriteUnit() {
        return u16(IdentifyControllerLayout.ACWU);
    }

    /** Copy Descriptor Formats Supported, a bit per format. */
    public int copyDescriptorFormats() {
        return u16(IdentifyControllerLayout.CDFS);
    }

    /** SGLS: {@link #SGLS_NO_ALIGNMENT} and the like; fabrics hosts require SGLs. */
    public int sglSupport() {
        return flags32(IdentifyControllerLayout.SGLS);
    }

    /** Maximum Number of Allowed Namespaces; not 0 with ANA, and not above NN. */
    public long maximumAllowedNamespaces() {
        return u32(IdentifyControllerLayout.MNAN);
    }

    /** Maximum Domain Namespace Attachments; 0 is no limit. */
    public BigInteger maximumDomainNamespaceAttachments() {
        return u128(IdentifyControllerLayout.MAXDNA);
    }

    /** Maximum I/O Controller Namespace Attachments; 0 is no limit. */
    public long maximumControllerNamespaceAttachments() {
        return u32(IdentifyControllerLayout.MAXCNA);
    }

    /** Optimal Aggregated Queue Depth. */
    public long optimalAggregatedQueueDepth() {
        return u32(IdentifyControllerLayout.OAQD);
    }

    /** Recommended Host-Initiated Refresh Interval. */
    public int refreshIntervalRecommended() {
        return u8(IdentifyControllerLayout.RHIRI);
    }

    /** Host-Initiated Refresh Time. */
    public int refreshTime() {
        return u8(IdentifyControllerLayout.HIRT);
    }

    /** Controller Maximum Memory Range Tracking Descriptors. */
    public int memoryRangeTrackingDescriptors() {
        return u16(IdentifyControllerLayout.CMMRTD);
    }

    /** NVM Subsystem Maximum Memory Range Tracking Descriptors. */
    public int subsystemMemoryRangeTrackingDescriptors() {
        return u16(IdentifyControllerLayout.NMMRTD);
    }

    /** Minimum Memory Range Tracking Granularity. */
    public int minimumMemoryRangeTrackingGranularity() {
        return u8(IdentifyControllerLayout.MINMRTG);
    }

    /** Maximum Memory Range Tracking Granularity. */
    public int maximumMemoryRangeTrackingGranularity() {
        return u8(IdentifyControllerLayout.MAXMRTG);
    }

    /** Tracking Attributes. */
    public int trackingAttributes() {
        return u8(IdentifyControllerLayout.TRATTR);
    }

    /** Maximum Controller User Data Migration Queues. */
    public int maximumUserDataMigrationQueues() {
        return u16(IdentifyControllerLayout.MCUDMQ);
    }

    /** Maximum NVM Subsystem User Data Migration Queues. */
    public int maximumSubsystemUserDataMigrationQueues() {
        return u16(IdentifyControllerLayout.MNSUDMQ);
    }

    /** Maximum CDQ Memory Ranges. */
    public int maximumCdqMemoryRanges() {
        return u16(IdentifyControllerLayout.MCMR);
    }

    /** NVM Subsystem Maximum CDQ Memory Ranges. */
    public int subsystemMaximumCdqMemoryRanges() {
        return u16(IdentifyControllerLayout.NMCMR);
    }

    /** Maximum Controller Data Queue PRP Count. */
    public int maximumControllerDataQueuePrps() {
        return u16(IdentifyControllerLayout.MCDQPC);
    }

    /** NVM Subsystem NVMe Qualified Name. */
    public String subsystemNqn() {
        return utf8(IdentifyControllerLayout.SUBNQN, 256);
    }

    /** I/O Queue Command Capsule Supported Size in units of 16 bytes: 4 plus the in-capsule data. */
    public long commandCapsuleSize() {
        return u32(IdentifyControllerLayout.IOCCSZ);
    }

    /** I/O Queue Response Capsule Supported Size in units of 16 bytes, at least 1. */
    public long responseCapsuleSize() {
        return u32(IdentifyControllerLayout.IORCSZ);
    }

    /** In Capsule Data Offset in units of 16 bytes behind the command; NVMe/TCP: 0. */
    public int inCapsuleDataOffset() {
        return u16(IdentifyControllerLayout.ICDOFF);
    }

    /** FCATT: {@link #FCATT_STATIC_CONTROLLER} clear is the dynamic controller model. */
    public int fabricsControllerAttributes() {
        return u8(IdentifyControllerLayout.FCATT);
    }

    /** Maximum SGL Data Block Descriptors in a capsule; NVMe/TCP: 1. */
    public int maximumSglDataBlockDescriptors() {
        return u8(IdentifyControllerLayout.MSDBD);
    }

    /** Optional Fabric Commands Support: bit 0 Disconnect. */
    public int optionalFabricsCommands() {
        return u16(IdentifyControllerLayout.OFCS);
    }

    /** Discovery Controller Type: 1 DDC, 2 CDC, 0 not reported. */
    public int discoveryControllerType() {
        return u8(IdentifyControllerLayout.DCTYPE);
    }

    /** Maximum Power of power state 0 in units of 0.01 W. */
    public int powerState0MaximumPowerCentiwatts() {
        return u16(IdentifyControllerLayout.PSD0_MP);
    }

    /** Bytes of in-capsule data this controller takes on I/O queues: IOCCSZ without the command; 0 if that is less. */
    public long inCapsuleDataBytes() {
        return Math.max(0, commandCapsuleSize() * CAPSULE_UNIT - SUBMISSION_QUEUE_ENTRY_BYTES);
    }

    /** The longest transfer in bytes, Long.MAX_VALUE if there is no limit; {@code minimumPageBytes} is CAP.MPSMIN's. */
    public long maximumDataTransferBytes(long minimumPageBytes) {
        int power = maximumDataTransferSize();
        if (power == 0 || power >= Long.numberOfLeadingZeros(minimumPageBytes)) {
            return Long.MAX_VALUE;
        }
        return minimumPageBytes << power;
    }
}
