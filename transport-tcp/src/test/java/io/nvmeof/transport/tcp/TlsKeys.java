package io.nvmeof.transport.tcp;

import java.util.HexFormat;
import java.util.List;

/** Keys for tests, one for each suite. */
final class TlsKeys {
    static final String HOST = "nqn.2014-08.org.nvmexpress:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    static final String SUBSYSTEM = "nqn.2019-08.org.example:subsystem";
    static final String HEX_256 = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    static final TlsPsk SHA_256 = TlsPsk.of("NVMe1R01 " + HOST + " " + SUBSYSTEM + " VRL5Q5Gt", bytes(HEX_256),
            TlsCipherSuite.TLS_AES_128_GCM_SHA256);
    static final TlsPsk SHA_384 = TlsPsk.of("NVMe1R02 " + HOST + " " + SUBSYSTEM + " VRL5Q5Gu",
            bytes(HEX_256 + "202122232425262728292a2b2c2d2e2f"), TlsCipherSuite.TLS_AES_256_GCM_SHA384);

    /** For machines that have much else to do. */
    private static final long TIMEOUT_MILLIS = 60_000;

    private TlsKeys() {}

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /** Another secret under the same identity. */
    static TlsPsk wrong(TlsPsk right) {
        byte[] secret = right.secret();
        secret[0] ^= 1;
        return TlsPsk.of(right.identity(), secret, right.suite());
    }

    /** A target's lookup in these keys. */
    static TlsPskLookup lookup(TlsPsk... keys) {
        return request -> {
            for (TlsPsk key : keys) {
                if (key.identity().equals(request.identity())) {
                    return key;
                }
            }
            return null;
        };
    }

    /** Options of both ends, with one key. */
    static TcpOptions both(TcpOptions options, TlsPsk key) {
        return options.withTls(target(TlsPolicy.REQUIRED, key).withOffer(_ -> List.of(key)));
    }

    static TlsOptions target(TlsPolicy policy, TlsPsk... keys) {
        return TlsOptions.off().withHandshakeTimeout(TIMEOUT_MILLIS).withLookup(policy, lookup(keys));
    }

    static TcpOptions host(TlsPsk... keys) {
        return TcpOptions.defaults().withTls(
                TlsOptions.off().withHandshakeTimeout(TIMEOUT_MILLIS).withOffer(_ -> List.of(keys)));
    }
}
