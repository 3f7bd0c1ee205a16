package io.nvmeof.transport.tcp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.ClientHello;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskKeyExchangeMode;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSK;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.AbstractTlsSecret;

/** The host's side of a handshake, which is TLS's client. Off the loops. */
final class TlsPskClient extends AbstractTlsClient implements TlsPskPeer {
    private final List<TlsPsk> keys;
    private TlsPsk chosen;
    private boolean ignored;
    private boolean complete;

    TlsPskClient(TlsCrypto crypto, List<TlsPsk> keys) {
        super(crypto);
        this.keys = keys;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return ProtocolVersion.TLSv13.only();
    }

    /** The suites of the keys, in the keys' order: to offer another would be to offer nothing. */
    @Override
    protected int[] getSupportedCipherSuites() {
        Set<TlsCipherSuite> suites = new LinkedHashSet<>();
        for (TlsPsk key : keys) {
            suites.add(key.suite());
        }
        int[] codes = new int[suites.size()];
        int count = 0;
        for (TlsCipherSuite suite : suites) {
            codes[count++] = suite.code();
        }
        return codes;
    }

    /** With an exchange of its own for each connection: who learns the key later cannot read what went before. */
    @Override
    public short[] getPskKeyExchangeModes() {
        return new short[] {PskKeyExchangeMode.psk_dhe_ke};
    }

    @Override
    public Vector<TlsPSKExternal> getExternalPSKs() {
        Vector<TlsPSKExternal> offered = new Vector<>();
        for (TlsPsk key : keys) {
            offered.add(TlsPskServer.external(getCrypto(), key));
        }
        return offered;
    }

    @Override
    public void notifySelectedPSK(TlsPSK selected) throws IOException {
        if (selected == null) {
            ignored = true;
            throw new TlsFatalAlert((short) TlsAlert.HANDSHAKE_FAILURE);
        }
        String identity = new String(selected.getIdentity(), StandardCharsets.UTF_8);
        for (TlsPsk key : keys) {
            if (key.identity().equals(identity)) {
                chosen = key;
                return;
            }
        }
        throw new TlsFatalAlert((short) TlsAlert.ILLEGAL_PARAMETER);
    }

    /**
     * The protocol for this side. Asked to try again with another group, a host leaves out the keys that do not go with
     * the suite the controller has chosen by then (RFC 8446, 4.1.2); Bouncy Castle 1.84 does, but goes on counting
     * their binders, so that the message says to be longer than it is, and both ends wait.
     */
    TlsClientProtocol protocol() {
        return new TlsClientProtocol() {
            private boolean again;

            @Override
            protected void send13ClientHelloRetry() throws IOException {
                again = true;
                super.send13ClientHelloRetry();
            }

            @Override
            protected void sendClientHelloMessage() throws IOException {
                if (again) {
                    clientHello = new ClientHello(clientHello.getVersion(), clientHello.getRandom(),
                            clientHello.getSessionID(), clientHello.getCookie(), clientHello.getCipherSuites(),
                            clientHello.getExtensions(), bindersBytes());
                }
                super.sendClientHelloMessage();
            }
        };
    }

    /** The length of the binders of the keys that go with the suite chosen (RFC 8446, 4.2.11). */
    private int bindersBytes() {
        int suite = context.getSecurityParametersHandshake().getCipherSuite();
        int length = Short.BYTES;
        for (TlsPsk key : keys) {
            length += key.suite().code() == suite ? 1 + key.suite().hashBytes() : 0;
        }
        return length;
    }

    @Override
    public TlsAuthentication getAuthentication() throws IOException {
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
                ((AbstractTlsSecret) parameters.getTrafficSecretClient()).extract(),
                ((AbstractTlsSecret) parameters.getTrafficSecretServer()).extract());
    }

    @Override
    public Throwable failure() {
        return null;
    }

    @Override
    public String refused(int alert) {
        if (ignored) {
            return "TLS handshake failed: the controller takes none of the keys offered" + identities()
                    + "; give it this host's key";
        }
        return switch (alert) {
            case TlsAlert.DECRYPT_ERROR, TlsAlert.BAD_RECORD_MAC -> "TLS handshake failed: the controller has another"
                    + " key for the identity" + identities() + "; compare the keys of both ends ("
                    + TlsAlert.name(alert) + ")";
            case TlsAlert.PROTOCOL_VERSION -> "TLS handshake failed: the controller does not offer TLS 1.3"
                    + " (protocol_version)";
            default -> "TLS handshake failed: " + TlsAlert.name(alert);
        };
    }

    @Override
    public String notTls() {
        return "what the controller answers is not TLS: is TLS enabled at this port?";
    }

    @Override
    public String refusedByPeer(int alert) {
        String what = switch (alert) {
            // OpenSSL says of a binder that does not verify that a parameter is illegal.
            case TlsAlert.DECRYPT_ERROR, TlsAlert.ILLEGAL_PARAMETER -> "it has another key for the identity"
                    + identities() + "; compare the keys of both ends";
            case TlsAlert.UNKNOWN_PSK_IDENTITY -> "it does not know the identity" + identities()
                    + "; give it this host's key, or check the NQNs of host and subsystem";
            case TlsAlert.HANDSHAKE_FAILURE, TlsAlert.INSUFFICIENT_SECURITY, TlsAlert.INTERNAL_ERROR,
                    TlsAlert.MISSING_EXTENSION -> "it may not know the identity" + identities()
                    + ", or want a key with another hash";
            case TlsAlert.PROTOCOL_VERSION -> "it does not offer TLS 1.3";
            default -> "something is wrong with what this host sent";
        };
        return "TLS handshake refused by the controller: " + what + " (" + TlsAlert.name(alert) + ")";
    }

    private String identities() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            text.append(i == 0 ? " '" : ", '").append(TlsPskPeer.show(keys.get(i).identity())).append('\'');
        }
        return text.toString();
    }
}
