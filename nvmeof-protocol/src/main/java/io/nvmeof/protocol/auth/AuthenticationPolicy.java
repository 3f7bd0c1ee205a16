package io.nvmeof.protocol.auth;

import java.util.EnumSet;
import java.util.List;

/**
 * What one end accepts in an authentication. A peer can not lower it: what is not listed is neither offered nor
 * chosen, and refused if the peer chooses it.
 *
 * @param hashes the hashes, most wanted first; at least one, none twice
 * @param groups the DH groups, most wanted first; at least one, none twice. The time a group takes is what a stranger
 *        can make a controller compute, so a controller should want 3072 bits more than 8192
 * @param secureChannel what a controller does about secure channel concatenation; a host says what it wants elsewhere
 */
public record AuthenticationPolicy(List<AuthenticationHash> hashes, List<DhGroup> groups, Concatenation secureChannel) {
    /** Whether a controller generates PSKs for TLS. */
    public enum Concatenation {
        /** It refuses to. */
        REFUSED,
        /** It does if a host asks for it. */
        ALLOWED,
        /** It refuses hosts that do not ask for it, in any queue without TLS. */
        REQUIRED
    }

    /** All hashes, and all groups but {@link DhGroup#NULL}: keys that become known later tell nothing of before. */
    public static final AuthenticationPolicy FORWARD_SECRET = new AuthenticationPolicy(
            List.of(AuthenticationHash.SHA_512, AuthenticationHash.SHA_384, AuthenticationHash.SHA_256),
            List.of(DhGroup.FFDHE3072, DhGroup.FFDHE4096, DhGroup.FFDHE2048, DhGroup.FFDHE6144, DhGroup.FFDHE8192),
            Concatenation.ALLOWED);

    /** As {@link #FORWARD_SECRET}, and as a last choice {@link DhGroup#NULL}, the default of Linux targets. */
    public static final AuthenticationPolicy COMPATIBLE = new AuthenticationPolicy(FORWARD_SECRET.hashes(),
            List.of(DhGroup.FFDHE3072, DhGroup.FFDHE4096, DhGroup.FFDHE2048, DhGroup.FFDHE6144, DhGroup.FFDHE8192,
                    DhGroup.NULL), Concatenation.ALLOWED);

    /**
     * Keeps copies of the lists.
     *
     * @throws IllegalArgumentException if a list is empty or has something twice
     */
    public AuthenticationPolicy {
        hashes = List.copyOf(hashes);
        groups = List.copyOf(groups);
        if (hashes.isEmpty() || EnumSet.copyOf(hashes).size() != hashes.size()) {
            throw new IllegalArgumentException("hashes are to be one or more, none twice: " + hashes);
        }
        if (groups.isEmpty() || EnumSet.copyOf(groups).size() != groups.size()) {
            throw new IllegalArgumentException("DH groups are to be one or more, none twice: " + groups);
        }
    }

    /** The same with another rule for secure channel concatenation. */
    public AuthenticationPolicy with(Concatenation secureChannel) {
        return new AuthenticationPolicy(hashes, groups, secureChannel);
    }

    /** The hashes that can be used: with a secure channel, those TLS has. */
    List<AuthenticationHash> hashesFor(SecureChannel secureChannel) {
        return secureChannel == SecureChannel.NONE
                ? hashes : hashes.stream().filter(AuthenticationHash::usableForTls).toList();
    }

    /** The groups that can be used: with a secure channel, those that are any. */
    List<DhGroup> groupsFor(SecureChannel secureChannel) {
        return secureChannel == SecureChannel.NONE
                ? groups : groups.stream().filter(group -> group != DhGroup.NULL).toList();
    }
}
