package io.nvmeof.transport.tcp;

import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How a transport secures its connections: TLS 1.3 with pre-shared keys (NVMe/TCP Transport 1.1, 3.6.1), psk_dhe_ke
 * only, without certificates, tickets or early data.
 *
 * @param policy what listeners do about TLS unless told otherwise
 * @param lookup the target's keys, or {@code null} if listeners are {@link TlsPolicy#OFF}
 * @param offer the host's keys, or {@code null}: then hosts connect plainly
 * @param handshakeTimeoutMillis how long a handshake may take, from the connection's first moment, from 1
 * @param handshakeCountMax most handshakes that are under way at a time, from 1; connections beyond are closed
 * @param handshakeBytesMax most memory that holds messages of peers not yet authenticated, in bytes, from 1; a
 *     handshake that would need more is closed
 * @param keyBytesMax how much is sent under one key, in bytes, before the next one (RFC 8446, 5.5), from 1
 */
public record TlsOptions(TlsPolicy policy, TlsPskLookup lookup, TlsPskOffer offer, long handshakeTimeoutMillis,
        int handshakeCountMax, long handshakeBytesMax, long keyBytesMax) {
    /** Slow hosts across a slow network need a second or two. */
    public static final long DEFAULT_HANDSHAKE_TIMEOUT_MILLIS = TimeUnit.SECONDS.toMillis(10);
    /** Half of the connections that may be there without having initialized. */
    public static final int DEFAULT_HANDSHAKE_COUNT_MAX = 512;
    /** A handshake's messages are a few hundred bytes; this is room for a hundred of the longest that are allowed. */
    public static final long DEFAULT_HANDSHAKE_BYTES_MAX = 4L << 20;
    /** Below the 2^38.5 bytes that RFC 8446, 5.5 allows AES-GCM; short records count for more than they carry. */
    public static final long DEFAULT_KEY_BYTES_MAX = 1L << 38;

    public TlsOptions {
        Objects.requireNonNull(policy);
        if (policy != TlsPolicy.OFF && lookup == null) {
            throw new IllegalArgumentException("TLS is " + policy + " but there is nothing to find keys with");
        }
        atLeastOne("handshakeTimeoutMillis", handshakeTimeoutMillis);
        atLeastOne("handshakeCountMax", handshakeCountMax);
        atLeastOne("handshakeBytesMax", handshakeBytesMax);
        atLeastOne("keyBytesMax", keyBytesMax);
    }

    /** No TLS on either side. */
    public static TlsOptions off() {
        return new TlsOptions(TlsPolicy.OFF, null, null, DEFAULT_HANDSHAKE_TIMEOUT_MILLIS,
                DEFAULT_HANDSHAKE_COUNT_MAX, DEFAULT_HANDSHAKE_BYTES_MAX, DEFAULT_KEY_BYTES_MAX);
    }

    /** For a target. */
    public TlsOptions withLookup(TlsPolicy policy, TlsPskLookup lookup) {
        return new TlsOptions(policy, lookup, offer, handshakeTimeoutMillis, handshakeCountMax, handshakeBytesMax,
                keyBytesMax);
    }

    /** For a host: every connection of its transport is secured with one of these keys, or fails. */
    public TlsOptions withOffer(TlsPskOffer offer) {
        return new TlsOptions(policy, lookup, offer, handshakeTimeoutMillis, handshakeCountMax, handshakeBytesMax,
                keyBytesMax);
    }

    /** Another time limit for handshakes. */
    public TlsOptions withHandshakeTimeout(long handshakeTimeoutMillis) {
        return new TlsOptions(policy, lookup, offer, handshakeTimeoutMillis, handshakeCountMax, handshakeBytesMax,
                keyBytesMax);
    }

    /** Other limits for what strangers may cost. */
    public TlsOptions withHandshakeLimits(int handshakeCountMax, long handshakeBytesMax) {
        return new TlsOptions(policy, lookup, offer, handshakeTimeoutMillis, handshakeCountMax, handshakeBytesMax,
                keyBytesMax);
    }

    /** Another amount to send under one key. A peer that has no KeyUpdate closes the connection when it gets one. */
    public TlsOptions withKeyBytesMax(long keyBytesMax) {
        return new TlsOptions(policy, lookup, offer, handshakeTimeoutMillis, handshakeCountMax, handshakeBytesMax,
                keyBytesMax);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " " + value + ": allowed from 1");
        }
    }
}
