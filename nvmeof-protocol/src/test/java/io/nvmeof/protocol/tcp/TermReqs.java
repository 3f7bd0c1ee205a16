package io.nvmeof.protocol.tcp;

import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What connections send, looked at by tests. */
final class TermReqs {
    private TermReqs() {}

    /** The terminate request that is all of these bytes, and carries the beginning of the offending PDU. */
    static TermReqPdu only(byte[] sent, PduType type, byte[] offending) {
        assertThat(sent.length).isBetween(TermReqPdu.SIZE + PduHeader.SIZE, TermReqPdu.MAX_SIZE);
        MemorySegment segment = MemorySegment.ofArray(sent);
        PduHeader header = new PduHeader().wrap(segment, 0);
        assertThat(header.pduType()).isEqualTo(type);
        assertThat(header.flags()).isZero();
        assertThat(header.headerLength()).isEqualTo(TermReqPdu.SIZE);
        assertThat(header.pduLength()).isEqualTo(sent.length);
        int copied = sent.length - TermReqPdu.SIZE;
        assertThat(Arrays.copyOfRange(sent, TermReqPdu.SIZE, sent.length)).isEqualTo(Arrays.copyOf(offending, copied));
        return new TermReqPdu().wrap(segment, 0);
    }

    /** The header digest that is behind this header. */
    static int digestOf(byte[] pdu) {
        return MemorySegment.ofArray(pdu).get(LE32, pdu[PduHeader.HLEN_OFFSET]);
    }

    static R2tPdu r2tIn(byte[] sent) {
        MemorySegment segment = MemorySegment.ofArray(sent);
        assertThat(new PduHeader().wrap(segment, 0).pduType()).isEqualTo(PduType.R2T);
        return new R2tPdu().wrap(segment, 0);
    }

    /** The identifiers of the document's rows that begin with this letter. */
    static List<String> documentedRows(char letter) {
        try {
            return Files.readAllLines(Path.of("..", "docs", "protocol-errors.md")).stream()
                    .filter(line -> line.startsWith("| " + letter)).map(line -> line.substring(2, 5)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
