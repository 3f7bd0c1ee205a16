package io.nvmeof.transport.tcp;

/** Our side of a handshake, beyond what Bouncy Castle asks of it. */
interface TlsPskPeer {
    /** At most so many bytes of an identity go into a message. */
    int IDENTITY_SHOWN_MAX = 512;

    /** Whether both Finished messages have been exchanged. */
    boolean isComplete();

    /** The outcome; taken once. */
    TlsSession session();

    /** What our own code threw, or {@code null}. */
    Throwable failure();

    /** What to say when we ended it with an alert. */
    String refused(int alert);

    /** What to say when what came is not a TLS record. */
    String notTls();

    /** What to say when the peer ended it with an alert. */
    String refusedByPeer(int alert);

    /** An identity for a message: what a stranger sent must not begin a new line in a log. */
    static String show(String identity) {
        StringBuilder shown = new StringBuilder(identity.length());
        for (int i = 0; i < Math.min(identity.length(), IDENTITY_SHOWN_MAX); i++) {
            char c = identity.charAt(i);
            shown.append(c >= ' ' && c < 0x7F || c > 0xA0 && Character.isLetterOrDigit(c) ? c : '?');
        }
        return shown.append(identity.length() > IDENTITY_SHOWN_MAX ? "..." : "").toString();
    }
}
