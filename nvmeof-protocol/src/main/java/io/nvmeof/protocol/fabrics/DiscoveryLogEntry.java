package io.nvmeof.protocol.fabrics;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import io.nvmeof.protocol.layout.WireText;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * One entry of the discovery log page: a subsystem behind an address (NVMe Base 2.1, Discovery Log Page Entry; NVMe/TCP
 * Transport 1.1, TSAS). Anything a peer may send is a value.
 *
 * @param transportTypeCode TRTYPE, 0 to 255; see {@link #transportType()}
 * @param addressFamilyCode ADRFAM, 0 to 255; see {@link #addressFamily()}
 * @param subsystemType SUBTYPE: {@link #SUBTYPE_NVM} and the like
 * @param requirements TREQ: {@link #TREQ_SECURE_CHANNEL_REQUIRED} and the like
 * @param portId PORTID
 * @param controllerId CNTLID: FFFFh is the dynamic model
 * @param adminQueueEntries ASQSZ: entries of the largest admin queue, at least 32
 * @param flags EFLAGS: {@link #EFLAGS_DUPLICATE_RETURNED_INFORMATION} and the like
 * @param serviceId TRSVCID: for TCP the port in decimal
 * @param subsystemNqn SUBNQN, as text: it may be no valid name
 * @param address TRADDR: for TCP an IPv4 or IPv6 address
 * @param securityType SECTYPE of TCP's TSAS: {@link #SECURITY_NONE} and the like
 */
public record DiscoveryLogEntry(int transportTypeCode, int addressFamilyCode, int subsystemType, int requirements,
        int portId, int controllerId, int adminQueueEntries, int flags, String serviceId, String subsystemNqn,
        String address, int securityType) {
    /** The wire layout; names are the specification's abbreviations, SECTYPE the first byte of TSAS. */
    public static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("TRTYPE"),
            U8.withName("ADRFAM"),
            U8.withName("SUBTYPE"),
            U8.withName("TREQ"),
            LE16.withName("PORTID"),
            LE16.withName("CNTLID"),
            LE16.withName("ASQSZ"),
            LE16.withName("EFLAGS"),
            MemoryLayout.paddingLayout(20),
            MemoryLayout.sequenceLayout(32, U8).withName("TRSVCID"),
            MemoryLayout.paddingLayout(192),
            MemoryLayout.sequenceLayout(256, U8).withName("SUBNQN"),
            MemoryLayout.sequenceLayout(256, U8).withName("TRADDR"),
            U8.withName("SECTYPE"),
            MemoryLayout.paddingLayout(255));

    /** Bytes of an entry. */
    public static final int SIZE = (int) LAYOUT.byteSize();

    /** SUBTYPE: a referral to another discovery subsystem. */
    public static final int SUBTYPE_REFERRAL = 1;
    /** SUBTYPE: an NVM subsystem. */
    public static final int SUBTYPE_NVM = 2;
    /** SUBTYPE: the discovery subsystem that was asked. */
    public static final int SUBTYPE_CURRENT_DISCOVERY = 3;
    /** TREQ bits 1:0: whether a secure channel is required is not said. */
    public static final int TREQ_SECURE_CHANNEL_NOT_SPECIFIED = 0;
    /** TREQ bits 1:0: a secure channel is required. */
    public static final int TREQ_SECURE_CHANNEL_REQUIRED = 1;
    /** TREQ bits 1:0: a secure channel is not required. */
    public static final int TREQ_SECURE_CHANNEL_NOT_REQUIRED = 2;
    /** TREQ: submission queue flow control may be disabled. */
    public static final int TREQ_DISABLE_SQ_FLOW_CONTROL = 1 << 2;
    /** EFLAGS: all ports of the subsystem return the same information. */
    public static final int EFLAGS_DUPLICATE_RETURNED_INFORMATION = 1;
    /** EFLAGS: connections to this discovery controller may persist. */
    public static final int EFLAGS_EXPLICIT_PERSISTENT_CONNECTION = 1 << 1;
    /** SECTYPE: no transport security. */
    public static final int SECURITY_NONE = 0;
    /** SECTYPE: TLS 1.2 or later. */
    public static final int SECURITY_TLS_1_2 = 1;
    /** SECTYPE: TLS 1.3 or later. */
    public static final int SECURITY_TLS_1_3 = 2;
    /** Smallest admin queue a controller may offer. */
    public static final int MIN_ADMIN_QUEUE_ENTRIES = 32;

    private static final int SERVICE_ID_SIZE = 32;
    private static final int ADDRESS_SIZE = 256;

    /** Refuses what the fields cannot hold. */
    public DiscoveryLogEntry {
        int bytes = transportTypeCode | addressFamilyCode | subsystemType | requirements | securityType;
        int shorts = portId | controllerId | adminQueueEntries | flags;
        if ((bytes & ~0xFF | shorts & ~0xFFFF) != 0) {
            throw new IllegalArgumentException("a value does not fit its field");
        }
    }

    /** An entry for a dynamic controller over TCP without transport security. */
    public static DiscoveryLogEntry ofTcp(AddressFamily family, String address, int tcpPort, int portId,
            int subsystemType, NvmeQualifiedName subsystem, int adminQueueEntries, int flags) {
        return new DiscoveryLogEntry(TransportType.TCP.code(), family.code(), subsystemType,
                TREQ_SECURE_CHANNEL_NOT_REQUIRED | TREQ_DISABLE_SQ_FLOW_CONTROL, portId,
                ConnectData.DYNAMIC_CONTROLLER, adminQueueEntries, flags, Integer.toString(tcpPort),
                subsystem.toString(), address, SECURITY_NONE);
    }

    /** The transport type, or null if the code names none. */
    public TransportType transportType() {
        return TransportType.ofCode(transportTypeCode);
    }

    /** The address family, or null if the code names none. */
    public AddressFamily addressFamily() {
        return AddressFamily.ofCode(addressFamilyCode);
    }

    /** Reads the {@link #SIZE} bytes at {@code base}, whatever they are; control characters become '?'. */
    public static DiscoveryLogEntry decode(MemorySegment from, long base) {
        MemorySegment bytes = from.asSlice(base, SIZE);
        return new DiscoveryLogEntry(u8(bytes, "TRTYPE"), u8(bytes, "ADRFAM"), u8(bytes, "SUBTYPE"), u8(bytes, "TREQ"),
                u16(bytes, "PORTID"), u16(bytes, "CNTLID"), u16(bytes, "ASQSZ"), u16(bytes, "EFLAGS"),
                WireText.ascii(bytes, offset("TRSVCID"), SERVICE_ID_SIZE),
                WireText.utf8(bytes, offset("SUBNQN"), NvmeQualifiedName.FIELD_SIZE),
                WireText.ascii(bytes, offset("TRADDR"), ADDRESS_SIZE), u8(bytes, "SECTYPE"));
    }

    /**
     * Writes all {@link #SIZE} bytes.
     *
     * @throws IllegalArgumentException if a text does not fit its field
     */
    public void encode(MemorySegment into, long base) {
        MemorySegment bytes = into.asSlice(base, SIZE).fill((byte) 0);
        bytes.set(U8, offset("TRTYPE"), (byte) transportTypeCode);
        bytes.set(U8, offset("ADRFAM"), (byte) addressFamilyCode);
        bytes.set(U8, offset("SUBTYPE"), (byte) subsystemType);
        bytes.set(U8, offset("TREQ"), (byte) requirements);
        bytes.set(LE16, offset("PORTID"), (short) portId);
        bytes.set(LE16, offset("CNTLID"), (short) controllerId);
        bytes.set(LE16, offset("ASQSZ"), (short) adminQueueEntries);
        bytes.set(LE16, offset("EFLAGS"), (short) flags);
        WireText.putAscii(bytes, offset("TRSVCID"), SERVICE_ID_SIZE, serviceId);
        WireText.putUtf8(bytes, offset("SUBNQN"), NvmeQualifiedName.FIELD_SIZE, subsystemNqn);
        WireText.putAscii(bytes, offset("TRADDR"), ADDRESS_SIZE, address);
        bytes.set(U8, offset("SECTYPE"), (byte) securityType);
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
