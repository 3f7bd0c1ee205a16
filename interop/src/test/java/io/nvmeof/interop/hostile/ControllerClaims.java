package io.nvmeof.interop.hostile;

import static io.nvmeof.interop.hostile.ControllerRow.bears;
import static io.nvmeof.interop.hostile.ControllerRow.fails;

import io.nvmeof.interop.hostile.HostBench.Use;
import io.nvmeof.interop.hostile.RawController.Misdeeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Controllers' lies about themselves, their namespaces and their log pages. */
final class ControllerClaims {
    private static final int IDENTIFY = 0x06;
    private static final int LOG = 0x02;
    private static final String REFUSED = "the caller's future fails, saying why";

    private ControllerClaims() {}

    static List<ControllerRow> rows() {
        List<ControllerRow> rows = new ArrayList<>();
        controller(rows);
        namespace(rows);
        discovery(rows);
        return rows;
    }

    private static Misdeeds claim(int opcode, int kind, Consumer<ByteBuffer> spoiler) {
        return new Misdeeds() {
            @Override
            public void structure(int sent, int kindSent, byte[] page) {
                if (sent == opcode && kindSent == kind) {
                    spoiler.accept(Bytes.of(page));
                }
            }
        };
    }

    private static void controller(List<ControllerRow> rows) {
        for (int size : new int[] {0, 3}) {
            rows.add(fails("K70", "Identify Controller: IOCCSZ below 4", Use.CONNECT,
                    claim(IDENTIFY, 1, page -> page.putInt(1792, size)), REFUSED).variant(size));
        }
        rows.add(bears("K71", "Identify Controller: IOCCSZ of 4294967295", Use.WRITE,
                claim(IDENTIFY, 1, page -> page.putInt(1792, -1)), "works"));
        for (int mdts : new int[] {0, 1, 31, 32, 63, 255}) {
            rows.add(bears("K72", "Identify Controller: MDTS from 0 to 255", Use.WRITE,
                    claim(IDENTIFY, 1, page -> page.put(77, (byte) mdts)), "works: our own limit is the most")
                    .variant(mdts));
        }
        rows.add(fails("K73", "Identify Controller: another CNTLID than Connect's", Use.CONNECT,
                claim(IDENTIFY, 1, page -> page.putShort(78, (short) 99)), REFUSED));
        rows.add(fails("K74", "Identify Controller: all bytes FFh", Use.CONNECT, claim(IDENTIFY, 1, page -> {
            for (int i = 0; i < page.capacity(); i++) {
                page.put(i, (byte) 0xFF);
            }
        }), REFUSED));
        rows.add(fails("K75", "Identify Controller: all bytes 0", Use.CONNECT, claim(IDENTIFY, 1, page -> {
            for (int i = 0; i < page.capacity(); i++) {
                page.put(i, (byte) 0);
            }
        }), REFUSED));
    }

    private static void namespace(List<ControllerRow> rows) {
        for (int exponent : new int[] {0, 1, 8, 32, 63, 64, 255}) {
            rows.add(fails("K80", "Identify Namespace: LBADS below 9, or absurd", Use.NAMESPACES,
                    claim(IDENTIFY, 0, page -> page.put(130, (byte) exponent)), REFUSED).variant(exponent));
        }
        for (long blocks : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            rows.add(fails("K81", "Identify Namespace: NSZE whose bytes no 64-bit number holds", Use.NAMESPACES,
                    claim(IDENTIFY, 0, page -> page.putLong(0, blocks).putLong(8, blocks)), REFUSED).variant(blocks));
        }
        rows.add(fails("K82", "Identify Namespace: FLBAS of a format that is not there", Use.NAMESPACES,
                claim(IDENTIFY, 0, page -> page.put(26, (byte) 0x0F)), REFUSED));
        rows.add(fails("K83", "active namespace list that is not in order", Use.NAMESPACES,
                claim(IDENTIFY, 2, page -> page.putInt(0, 5).putInt(4, 3).putInt(8, 5)), REFUSED));
        rows.add(fails("K84", "active namespace list that never ends", Use.NAMESPACES,
                claim(IDENTIFY, 2, page -> {
                    for (int i = 0; i < 1024; i++) {
                        page.putInt(4 * i, i + 1);
                    }
                }), REFUSED));
        rows.add(bears("K85", "namespace identification descriptors that are garbled", Use.NAMESPACES,
                claim(IDENTIFY, 3, page -> {
                    for (int i = 0; i < page.capacity(); i++) {
                        page.put(i, (byte) 0xFF);
                    }
                }), "works, without descriptors"));
    }

    private static void discovery(List<ControllerRow> rows) {
        for (long count : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 16_385}) {
            rows.add(fails("K90", "discovery log page with an absurd NUMREC", Use.DISCOVER,
                    claim(LOG, 0x70, page -> page.putLong(8, count)), REFUSED).variant(count));
        }
        rows.add(fails("K91", "discovery log page of another format", Use.DISCOVER,
                claim(LOG, 0x70, page -> page.putShort(16, (short) 1)), REFUSED));
        long[] generation = {0};
        rows.add(fails("K92", "discovery log page that changes whenever it is read", Use.DISCOVER,
                claim(LOG, 0x70, page -> page.putLong(0, generation[0]++)), REFUSED));
        rows.add(bears("K93", "discovery log page whose entries are all FFh", Use.DISCOVER, claim(LOG, 0x70, page -> {
            for (int i = 0; i < page.capacity(); i++) {
                page.put(i, (byte) 0xFF);
            }
            page.putLong(0, 1).putLong(8, 3).putShort(16, (short) 0);
        }), "read as it is"));
    }
}
