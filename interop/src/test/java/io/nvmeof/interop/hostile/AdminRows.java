package io.nvmeof.interop.hostile;

import static io.nvmeof.interop.hostile.Expectation.goesOn;
import static io.nvmeof.interop.hostile.Expectation.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.interop.hostile.RawHost.Stage;
import java.util.ArrayList;
import java.util.List;

/** Admin commands with silly fields, and too many of them. */
final class AdminRows {
    private static final int AER_LIMIT = 4;

    private AdminRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        opcodes(rows);
        identify(rows);
        logPages(rows);
        features(rows);
        eventsAndAborts(rows);
        return rows;
    }

    private static Row command(String id, String input, Sqe sqe, int status, Object variant) {
        return Row.of(id, input, Stage.ENABLED, host -> host.send(sqe), status(status)).variant(variant);
    }

    private static void opcodes(List<Row> rows) {
        for (int opcode : new int[] {0x00, 0x01, 0x03, 0x04, 0x05, 0x0D, 0x10, 0x14, 0x15, 0x19, 0x1C, 0x80, 0x81, 0xC0,
            0xFF}) {
            rows.add(command("A01", "an admin opcode that is not supported", Sqe.of(opcode, 1), 0x001, opcode));
        }
        for (int psdt : new int[] {0x00, 0x80, 0xC0}) {
            rows.add(command("A02", "PSDT says PRP, or something unknown", Sqe.identify(1, 1, 0).u8(1, psdt), 0x002,
                    psdt));
        }
        for (int fuse : new int[] {0x41, 0x42, 0x43}) {
            rows.add(command("A03", "a fused command", Sqe.identify(1, 1, 0).u8(1, fuse), 0x002, fuse));
        }
    }

    private static void identify(List<Row> rows) {
        for (int cns : new int[] {0x09, 0x0A, 0x14, 0x20, 0x7F, 0xFF}) {
            rows.add(command("A10", "Identify with a CNS that is not offered", Sqe.identify(1, cns, 1), 0x002, cns));
        }
        for (int nsid : new int[] {0, 1025, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE}) {
            rows.add(command("A11", "Identify of a namespace that is not valid", Sqe.identify(1, 0, nsid), 0x00B,
                    nsid));
        }
        for (int nsid : new int[] {0xFFFFFFFE, 0xFFFFFFFF}) {
            rows.add(command("A12", "Identify, list of namespaces behind the last possible", Sqe.identify(1, 2, nsid),
                    0x00B, nsid));
        }
        for (long length : new long[] {0, 4, 4095}) {
            rows.add(command("A13", "Identify into less than 4096 bytes",
                    Sqe.identify(1, 1, 0).sgl(Sqe.TRANSPORT, 0, length), 0x00F, length));
        }
        rows.add(command("A14", "Identify into more than the largest transfer",
                Sqe.identify(1, 1, 0).sgl(Sqe.TRANSPORT, 0, 0xFFFFFFFFL), 0x00F, ""));
        for (int type : new int[] {0x00, 0x02, 0x0F, 0x10, 0x20, 0x30, 0x40, 0x50, 0x5B, 0xF0, 0xFF}) {
            rows.add(command("A15", "an SGL of another type", Sqe.identify(1, 1, 0).sgl(type, 0x1000, 4096), 0x011,
                    type));
        }
    }

    private static void logPages(List<Row> rows) {
        for (int lid : new int[] {0x06, 0x07, 0x0B, 0x0D, 0x70, 0x71, 0x81, 0xC0, 0xFF}) {
            rows.add(command("A20", "Get Log Page of a page that is not there", Sqe.logPage(1, lid, 512, 0), 0x109,
                    lid));
        }
        for (long offset : new long[] {1, 2, 3, 0x7FFFFFFFFFFFFFFFL}) {
            rows.add(command("A21", "Get Log Page at an offset that is no multiple of 4",
                    Sqe.logPage(1, 2, 512, offset), 0x002, offset));
        }
        for (long offset : new long[] {516, 4096, 0x100000000L, 0x7FFFFFFFFFFFFFFCL, 0x8000000000000000L, -4L}) {
            rows.add(command("A22", "Get Log Page behind the end of the page", Sqe.logPage(1, 2, 512, offset), 0x002,
                    Long.toHexString(offset)));
        }
        rows.add(command("A23", "Get Log Page of 16 GiB", Sqe.logPage(1, 2, 512, 0).u32(40, 0xFFFF0002L)
                .u32(44, 0xFFFF), 0x002, ""));
        rows.add(command("A24", "Get Log Page of more bytes than the SGL has", Sqe.logPage(1, 2, 512, 0)
                .sgl(Sqe.TRANSPORT, 0, 256), 0x00F, ""));
        rows.add(command("A25", "Get Log Page by an index instead of an offset",
                Sqe.logPage(1, 2, 512, 0).u8(58, 0x80), 0x002, ""));
    }

    private static void features(List<Row> rows) {
        for (int feature : new int[] {0x00, 0x03, 0x0D, 0x7F, 0xC1, 0xFF}) {
            rows.add(command("A30", "Get Features of a feature that is not there", Sqe.getFeatures(1, feature), 0x002,
                    feature));
            rows.add(command("A31", "Set Features of a feature that is not there", Sqe.setFeatures(1, feature, 0),
                    0x002,
                    feature));
        }
        rows.add(command("A32", "Set Features that is to be saved", Sqe.setFeatures(1, 0x8000000B, 0), 0x10D, ""));
        for (long count : new long[] {0xFFFF, 0xFFFF0000L, 0xFFFFFFFFL}) {
            rows.add(command("A33", "Set Features, 65536 queues", Sqe.setFeatures(1, 7, count), 0x002, count));
        }
        for (long millis : new long[] {1, 0x7FFFFFFF, 0xFFFFFFFFL, 0}) {
            rows.add(Row.of("A34", "Set Features, a keep alive time of 1 ms, 49 days or none", Stage.ENABLED,
                    host -> host.send(Sqe.setFeatures(1, 0x0F, millis)),
                    new Expectation("Successful Completion; time is rounded up to seconds", status(0).checker()))
                    .variant(millis));
            rows.add(Row.of("A35", "Connect with a keep alive time of 1 ms, 49 days or none", Stage.INITIALIZED,
                    host -> host.connectAdmin(millis),
                    goesOn("Successful Completion; time is rounded up to seconds")).variant(millis));
        }
        rows.add(command("A36", "Set Features, another host identifier", Sqe.setFeatures(1, 0x81, 0), 0x00C, ""));
    }

    private static void eventsAndAborts(List<Row> rows) {
        rows.add(Row.of("A40", "one Asynchronous Event Request more than AERL", Stage.ENABLED, host -> {
            for (int i = 0; i < AER_LIMIT; i++) {
                host.send(Sqe.of(0x0C, 100 + i));
            }
            host.send(Sqe.of(0x0C, 1));
        }, status(0x105)));
        rows.add(Row.of("A41", "1000 Asynchronous Event Requests, identifiers used again", Stage.ENABLED, host -> {
            for (int i = 0; i < AER_LIMIT; i++) {
                host.send(Sqe.of(0x0C, 100 + i));
            }
            for (int i = 0; i < 1000; i++) {
                host.send(Sqe.of(0x0C, 1 + i % 20));
                assertThat(host.response(host.socket(), 1 + i % 20).status()).isEqualTo(0x105);
            }
        }, goesOn("status 1/05h Asynchronous Event Request Limit Exceeded, each")));
        rows.add(Row.of("A42", "Abort of commands and queues that are not there", Stage.ENABLED, host -> {
            for (int queue : new int[] {0, 1, 7, 0xFFFF}) {
                for (int victim : new int[] {0, 1, 2, 999, 0xFFFF}) {
                    host.send(Sqe.abort(1, queue, victim));
                    Answer answer = host.response(host.socket(), 1);
                    assertThat(answer.status()).isZero();
                    assertThat(answer.result()).as("not aborted").isOne();
                }
            }
        }, goesOn("Successful Completion, dword 0 = 1: not aborted")));
        rows.add(Row.of("A43", "Abort of every Asynchronous Event Request", Stage.ENABLED, host -> {
            for (int i = 0; i < AER_LIMIT; i++) {
                host.send(Sqe.of(0x0C, 100 + i));
            }
            for (int i = 0; i < AER_LIMIT; i++) {
                host.send(Sqe.abort(1, 0, 100 + i));
                assertThat(host.response(host.socket(), 100 + i).status()).isEqualTo(0x007);
                assertThat(host.response(host.socket(), 1).result()).as("aborted").isZero();
            }
        }, goesOn("status 0/07h Command Abort Requested, each")));
        rows.add(Row.of("A44", "Abort of a write that waits for its data; then the data", Stage.IO, host -> {
            Answer r2t = host.beginWrite(1, TargetBench.SCRATCH_BLOCK, 4);
            byte[] before = host.read(host.socket(), TargetBench.SCRATCH_BLOCK, 4);
            host.admin().send(Pdu.command(Sqe.abort(2, 1, 1), new byte[0], Digests.NONE));
            TargetBench.pause(50);
            host.send(Pdu.h2cData(1, r2t.tag(), 0, Bytes.pattern(2048, 1), true, Digests.NONE));
            assertThat(host.response(host.socket(), 1).status()).isEqualTo(0x007);
            assertThat(host.response(host.admin(), 2).result()).as("aborted").isZero();
            assertThat(host.read(host.socket(), TargetBench.SCRATCH_BLOCK, 4)).isEqualTo(before);
        }, goesOn("status 0/07h Command Abort Requested; nothing is written")));
        rows.add(Row.of("A45", "30 Aborts at once", Stage.ENABLED, host -> {
            for (int i = 0; i < 30; i++) {
                host.send(Sqe.abort(i, 0, 0x100 + i));
            }
            for (int i = 0; i < 30; i++) {
                Answer answer = host.expect(Pdu.RESPONSE);
                assertThat(answer.status()).isIn(0x000, 0x103);
            }
        }, goesOn("Successful Completion, or Abort Command Limit Exceeded")));
    }
}
