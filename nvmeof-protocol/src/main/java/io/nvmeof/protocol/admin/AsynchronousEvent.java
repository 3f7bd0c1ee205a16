package io.nvmeof.protocol.admin;

/**
 * What happened, as dword 0 of the completion of an Asynchronous Event Request says it (NVMe Base 2.1, Asynchronous
 * Event Request). Any three numbers a peer may send are a value.
 *
 * @param type Asynchronous Event Type, 0 to 7: {@link #TYPE_NOTICE} and the like
 * @param information Asynchronous Event Information, 0 to 255, meaning what the type says
 * @param logPage Log Page Identifier to read, which also re-enables the event, 0 to 255
 */
public record AsynchronousEvent(int type, int information, int logPage) {
    /** Error status. */
    public static final int TYPE_ERROR = 0;
    /** SMART / Health status. */
    public static final int TYPE_SMART = 1;
    /** Notice. */
    public static final int TYPE_NOTICE = 2;
    /** Immediate. */
    public static final int TYPE_IMMEDIATE = 3;
    /** One-shot. */
    public static final int TYPE_ONE_SHOT = 4;
    /** I/O Command Set specific status. */
    public static final int TYPE_IO_COMMAND_SET = 6;
    /** Vendor specific. */
    public static final int TYPE_VENDOR_SPECIFIC = 7;

    /** An attached namespace was added, removed or changed. */
    public static final AsynchronousEvent ATTACHED_NAMESPACE_ATTRIBUTE_CHANGED =
            new AsynchronousEvent(TYPE_NOTICE, 0x00, LogPageIdentifier.CHANGED_ATTACHED_NAMESPACE_LIST.code());
    /** The state or the namespaces of an ANA group changed. */
    public static final AsynchronousEvent ASYMMETRIC_NAMESPACE_ACCESS_CHANGE =
            new AsynchronousEvent(TYPE_NOTICE, 0x03, LogPageIdentifier.ASYMMETRIC_NAMESPACE_ACCESS.code());
    /** The discovery log page changed. */
    public static final AsynchronousEvent DISCOVERY_LOG_PAGE_CHANGE =
            new AsynchronousEvent(TYPE_NOTICE, 0xF0, LogPageIdentifier.DISCOVERY.code());
    /** A persistent internal error: the controller can no longer be trusted. */
    public static final AsynchronousEvent PERSISTENT_INTERNAL_ERROR =
            new AsynchronousEvent(TYPE_ERROR, 0x03, LogPageIdentifier.ERROR_INFORMATION.code());
    /** Reliability of the subsystem is degraded. */
    public static final AsynchronousEvent RELIABILITY_DEGRADED =
            new AsynchronousEvent(TYPE_SMART, 0x00, LogPageIdentifier.SMART_HEALTH_INFORMATION.code());
    /** A temperature threshold was crossed. */
    public static final AsynchronousEvent TEMPERATURE_THRESHOLD =
            new AsynchronousEvent(TYPE_SMART, 0x01, LogPageIdentifier.SMART_HEALTH_INFORMATION.code());
    /** Spare is below its threshold. */
    public static final AsynchronousEvent SPARE_BELOW_THRESHOLD =
            new AsynchronousEvent(TYPE_SMART, 0x02, LogPageIdentifier.SMART_HEALTH_INFORMATION.code());

    /** There is a Reservation Notification log page to be read. */
    public static final AsynchronousEvent RESERVATION_LOG_PAGE_AVAILABLE =
            new AsynchronousEvent(TYPE_IO_COMMAND_SET, 0x00, LogPageIdentifier.RESERVATION_NOTIFICATION.code());

    /** Bits 7:0 of Asynchronous Event Configuration: an event per critical warning bit of the SMART log. */
    public static final int ENABLE_SMART_WARNINGS = 0xFF;
    /** OAES, and Asynchronous Event Configuration: attached namespace attribute notices. */
    public static final int ENABLE_NAMESPACE_ATTRIBUTE = 1 << 8;
    /** OAES, and Asynchronous Event Configuration: firmware activation notices. */
    public static final int ENABLE_FIRMWARE_ACTIVATION = 1 << 9;
    /** OAES, and Asynchronous Event Configuration: ANA change notices. */
    public static final int ENABLE_ANA_CHANGE = 1 << 11;
    /** OAES, and Asynchronous Event Configuration: discovery log page change notices. */
    public static final int ENABLE_DISCOVERY_LOG_CHANGE = 1 << 31;

    private static final int TYPE_MASK = 0x7;
    private static final int BYTE_MASK = 0xFF;
    private static final int INFORMATION_SHIFT = 8;
    private static final int LOG_PAGE_SHIFT = 16;

    /** Refuses what the fields cannot hold. */
    public AsynchronousEvent {
        if ((type & ~TYPE_MASK | information & ~BYTE_MASK | logPage & ~BYTE_MASK) != 0) {
            throw new IllegalArgumentException("asynchronous event " + type + ", " + information + ", " + logPage);
        }
    }

    /** Reads dword 0 of a completion; reserved bits are ignored. */
    public static AsynchronousEvent ofDword0(int dword0) {
        return new AsynchronousEvent(dword0 & TYPE_MASK, dword0 >>> INFORMATION_SHIFT & BYTE_MASK,
                dword0 >>> LOG_PAGE_SHIFT & BYTE_MASK);
    }

    /** Dword 0 of the completion that reports this event. */
    public int dword0() {
        return type | information << INFORMATION_SHIFT | logPage << LOG_PAGE_SHIFT;
    }
}
