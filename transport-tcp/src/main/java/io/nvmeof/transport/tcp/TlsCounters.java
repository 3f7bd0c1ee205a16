package io.nvmeof.transport.tcp;

/**
 * What a transport's TLS handshakes have come to. The first three are of now, the others since the transport was made.
 *
 * @param handshakeCount handshakes under way
 * @param handshakeBytes memory that holds messages of peers not yet authenticated, in bytes
 * @param handshakeBytesPeak the most of it there ever was
 * @param completedCount handshakes that ended well
 * @param failedCount connections that ended before they were secure, those of the next three counted in
 * @param timedOutCount of those, the ones that took too long
 * @param refusedCount connections closed because of {@link TlsOptions#handshakeCountMax} or {@code handshakeBytesMax}
 * @param plainRefusedCount plain connections that a listener which requires TLS closed
 * @param keyUpdateCount how often this side of a connection went on to its next key
 */
public record TlsCounters(int handshakeCount, long handshakeBytes, long handshakeBytesPeak, long completedCount,
        long failedCount, long timedOutCount, long refusedCount, long plainRefusedCount, long keyUpdateCount) {}
