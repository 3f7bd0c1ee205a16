package io.nvmeof.protocol.auth;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The hash functions of DH-HMAC-CHAP, keys and PSK identities (NVMe Base 2.1, 8.3.4.5.2). */
public enum AuthenticationHash {
    /** SHA-256 (01h). */
    SHA_256(1, 32, "SHA-256", "HmacSHA256"),
    /** SHA-384 (02h). */
    SHA_384(2, 48, "SHA-384", "HmacSHA384"),
    /** SHA-512 (03h); TLS 1.3 has no cipher suite for it, so no PSK for TLS comes of it. */
    SHA_512(3, 64, "SHA-512", "HmacSHA512");

    private final int code;
    private final int lengthBytes;
    private final String digestName;
    private final String macName;

    AuthenticationHash(int code, int lengthBytes, String digestName, String macName) {
        this.code = code;
        this.lengthBytes = lengthBytes;
        this.digestName = digestName;
        this.macName = macName;
    }

    /** Returns the hash with this code (0..255), or null if there is none. */
    public static AuthenticationHash ofCode(int code) {
        return switch (code) {
            case 1 -> SHA_256;
            case 2 -> SHA_384;
            case 3 -> SHA_512;
            default -> null;
        };
    }

    /** The identifier on the wire, in key texts and in PSK identities. */
    public int code() {
        return code;
    }

    /** Bytes of a hash value, and so of a challenge and of a response. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Whether a TLS 1.3 cipher suite of NVMe/TCP uses it, so that it can make a PSK for TLS. */
    public boolean usableForTls() {
        return this != SHA_512;
    }

    /** The hash of the bytes. */
    byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance(digestName).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has " + digestName, e);
        }
    }

    /** HMAC with this hash, of the parts one after another. */
    byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(macName);
            mac.init(new SecretKeySpec(key, macName));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java runtime has " + macName + ", for a key of any bytes", e);
        }
    }

    @Override
    public String toString() {
        return digestName;
    }
}
