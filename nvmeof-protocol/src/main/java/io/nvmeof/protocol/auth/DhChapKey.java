package io.nvmeof.protocol.auth;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * A DH-HMAC-CHAP key of a host or of a controller, and how it is to be transformed for use with a name (NVMe Base 2.1,
 * 8.3.4.5.7 and 8.3.4.5.8). As text it is {@code DHHC-1:hh:base64:}, where hh is 00 for no transformation.
 */
public final class DhChapKey {
    private static final String PREFIX = "DHHC-1";
    private static final Set<Integer> LENGTHS = Set.of(32, 48, 64);
    private static final byte[] SEED = "NVMe-over-Fabrics".getBytes(StandardCharsets.US_ASCII);

    private final AuthenticationHash transformation;
    private final Secret key;

    private DhChapKey(AuthenticationHash transformation, Secret key) {
        if (!LENGTHS.contains(key.length())) {
            throw new IllegalArgumentException("a key has 32, 48 or 64 bytes, not " + key.length());
        }
        this.transformation = transformation;
        this.key = key;
    }

    /**
     * Reads {@code DHHC-1:hh:base64:}; blanks around it do not count.
     *
     * @throws IllegalArgumentException saying what is wrong (prefix, form, hash, Base64, length or CRC), without
     *         quoting anything of the key
     */
    public static DhChapKey parse(String text) {
        InterchangeText parsed = InterchangeText.parse(PREFIX, LENGTHS, AuthenticationHash.SHA_512.code(), text);
        return new DhChapKey(AuthenticationHash.ofCode(parsed.hashCodeOfText()), parsed.key());
    }

    /**
     * The key of these bytes.
     *
     * @param transformation the hash users transform it with, or null for none
     * @param key 32, 48 or 64 bytes, as many as the transformation's hash has if there is one; copied
     * @throws IllegalArgumentException if the length is another
     */
    public static DhChapKey of(AuthenticationHash transformation, byte[] key) {
        if (transformation != null && transformation.lengthBytes() != key.length) {
            throw new IllegalArgumentException("a key for " + transformation + " has " + transformation.lengthBytes()
                    + " bytes, not " + key.length);
        }
        return new DhChapKey(transformation, Secret.copyOf(key));
    }

    /**
     * A new key, made of random bytes the way {@code nvme gen-dhchap-key} makes it: with a hash, the key is the HMAC
     * of the name keyed by the random bytes; without one, it is the random bytes.
     *
     * @param transformation the hash, or null
     * @param random 32, 48 or 64 random bytes, as many as the hash has if there is one
     * @param name the host (or subsystem) the key is for
     * @throws IllegalArgumentException if the length is another
     */
    public static DhChapKey generate(AuthenticationHash transformation, byte[] random, NvmeQualifiedName name) {
        DhChapKey seed = of(transformation, random);
        Secret key = seed.transformed(name);
        seed.destroy();
        return new DhChapKey(transformation, key);
    }

    /** The hash users transform it with, or null if they use it as it is. */
    public AuthenticationHash transformation() {
        return transformation;
    }

    /** Bytes of the key. */
    public int lengthBytes() {
        return key.length();
    }

    /** What responses are computed with on behalf of a name: HMAC(key, name, "NVMe-over-Fabrics"), or the key. */
    Secret transformed(NvmeQualifiedName name) {
        return transformation == null
                ? key.copy()
                : Secret.owning(transformation.hmac(key.usable(), Names.bytes(name), SEED));
    }

    /** The key as {@code DHHC-1:hh:base64:}. The text is the secret itself. */
    public String interchangeText() {
        return new InterchangeText(transformation == null ? 0 : transformation.code(), key).format(PREFIX);
    }

    /** Overwrites the key, which can not be used any more. */
    public void destroy() {
        key.destroy();
    }

    /** Whether transformation and key are the same; compares keys in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof DhChapKey that && transformation == that.transformation && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }

    /** Tells the form, not the key. */
    @Override
    public String toString() {
        return "DhChapKey[" + (transformation == null ? "untransformed" : transformation) + ", " + key + ']';
    }
}
