package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/** Where each field of the SMART / Health Information log page is; names are the specification's abbreviations. */
final class SmartLogLayout {
    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            U8.withName("CW"),
            LE16.withName("CTEMP"),
            U8.withName("AVSP"),
            U8.withName("AVSPT"),
            U8.withName("PUSED"),
            U8.withName("EGCWS"),
            MemoryLayout.paddingLayout(25),
            MemoryLayout.sequenceLayout(16, U8).withName("DUR"),
            MemoryLayout.sequenceLayout(16, U8).withName("DUW"),
            MemoryLayout.sequenceLayout(16, U8).withName("HRC"),
            MemoryLayout.sequenceLayout(16, U8).withName("HWC"),
            MemoryLayout.sequenceLayout(16, U8).withName("CBT"),
            MemoryLayout.sequenceLayout(16, U8).withName("PWRC"),
            MemoryLayout.sequenceLayout(16, U8).withName("POH"),
            MemoryLayout.sequenceLayout(16, U8).withName("UPL"),
            MemoryLayout.sequenceLayout(16, U8).withName("MDIE"),
            MemoryLayout.sequenceLayout(16, U8).withName("NEILE"),
            LE32.withName("WCTT"),
            LE32.withName("CCTT"),
            MemoryLayout.sequenceLayout(16, U8).withName("TSEN"),
            LE32.withName("TMT1TC"),
            LE32.withName("TMT2TC"),
            LE32.withName("TTTMT1"),
            LE32.withName("TTTMT2"),
            MemoryLayout.paddingLayout(280));

    static final long CW = offset("CW");
    static final long CTEMP = offset("CTEMP");
    static final long AVSP = offset("AVSP");
    static final long AVSPT = offset("AVSPT");
    static final long PUSED = offset("PUSED");
    static final long EGCWS = offset("EGCWS");
    static final long DUR = offset("DUR");
    static final long DUW = offset("DUW");
    static final long HRC = offset("HRC");
    static final long HWC = offset("HWC");
    static final long CBT = offset("CBT");
    static final long PWRC = offset("PWRC");
    static final long POH = offset("POH");
    static final long UPL = offset("UPL");
    static final long MDIE = offset("MDIE");
    static final long NEILE = offset("NEILE");
    static final long WCTT = offset("WCTT");
    static final long CCTT = offset("CCTT");
    static final long TSEN = offset("TSEN");
    static final long TMT1TC = offset("TMT1TC");
    static final long TMT2TC = offset("TMT2TC");
    static final long TTTMT1 = offset("TTTMT1");
    static final long TTTMT2 = offset("TTTMT2");

    private SmartLogLayout() {}

    private static long offset(String name) {
        return LAYOUT.byteOffset(groupElement(name));
    }
}
