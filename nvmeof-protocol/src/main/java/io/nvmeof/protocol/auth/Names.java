package io.nvmeof.protocol.auth;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.nio.charset.StandardCharsets;

/** Names as bytes under an HMAC: without the NUL they have on the wire. */
final class Names {
    private Names() {}

    static byte[] bytes(NvmeQualifiedName name) {
        return name.toString().getBytes(StandardCharsets.UTF_8);
    }
}
