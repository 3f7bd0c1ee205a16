package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.transport.TransportAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.ClientHello;
import org.bouncycastle.tls.HandshakeMessageInput;
import org.bouncycastle.tls.OfferedPsks;
import org.bouncycastle.tls.PRFAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskIdentity;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.ServerHello;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.AbstractTlsSecret;

/** The controller's side of a handshake, which is TLS's server. Off the loops. */
final class TlsPskServer extends AbstractTlsServer implements TlsPskPeer {
    /** Identities of one ClientHello that are looked for; hosts offer one or two. */
    private static final int IDENTITY_COUNT_MAX = 16;
    /** A ClientHello of ours is a few hundred bytes; those with a post-quantum key share have a few thousand. */
    private static final int MESSAGE_BYTES_MAX = 16 * 1024;

    private final TlsPskLookup lookup;
    private final TransportAddress local;
    private final TransportAddress peer;
    private final List<String> offered = new ArrayList<>();
    private TlsPsk chosen;
    /** Keys are known, but they need suites that the host does not offer. */
    private boolean suiteMissing;
    private boolean complete;
    private Throwable failure;

    TlsPskServer(TlsCrypto crypto, TlsPskLookup lookup, TransportAddress local, TransportAddress peer) {
        super(crypto);
        this.lookup = lookup;
        this.local = local;
        this.peer = peer;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.TLSv13.only();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return codes();
    }

    /** Once a key is chosen only its suite will do; Bouncy Castle asks for the key first. */
    @Override
    public int[] getCipherSuites() {
        return chosen == null ? codes() : new int[] {chosen.suite().code()};
    }

    @Override
    public int getMaxHandshakeMessageSize() {
        return MESSAGE_BYTES_MAX;
    }

    @Override
    public TlsPSKExternal getExternalPSK(@SuppressWarnings("rawtypes") Vector identities) {
        return external(getCrypto(), chosen);
    }

    /**
     * Chooses a key before anything else is chosen: without one Bouncy Castle would go on to certificates, which we
     * have not, and end in an alert that tells the host nothing.
     */
    TlsServerProtocol protocol() {
        return new TlsServerProtocol() {
            @Override
            protected ServerHello generate13ServerHello(ClientHello hello, HandshakeMessageInput message,
                    boolean afterRetry) throws IOException {
                if (chosen == null) {
                    choose(hello.getExtensions());
                }
                return super.generate13ServerHello(hello, message, afterRetry);
            }
        };
    }

    @Override
    public TlsCredentials getCredentials() throws IOException {
        throw new TlsFatalAlert((short) TlsAlert.HANDSHAKE_FAILURE);
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        complete = true;
    }

    @Override
    public boolean isComplete() {
        return complete;
    }

    @Override
    public TlsSession session() {
        SecurityParameters parameters = context.getSecurityParametersConnection();
        return new TlsSession(chosen.suite(), chosen.identity(),
                ((AbstractTlsSecret) parameters.getTrafficSecretServer()).extract(),
                ((AbstractTlsSecret) parameters.getTrafficSecretClient()).extract());
    }

    @Override
    public Throwable failure() {
        return failure;
    }

    @Override
    public String refused(int alert) {
        if (chosen == null && alert != TlsAlert.PROTOCOL_VERSION) {
            if (offered.isEmpty()) {
                return "TLS handshake refused: the host offers no pre-shared key with psk_dhe_ke ("
                        + TlsAlert.name(alert) + ")";
            } else if (suiteMissing) {
                return "TLS handshake refused: the host does not offer the cipher suite that goes with the key's hash"
                        + identities() + " (" + TlsAlert.name(alert) + ")";
            }
            return "TLS handshake refused: there is no key with the identity the host offers" + identities() + " ("
                    + TlsAlert.name(alert) + ")";
        }
        return switch (alert) {
            case TlsAlert.DECRYPT_ERROR -> "TLS handshake refused: the host has another key for the identity '"
                    + TlsPskPeer.show(chosen == null ? "" : chosen.identity()) + "' than this target (decrypt_error)";
            case TlsAlert.PROTOCOL_VERSION -> "TLS handshake refused: the host does not offer TLS 1.3"
                    + " (protocol_version)";
            default -> "TLS handshake failed: " + TlsAlert.name(alert);
        };
    }

    @Override
    public String notTls() {
        return "TLS handshake refused: what came is not a TLS record";
    }

    @Override
    public String refusedByPeer(int alert) {
        return "TLS handshake refused by the host: " + TlsAlert.name(alert);
    }

    /** The JDK's and Bouncy Castle's view of a key. */
    static TlsPSKExternal external(TlsCrypto crypto, TlsPsk psk) {
        byte[] secret = psk.secret();
        try {
            // Bouncy Castle copies it.
            return new BasicTlsPSKExternal(psk.identityBytes(), crypto.createSecret(secret),
                    psk.suite() == TlsCipherSuite.TLS_AES_256_GCM_SHA384 ? PRFAlgorithm.tls13_hkdf_sha384
                    : PRFAlgorithm.tls13_hkdf_sha256);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    static int[] codes() {
        return new int[] {TlsCipherSuite.TLS_AES_256_GCM_SHA384.code(), TlsCipherSuite.TLS_AES_128_GCM_SHA256.code()};
    }

    private void choose(Hashtable<?, ?> extensions) throws IOException {
        OfferedPsks psks = extensions == null ? null : TlsExtensionsUtils.getPreSharedKeyClientHello(extensions);
        short[] modes = extensions == null ? null : TlsExtensionsUtils.getPSKKeyExchangeModesExtension(extensions);
        if (psks != null && modes != null && has(modes, PskKeyExchangeMode.psk_dhe_ke)) {
            choose(psks.getIdentities());
        }
        if (failure != null) {
            throw new TlsFatalAlert((short) TlsAlert.INTERNAL_ERROR);
        } else if (chosen == null) {
            throw new TlsFatalAlert((short) (offered.isEmpty() || suiteMissing ? TlsAlert.HANDSHAKE_FAILURE
                    : TlsAlert.UNKNOWN_PSK_IDENTITY));
        }
    }

    private void choose(Vector<?> identities) {
        Set<TlsCipherSuite> suites = EnumSet.noneOf(TlsCipherSuite.class);
        for (int code : offeredCipherSuites) {
            TlsCipherSuite suite = TlsCipherSuite.of(code);
            if (suite != null) {
                suites.add(suite);
            }
        }
        for (int i = 0; i < Math.min(identities.size(), IDENTITY_COUNT_MAX) && chosen == null; i++) {
            String identity = decode(((PskIdentity) identities.get(i)).getIdentity());
            offered.add(identity == null ? "(not UTF-8)" : identity);
            TlsPsk found = identity == null ? null : find(identity, suites);
            if (found != null && !found.identity().equals(identity)) {
                failure = new IllegalStateException("the key found for an identity has another");
            } else if (found != null && !suites.contains(found.suite())) {
                suiteMissing = true;
            } else {
                chosen = found;
            }
        }
    }

    private TlsPsk find(String identity, Set<TlsCipherSuite> suites) {
        try {
            return lookup.find(new TlsPskLookup.Request(identity, suites, local, peer));
        } catch (RuntimeException | Error bug) {
            failure = bug;
            return null;
        }
    }

    private String identities() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(offered.size(), 2); i++) {
            text.append(i == 0 ? ": '" : ", '").append(TlsPskPeer.show(offered.get(i))).append('\'');
        }
        return text.append(offered.size() > 2 ? " and " + (offered.size() - 2) + " more" : "").toString();
    }

    private static boolean has(short[] modes, short wanted) {
        for (short mode : modes) {
            if (mode == wanted) {
                return true;
            }
        }
        return false;
    }

    private static String decode(byte[] identity) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(identity)).toString();
        } catch (CharacterCodingException notText) {
            // The one name for "no identity of ours": ours are text.
            return null;
        }
    }
}
