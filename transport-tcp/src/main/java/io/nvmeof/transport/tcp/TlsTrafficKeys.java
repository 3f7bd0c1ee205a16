package io.nvmeof.transport.tcp;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of one direction of a connection: the traffic secret, what is derived from it (RFC 8446, 7.3), and the count
 * of records under it, which makes each nonce (5.3).
 *
 * <p>The JDK's AES-GCM reaches its speed on arrays only: on direct buffers it is three times slower and makes more
 * garbage. So records are worked on in arrays of the loop's; an in-place array it would copy.
 *
 * <p>Owned by the connection's loop.
 */
final class TlsTrafficKeys {
    static final int TAG_BYTES = 16;

    private static final int NONCE_BYTES = 12;
    private static final byte[] LABEL_PREFIX = "tls13 ".getBytes(StandardCharsets.US_ASCII);

    private final TlsCipherSuite suite;
    private final int mode;
    private final Cipher cipher;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private byte[] secret;
    private byte[] iv;
    private SecretKeySpec key;
    private long sequence;

    private TlsTrafficKeys(TlsCipherSuite suite, int mode, byte[] secret) throws GeneralSecurityException {
        this.suite = suite;
        this.mode = mode;
        this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        this.secret = secret;
        derive();
    }

    /** Keys that seal records; owns the secret. */
    static TlsTrafficKeys toSend(TlsCipherSuite suite, byte[] secret) throws GeneralSecurityException {
        return new TlsTrafficKeys(suite, Cipher.ENCRYPT_MODE, secret);
    }

    /** Keys that open records; owns the secret. */
    static TlsTrafficKeys toReceive(TlsCipherSuite suite, byte[] secret) throws GeneralSecurityException {
        return new TlsTrafficKeys(suite, Cipher.DECRYPT_MODE, secret);
    }

    /**
     * Seals or opens the next record; the two arrays must differ.
     *
     * @param header the record's header, its first five bytes
     * @return how many bytes were written
     * @throws javax.crypto.AEADBadTagException if a record to open is not what the peer sealed
     */
    int apply(byte[] header, byte[] from, int offset, int length, byte[] into, int intoOffset)
            throws GeneralSecurityException {
        for (int i = 0; i < Integer.BYTES; i++) {
            nonce[i] = iv[i];
        }
        for (int i = 0; i < Long.BYTES; i++) {
            int at = NONCE_BYTES - 1 - i;
            nonce[at] = (byte) (iv[at] ^ sequence >>> Byte.SIZE * i);
        }
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(header, 0, TlsRecord.HEADER_BYTES);
        int written = cipher.doFinal(from, offset, length, into, intoOffset);
        sequence++;
        return written;
    }

    /** Goes on to the next generation of keys (RFC 8446, 7.2). */
    void update() throws GeneralSecurityException {
        byte[] next = expandLabel("traffic upd", suite.hashBytes());
        Arrays.fill(secret, (byte) 0);
        secret = next;
        derive();
    }

    /** Wipes the secret; the keys are not used again. */
    void destroy() {
        Arrays.fill(secret, (byte) 0);
        Arrays.fill(iv, (byte) 0);
    }

    private void derive() throws GeneralSecurityException {
        byte[] bytes = expandLabel("key", suite.keyBytes());
        key = new SecretKeySpec(bytes, "AES");
        Arrays.fill(bytes, (byte) 0);
        iv = expandLabel("iv", NONCE_BYTES);
        sequence = 0;
    }

    /** HKDF-Expand-Label with an empty context (RFC 8446, 7.1); what is asked for is at most one block of the hash. */
    private byte[] expandLabel(String label, int length) throws GeneralSecurityException {
        byte[] name = label.getBytes(StandardCharsets.US_ASCII);
        Mac mac = Mac.getInstance(suite.hmac());
        mac.init(new SecretKeySpec(secret, suite.hmac()));
        mac.update((byte) (length >>> Byte.SIZE));
        mac.update((byte) length);
        mac.update((byte) (LABEL_PREFIX.length + name.length));
        mac.update(LABEL_PREFIX);
        mac.update(name);
        mac.update((byte) 0);
        mac.update((byte) 1);
        byte[] block = mac.doFinal();
        byte[] result = Arrays.copyOf(block, length);
        Arrays.fill(block, (byte) 0);
        return result;
    }
}
