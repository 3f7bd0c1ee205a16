package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;

/**
 * One handshake, made by Bouncy Castle: records in, records out, until there are traffic secrets. What follows is not
 * Bouncy Castle's any more.
 *
 * <p>Runs off the loops, one step at a time.
 */
final class TlsHandshake {
    private final TransportAddress local;
    private final TransportAddress peer;
    private final TlsPskLookup lookup;
    private final TlsPskOffer offer;
    private TlsProtocol protocol;
    private TlsPskPeer side;
    private boolean notTls;

    private TlsHandshake(TransportAddress local, TransportAddress peer, TlsPskLookup lookup, TlsPskOffer offer) {
        this.local = local;
        this.peer = peer;
        this.lookup = lookup;
        this.offer = offer;
    }

    static TlsHandshake controller(TransportAddress local, TransportAddress peer, TlsPskLookup lookup) {
        return new TlsHandshake(local, peer, lookup, null);
    }

    static TlsHandshake host(TransportAddress local, TransportAddress peer, TlsPskOffer offer) {
        return new TlsHandshake(local, peer, null, offer);
    }

    /**
     * What a step came to.
     *
     * @param output records for the peer, an alert among them if it failed
     * @param consumed how many of the bytes given were of the handshake
     * @param session the outcome, or {@code null} while there is none
     * @param failure why it is over, or {@code null}
     */
    record Step(byte[] output, int consumed, TlsSession session, CloseReason failure) {}

    /** Takes some whole records; none at first, for the side that begins. */
    Step advance(byte[] records) {
        int consumed = 0;
        try {
            if (protocol == null) {
                begin();
            }
            while (consumed < records.length && !side.isComplete()) {
                int fault = TlsRecord.fault(records, consumed);
                if (fault != TlsFailure.NO_ALERT) {
                    notTls = true;
                    // It raises the alert under the keys of the moment.
                    protocol.offerInput(records, consumed, TlsRecord.HEADER_BYTES);
                    throw new TlsFatalAlert((short) fault);
                }
                int length = TlsRecord.HEADER_BYTES + TlsRecord.length(records, consumed);
                protocol.offerInput(records, consumed, length);
                consumed += length;
            }
            TlsSession session = side.isComplete() ? side.session() : null;
            return new Step(output(), consumed, session, null);
        } catch (NoKey none) {
            return new Step(output(), consumed, null, CloseReason.of(CloseReason.Kind.LOCAL, none.getMessage()));
        } catch (IOException failed) {
            return failed(failed, consumed);
        } catch (RuntimeException | Error bug) {
            return new Step(output(), consumed, null, new CloseReason(CloseReason.Kind.INTERNAL_ERROR,
                    "internal error in a TLS handshake: " + bug, bug));
        }
    }

    private void begin() throws IOException {
        if (offer == null) {
            TlsPskServer ours = new TlsPskServer(Crypto.SHARED, lookup, local, peer);
            TlsServerProtocol server = ours.protocol();
            side = ours;
            protocol = server;
            server.accept(ours);
            return;
        }
        List<TlsPsk> keys = offer.keys(peer);
        if (keys == null || keys.isEmpty()) {
            throw new NoKey("there is no TLS key for the controller: make one that both ends have, or connect "
                    + "without TLS");
        }
        TlsPskClient ours = new TlsPskClient(Crypto.SHARED, keys);
        TlsClientProtocol client = ours.protocol();
        side = ours;
        protocol = client;
        client.connect(ours);
    }

    private byte[] output() {
        if (protocol == null) {
            return new byte[0];
        }
        byte[] output = new byte[protocol.getAvailableOutputBytes()];
        protocol.readOutput(output, 0, output.length);
        return output;
    }

    private Step failed(IOException failed, int consumed) {
        byte[] output = output();
        if (output.length == 0 && failed instanceof TlsFatalAlert raised) {
            // Before it knows a version Bouncy Castle sends none.
            output = plainAlert(raised.getAlertDescription());
        }
        return new Step(output, consumed, null, describe(failed));
    }

    private static byte[] plainAlert(int description) {
        byte[] record = new byte[TlsRecord.HEADER_BYTES + 2];
        TlsRecord.encodeHeader(record, TlsRecord.ALERT, 2);
        record[TlsRecord.HEADER_BYTES] = TlsAlert.FATAL;
        record[TlsRecord.HEADER_BYTES + 1] = (byte) description;
        return record;
    }

    private CloseReason describe(IOException failed) {
        if (failed instanceof TlsFatalAlertReceived received) {
            return CloseReason.of(CloseReason.Kind.TERMINATED_BY_PEER,
                    side.refusedByPeer(received.getAlertDescription()));
        }
        int alert = failed instanceof TlsFatalAlert ours ? ours.getAlertDescription() : TlsAlert.INTERNAL_ERROR;
        if (side.failure() != null) {
            return new CloseReason(CloseReason.Kind.INTERNAL_ERROR, "internal error in a TLS handshake: "
                    + side.failure(), side.failure());
        }
        return CloseReason.of(CloseReason.Kind.PROTOCOL_ERROR, notTls ? side.notTls() : side.refused(alert));
    }

    /** There is nothing to begin with. */
    private static final class NoKey extends IOException {
        private static final long serialVersionUID = 1;

        private NoKey(String message) {
            super(message);
        }
    }

    /** Made when the first handshake needs it, off the loops: it takes a while. */
    private static final class Crypto {
        /** The JDK's algorithms: Bouncy Castle's own are twenty times slower. */
        private static final TlsCrypto SHARED = new JcaTlsCryptoProvider().create(new SecureRandom());
    }
}
