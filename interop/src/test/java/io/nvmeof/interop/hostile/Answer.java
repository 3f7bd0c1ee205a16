package io.nvmeof.interop.hostile;

import java.util.Arrays;

/** A PDU that came from the product, its digests checked. */
record Answer(byte[] bytes, Digests digests) {
    int type() {
        return Bytes.u8(bytes, 0);
    }

    int flags() {
        return Bytes.u8(bytes, 1);
    }

    boolean is(int type) {
        return type() == type;
    }

    // ---- CapsuleResp

    int cid() {
        return Bytes.u16(bytes, is(Pdu.RESPONSE) ? 20 : 8);
    }

    /** SCT and SC, without the bits around them. */
    int status() {
        return Bytes.u16(bytes, 22) >>> 1 & 0x7FF;
    }

    boolean doNotRetry() {
        return Bytes.u16(bytes, 22) >>> 15 != 0;
    }

    long result() {
        return Bytes.i64(bytes, 8);
    }

    // ---- TermReq

    int fatalErrorStatus() {
        return Bytes.u16(bytes, 8);
    }

    int fatalErrorInformation() {
        return Bytes.i32(bytes, 10);
    }

    byte[] offendingHeader() {
        return Arrays.copyOfRange(bytes, 24, bytes.length);
    }

    // ---- Data and R2T

    int tag() {
        return Bytes.u16(bytes, 10);
    }

    int offset() {
        return Bytes.i32(bytes, 12);
    }

    int length() {
        return Bytes.i32(bytes, 16);
    }

    byte[] data() {
        int offset = Bytes.u8(bytes, 3);
        return Arrays.copyOfRange(bytes, offset, bytes.length - (digests.data() ? 4 : 0));
    }

    /** For a test's message. */
    String describe() {
        return switch (type()) {
            case Pdu.IC_RESP -> "ICResp";
            case Pdu.IC_REQ -> "ICReq";
            case Pdu.H2C_TERM, Pdu.C2H_TERM -> "TermReq FES %02x FEI %d".formatted(fatalErrorStatus(),
                    fatalErrorInformation());
            case Pdu.RESPONSE -> "response to %d: status %03x".formatted(cid(), status());
            case Pdu.COMMAND -> "command, opcode %02x".formatted(bytes[8]);
            case Pdu.R2T -> "R2T for %d at %d of %d".formatted(cid(), offset(), length());
            default -> "data for %d at %d of %d".formatted(cid(), offset(), length());
        };
    }
}
