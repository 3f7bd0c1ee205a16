package io.nvmeof.protocol.fabrics;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * An NVMe Qualified Name (NQN) of a host or a subsystem (NVMe Base 2.1, NVMe Qualified Names). Names are equal if their
 * bytes are.
 */
public final class NvmeQualifiedName {
    /** Longest name in bytes of UTF-8. */
    public static final int MAX_LENGTH = 223;
    /** Bytes of a field that holds a name, its NUL included. */
    public static final int FIELD_SIZE = 256;

    private static final String UUID_PREFIX = "nqn.2014-08.org.nvmexpress:uuid:";
    private static final Pattern UUID_FORM = Pattern.compile("\\p{XDigit}{8}-(\\p{XDigit}{4}-){3}\\p{XDigit}{12}");
    private static final Pattern DATED_FORM =
            Pattern.compile("nqn\\.\\d{4}-(0[1-9]|1[0-2])\\.[^.:\\s][^:\\s]*(:.+)?", Pattern.DOTALL);

    /** The well-known name of every discovery subsystem. */
    public static final NvmeQualifiedName DISCOVERY = of("nqn.2014-08.org.nvmexpress.discovery");

    private final String value;

    private NvmeQualifiedName(String value) {
        this.value = value;
    }

    /**
     * A name of our own or from a configuration: it must have one of the specified forms,
     * {@code nqn.2024-01.com.example:name} or {@code nqn.2014-08.org.nvmexpress:uuid:} and a UUID.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static NvmeQualifiedName of(String value) {
        NvmeQualifiedName name = lenient(value);
        if (value.startsWith(UUID_PREFIX)) {
            if (!UUID_FORM.matcher(value.substring(UUID_PREFIX.length())).matches()) {
                throw new IllegalArgumentException("no UUID at the end of NQN \"" + value + '"');
            }
        } else if (!DATED_FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "NQN \"" + value + "\" is not of the form nqn.yyyy-mm.reverse.domain:name");
        }
        return name;
    }

    /**
     * A name as a peer calls itself, which need not have a specified form: hosts and targets in the field do not
     * insist.
     *
     * @throws IllegalArgumentException if it is empty, longer than {@link #MAX_LENGTH} bytes or has control characters
     */
    public static NvmeQualifiedName lenient(String value) {
        if (value.isEmpty() || value.getBytes(StandardCharsets.UTF_8).length > MAX_LENGTH) {
            throw new IllegalArgumentException("an NQN has 1 to " + MAX_LENGTH + " bytes: \"" + value + '"');
        }
        if (value.codePoints().anyMatch(Character::isISOControl)
                || !StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw new IllegalArgumentException("an NQN has no control characters and is UTF-8");
        }
        return new NvmeQualifiedName(value);
    }

    /** The name a host or subsystem without a domain has: made of a UUID. */
    public static NvmeQualifiedName ofUuid(UUID uuid) {
        return new NvmeQualifiedName(UUID_PREFIX + uuid);
    }

    /** Whether this is the well-known discovery name. */
    public boolean isDiscovery() {
        return equals(DISCOVERY);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NvmeQualifiedName that && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** The name. */
    @Override
    public String toString() {
        return value;
    }
}
