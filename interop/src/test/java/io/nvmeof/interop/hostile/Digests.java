package io.nvmeof.interop.hostile;

/** Which digests a connection agreed on. */
record Digests(boolean header, boolean data) {
    static final Digests NONE = new Digests(false, false);
    static final Digests HEADER = new Digests(true, false);
    static final Digests DATA = new Digests(false, true);
    static final Digests BOTH = new Digests(true, true);

    /** The DGST field of ICReq and ICResp. */
    int bits() {
        return (header ? 1 : 0) | (data ? 2 : 0);
    }
}
