package io.nvmeof.interop.hostile;

import static io.nvmeof.interop.hostile.ControllerRow.bears;
import static io.nvmeof.interop.hostile.ControllerRow.fails;
import static io.nvmeof.interop.hostile.ControllerRow.terminated;

import io.nvmeof.interop.hostile.HostBench.Use;
import io.nvmeof.interop.hostile.RawController.Command;
import io.nvmeof.interop.hostile.RawController.Line;
import io.nvmeof.interop.hostile.RawController.Misdeeds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Controllers' lies about connections, data and responses. */
final class ControllerRows {
    private static final int READ_BYTES = HostBench.SMALL_BLOCKS * RawController.BLOCK;
    private static final int WRITE_BYTES = HostBench.LARGE_BLOCKS * RawController.BLOCK;

    private ControllerRows() {}

    static List<ControllerRow> rows() {
        List<ControllerRow> rows = new ArrayList<>();
        initialize(rows);
        headers(rows);
        data(rows);
        readyToTransfer(rows);
        responses(rows);
        return rows;
    }

    private static Misdeeds icResp(IntFunction<Pdu> answer) {
        return new Misdeeds() {
            @Override
            public Pdu icResp(int digests) {
                return answer.apply(digests);
            }
        };
    }

    /** What is sent instead of an answer to the first read or write of namespace 1. */
    private interface Misdeed {
        void run(Line line, Command command) throws IOException;
    }

    private static Misdeeds on(int opcode, Misdeed misdeed) {
        return new Misdeeds() {
            @Override
            public boolean command(Line line, Command command) throws IOException {
                if (command.opcode() != opcode || command.dword(1) != 1) {
                    return false;
                }
                misdeed.run(line, command);
                return true;
            }
        };
    }

    private static Misdeeds onRead(Misdeed misdeed) {
        return on(0x02, misdeed);
    }

    private static Misdeeds onWrite(Misdeed misdeed) {
        return on(0x01, misdeed);
    }

    private static void initialize(List<ControllerRow> rows) {
        for (int version : new int[] {1, 0xFFFF}) {
            rows.add(terminated("K01", "ICResp with a PFV above 0", Use.CONNECT,
                    icResp(digests -> Pdu.icResp(0, digests, 8192).u16(8, version)), 6, 8).variant(version));
        }
        for (int alignment : new int[] {32, 255}) {
            rows.add(terminated("K02", "ICResp with a CPDA above 31", Use.CONNECT,
                    icResp(digests -> Pdu.icResp(alignment, digests, 8192)), 1, 10).variant(alignment));
        }
        for (int max : new int[] {0, 1, 4095, 4097, 8190}) {
            rows.add(terminated("K03", "ICResp with a MAXH2CDATA below 4096, or no multiple of 4", Use.CONNECT,
                    icResp(digests -> Pdu.icResp(0, digests, max)), 1, 12).variant(max));
        }
        rows.add(bears("K04", "ICResp with a MAXH2CDATA of 4 GiB", Use.WRITE,
                icResp(digests -> Pdu.icResp(0, digests, -4)), "works"));
        rows.add(terminated("K05", "digests granted that were not asked for", Use.CONNECT,
                icResp(digests -> Pdu.icResp(0, 3, 8192)), 6, 11));
        rows.add(terminated("K06", "digests refused that were asked for", Use.CONNECT,
                icResp(digests -> Pdu.icResp(0, 0, 8192)), 6, 11).with(Digests.BOTH));
        rows.add(terminated("K07", "another PDU instead of ICResp", Use.CONNECT,
                icResp(digests -> Pdu.response(0, 0, 0, 0, Digests.NONE)), 2, 0).variant("CapsuleResp"));
        rows.add(terminated("K08", "ICReq instead of ICResp", Use.CONNECT, icResp(Pdu::icReq), 1, 0));
        for (int length : new int[] {0, 127, 129, 0x7FFFFFFF}) {
            rows.add(terminated("K09", "ICResp with another PLEN than 128", Use.CONNECT,
                    icResp(digests -> Pdu.icResp(0, digests, 8192).u32(4, length)), 1, 4).variant(length));
        }
        rows.add(fails("K10", "C2HTermReq instead of ICResp", Use.CONNECT,
                icResp(digests -> Pdu.termReq(Pdu.C2H_TERM, 1, 8)), "closed; the caller's future fails"));
        rows.add(fails("K11", "no ICResp at all", Use.CONNECT, icResp(digests -> null),
                "closed at the time limit; the caller's future fails"));
    }

    private static void headers(List<ControllerRow> rows) {
        for (int type : new int[] {0, 2, 4, 6, 8, 10, 0xFF}) {
            rows.add(terminated("K20", "a PDU type that no controller sends", Use.READ, onRead((line, command) ->
                    line.send(Pdu.response(command.cid(), 0, 0, 0, Digests.NONE).u8(0, type))), 1, 0).variant(type));
        }
        rows.add(terminated("K21", "ICResp again", Use.READ,
                onRead((line, command) -> line.send(Pdu.icResp(0, 0, 8192))), 2, 0));
        rows.add(terminated("K22", "CapsuleResp with another HLEN", Use.READ, onRead((line, command) ->
                line.send(Pdu.response(command.cid(), 0, 0, 0, Digests.NONE).u8(2, 25))), 1, 2));
        for (long length : new long[] {0, 23, 25, 0xFFFFFFFFL}) {
            rows.add(terminated("K23", "CapsuleResp with another PLEN", Use.READ, onRead((line, command) ->
                    line.send(Pdu.response(command.cid(), 0, 0, 0, Digests.NONE).u32(4, length))), 1, 4)
                    .variant(length));
        }
        int wrong = 0x0BADF00D;
        ControllerRow digest = terminated("K24", "a wrong header digest", Use.READ, onRead((line, command) ->
                line.send(Pdu.response(command.cid(), 0, 0, 0, line.digests()).u32(24, wrong))), 3, wrong);
        rows.add(new ControllerRow("K24", digest.input(), "", Use.READ, Digests.BOTH, digest.misdeeds(), 3, wrong, true,
                "H2CTermReq, FES 03h, FEI the digest received; the caller's future fails"));
        rows.add(fails("K25", "a wrong data digest of C2HData", Use.READ, onRead((line, command) -> {
            Pdu data = Pdu.c2hData(command.cid(), 0, new byte[READ_BYTES], Pdu.LAST, line.digests());
            line.send(data.xor(data.bytes.length - 1, 1));
            line.respond(command.cid(), 0, 0);
        }), "that command fails; the connection goes on").with(Digests.BOTH));
        rows.add(fails("K26", "C2HTermReq", Use.READ, onRead((line, command) ->
                line.send(Pdu.termReq(Pdu.C2H_TERM, 0xFFFF, -1))), "closed; the caller's future fails"));
        rows.add(fails("K27", "the stream ends in the middle of data", Use.READ, onRead((line, command) -> {
            Pdu data = Pdu.c2hData(command.cid(), 0, new byte[READ_BYTES], Pdu.LAST, line.digests());
            line.socket.send(java.util.Arrays.copyOf(data.bytes, 1000));
            line.close();
        }), "closed; the caller's future fails"));
    }

    private static Pdu data(Command command, long offset, int length, int flags) {
        return Pdu.c2hData(command.cid(), offset, new byte[length], flags, Digests.NONE);
    }

    private static void data(List<ControllerRow> rows) {
        for (long offset : new long[] {4, READ_BYTES, 0x7FFFFFFCL, 0xFFFFFFFCL}) {
            rows.add(terminated("K30", "C2HData that does not begin where data is missing", Use.READ, onRead(
                    (line, command) -> line.send(data(command, offset, 512, 0))), 4, 0).variant(offset));
        }
        rows.add(terminated("K31", "more C2HData than was asked for", Use.READ, onRead((line, command) ->
                line.send(data(command, 0, READ_BYTES + 512, Pdu.LAST))), 4, 0));
        rows.add(terminated("K32", "C2HData that overlaps", Use.READ, onRead((line, command) -> {
            line.send(data(command, 0, 1024, 0));
            line.send(data(command, 512, 1024, 0));
        }), 4, 0));
        rows.add(terminated("K33", "C2HData after LAST_PDU", Use.READ, onRead((line, command) -> {
            line.send(data(command, 0, 1024, Pdu.LAST));
            line.send(data(command, 1024, 1024, 0));
        }), 2, 0));
        rows.add(terminated("K34", "C2HData for a write", Use.WRITE, onWrite((line, command) ->
                line.send(data(command, 0, 512, Pdu.LAST))), 1, 8));
        for (int cid : new int[] {99, 0x7FFF, 0xFFFF}) {
            rows.add(terminated("K35", "C2HData for a command that is not outstanding", Use.READ, onRead(
                    (line, command) -> line.send(data(command, 0, 512, 0).u16(8, cid))), 1, 8).variant(cid));
        }
        rows.add(terminated("K36", "SUCCESS without LAST_PDU", Use.READ, onRead((line, command) ->
                line.send(data(command, 0, READ_BYTES, Pdu.SUCCESS))), 1, 1));
        rows.add(terminated("K37", "C2HData whose DATAL is not what PLEN says", Use.READ, onRead((line, command) ->
                line.send(data(command, 0, 512, 0).u32(16, 1024))), 1, 16));
        rows.add(fails("K38", "SUCCESS with half of the data", Use.READ, onRead((line, command) ->
                line.send(data(command, 0, READ_BYTES / 2, Pdu.LAST | Pdu.SUCCESS))),
                "that command fails; the connection goes on"));
        rows.add(fails("K39", "a read that succeeds without its data", Use.READ, onRead((line, command) ->
                line.respond(command.cid(), 0, 0)), "that command fails; the connection goes on"));
        rows.add(new ControllerRow("K40", "C2HData for a command that has completed", "", Use.READ, Digests.NONE,
                onRead((line, command) -> {
                    line.sendData(command, new byte[READ_BYTES]);
                    line.send(data(command, 0, READ_BYTES, Pdu.LAST));
                }), 1, 8, false, "the command is as it was, nothing is written; H2CTermReq, FES 01h, FEI 8"));
        for (int offset : new int[] {0, 20, 25}) {
            rows.add(terminated("K41", "C2HData whose PDO points into the header, or is not aligned", Use.READ, onRead(
                    (line, command) -> line.send(data(command, 0, 512, 0).u8(3, offset))), 1, 3).variant(offset));
        }
    }

    private static void readyToTransfer(List<ControllerRow> rows) {
        rows.add(terminated("K50", "R2T for nothing", Use.WRITE, onWrite((line, command) ->
                line.send(Pdu.r2t(command.cid(), 1, 0, 0, Digests.NONE))), 1, 16));
        long[][] ranges = {{0, WRITE_BYTES + 4}, {WRITE_BYTES, 4}, {0, 0xFFFFFFFFL}, {0xFFFFFFFCL, 8},
            {4096, WRITE_BYTES}};
        for (long[] range : ranges) {
            rows.add(terminated("K51", "R2T beyond the command's data, also where the sum wraps around", Use.WRITE,
                    onWrite((line, command) ->
                            line.send(Pdu.r2t(command.cid(), 1, range[0], range[1], Digests.NONE))), 4, 0)
                    .variant(range[0] + "+" + range[1]));
        }
        rows.add(terminated("K52", "R2T that leaves a gap", Use.WRITE, onWrite((line, command) ->
                line.send(Pdu.r2t(command.cid(), 1, 4096, 4096, Digests.NONE))), 1, 12));
        rows.add(terminated("K53", "R2T for data that was sent", Use.WRITE, onWrite((line, command) -> {
            line.send(Pdu.r2t(command.cid(), 1, 0, 4096, Digests.NONE));
            line.socket.read();
            line.send(Pdu.r2t(command.cid(), 1, 0, 4096, Digests.NONE));
        }), 4, 0));
        rows.add(terminated("K54", "R2T for a read", Use.READ, onRead((line, command) ->
                line.send(Pdu.r2t(command.cid(), 1, 0, 512, Digests.NONE))), 1, 8));
        rows.add(terminated("K55", "R2T for a command that is not outstanding", Use.WRITE, onWrite((line, command) ->
                line.send(Pdu.r2t(0xFFFF, 1, 0, 512, Digests.NONE))), 1, 8));
        rows.add(fails("K56", "a write that succeeds and never was asked for its data", Use.WRITE, onWrite(
                (line, command) -> line.respond(command.cid(), 0, 0)), "that command fails; the connection goes on"));
    }

    private static void responses(List<ControllerRow> rows) {
        for (int cid : new int[] {99, 0x7FFF, 0xFFFF}) {
            rows.add(terminated("K60", "CapsuleResp for a command that is not outstanding", Use.READ, onRead(
                    (line, command) -> line.respond(cid, 0, 0)), 1, 20).variant(cid));
        }
        rows.add(new ControllerRow("K61", "CapsuleResp twice", "", Use.READ, Digests.NONE, onRead((line, command) -> {
            line.sendData(command, new byte[READ_BYTES]);
            line.respond(command.cid(), 0, 0);
        }), 1, 20, false, "the first counts; for the second H2CTermReq, FES 01h, FEI 20"));
        rows.add(bears("K62", "SQHD beyond the queue", Use.READ, onRead((line, command) -> {
            line.send(data(command, 0, READ_BYTES, Pdu.LAST));
            line.send(Pdu.response(command.cid(), -1L, 0xFFF0, 0, Digests.NONE));
        }), "works: commands are counted by their responses"));
        rows.add(fails("K63", "a status that does not exist", Use.READ, onRead((line, command) ->
                line.respond(command.cid(), 0, 0x7FF)), "that command fails with it"));
        rows.add(fails("K64", "no answer to a command", Use.READ, onRead((line, command) -> {}),
                "closed at the time limit; the caller's future fails"));
    }
}
