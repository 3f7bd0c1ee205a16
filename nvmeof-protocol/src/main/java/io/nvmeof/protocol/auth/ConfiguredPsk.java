package io.nvmeof.protocol.auth;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.util.Set;

/**
 * A PSK for TLS as an administrator hands it to both ends (NVMe/TCP Transport 1.1, 3.6.1.5). As text it is
 * {@code NVMeTLSkey-1:hh:base64:}, where hh is 00 if it is retained as it is, 01 if with SHA-256, 02 if with SHA-384.
 */
public final class ConfiguredPsk {
    private static final String PREFIX = "NVMeTLSkey-1";
    private static final String RETAINED_LABEL = "HostNQN";
    private static final Set<Integer> LENGTHS = Set.of(32, 48);

    private final AuthenticationHash transformation;
    private final Secret psk;

    private ConfiguredPsk(AuthenticationHash transformation, Secret psk) {
        this.transformation = transformation;
        this.psk = psk;
    }

    /**
     * Reads {@code NVMeTLSkey-1:hh:base64:}; blanks around it do not count.
     *
     * @throws IllegalArgumentException saying what is wrong (prefix, form, hash, Base64, length or CRC), without
     *         quoting anything of the key
     */
    public static ConfiguredPsk parse(String text) {
        InterchangeText parsed = InterchangeText.parse(PREFIX, LENGTHS, AuthenticationHash.SHA_384.code(), text);
        AuthenticationHash transformation = AuthenticationHash.ofCode(parsed.hashCodeOfText());
        return checked(transformation, parsed.key());
    }

    /**
     * The PSK of these bytes; random ones make a new PSK, as {@code nvme gen-tls-key} does.
     *
     * @param transformation SHA-256, SHA-384, or null if the PSK is retained as it is
     * @param psk 32 or 48 bytes, as many as the hash has if there is one; copied
     * @throws IllegalArgumentException if the hash or the length is another
     */
    public static ConfiguredPsk of(AuthenticationHash transformation, byte[] psk) {
        return checked(transformation, Secret.copyOf(psk));
    }

    private static ConfiguredPsk checked(AuthenticationHash transformation, Secret psk) {
        boolean fits = transformation == null
                ? LENGTHS.contains(psk.length())
                : transformation.usableForTls() && transformation.lengthBytes() == psk.length();
        if (!fits) {
            throw new IllegalArgumentException("a PSK has 32 bytes for SHA-256, 48 for SHA-384 and one of the two"
                    + " without a hash; not " + psk.length() + " for "
                    + (transformation == null ? "none" : transformation));
        }
        return new ConfiguredPsk(transformation, psk);
    }

    /** The hash it is transformed with before it is stored, or null. */
    public AuthenticationHash transformation() {
        return transformation;
    }

    /** The hash of the cipher suite it is for: that of the transformation, or else the one as long as the PSK. */
    public AuthenticationHash hash() {
        if (transformation != null) {
            return transformation;
        }
        return psk.length() == AuthenticationHash.SHA_256.lengthBytes()
                ? AuthenticationHash.SHA_256 : AuthenticationHash.SHA_384;
    }

    /**
     * The retained PSK: what is stored for use with subsystems in place of the configured PSK (3.6.1.3).
     *
     * @throws IllegalArgumentException never for names of at most 223 bytes, which all are
     */
    public Secret retained(NvmeQualifiedName host, PskDerivation derivation) {
        if (transformation == null) {
            return psk.copy();
        }
        byte[] info = Hkdf.labelInfo(derivation, RETAINED_LABEL, host.toString(), psk.length());
        return Hkdf.derive(transformation, psk, info, psk.length());
    }

    /**
     * The PSK and its identity for TLS between a host and a subsystem.
     *
     * @param identityVersion 0 or 1; 1 has the digest that tells different PSKs of the same two names apart
     * @throws IllegalArgumentException if the version is another, or the names are too long for version 0
     */
    public TlsPsk tlsPsk(int identityVersion, NvmeQualifiedName host, NvmeQualifiedName subsystem,
            PskDerivation derivation) {
        Secret retained = retained(host, derivation);
        try {
            return TlsPsk.ofRetained(identityVersion, hash(), retained, host, subsystem, derivation);
        } finally {
            retained.destroy();
        }
    }

    /** The PSK as {@code NVMeTLSkey-1:hh:base64:}. The text is the secret itself. */
    public String interchangeText() {
        return new InterchangeText(transformation == null ? 0 : transformation.code(), psk).format(PREFIX);
    }

    /** Overwrites the PSK, which can not be used any more. */
    public void destroy() {
        psk.destroy();
    }

    /** Whether transformation and PSK are the same; compares PSKs in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ConfiguredPsk that && transformation == that.transformation && psk.equals(that.psk);
    }

    @Override
    public int hashCode() {
        return psk.hashCode();
    }

    /** Tells the form, not the PSK. */
    @Override
    public String toString() {
        return "ConfiguredPsk[" + (transformation == null ? "untransformed" : transformation) + ", " + psk + ']';
    }
}
