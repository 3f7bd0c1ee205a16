package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.LE64;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/** Where each field of the Identify Namespace data structure is; names are the specification's abbreviations. */
final class IdentifyNamespaceLayout {
    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LE64.withName("NSZE"),
            LE64.withName("NCAP"),
            LE64.withName("NUSE"),
            U8.withName("NSFEAT"),
            U8.withName("NLBAF"),
            U8.withName("FLBAS"),
            U8.withName("MC"),
            U8.withName("DPC"),
            U8.withName("DPS"),
            U8.withName("NMIC"),
            U8.withName("RESCAP"),
            U8.withName("FPI"),
            U8.withName("DLFEAT"),
            LE16.withName("NAWUN"),
            LE16.withName("NAWUPF"),
            LE16.withName("NACWU"),
            LE16.withName("NABSN"),
            LE16.withName("NABO"),
            LE16.withName("NABSPF"),
            LE16.withName("NOIOB"),
            MemoryLayout.sequenceLayout(16, U8).withName("NVMCAP"),
            LE16.withName("NPWG"),
            LE16.withName("NPWA"),
            LE16.withName("NPDG"),
            LE16.withName("NPDA"),
            LE16.withName("NOWS"),
            LE16.withName("MSSRL"),
            LE32.withName("MCL"),
            U8.withName("MSRC"),
            U8.withName("KPIOS"),
            U8.withName("NULBAF"),
            MemoryLayout.paddingLayout(1),
            LE32.withName("KPIODAAG"),
            MemoryLayout.paddingLayout(4),
            LE32.withName("ANAGRPID"),
            MemoryLayout.paddingLayout(3),
            U8.withName("NSATTR"),
            LE16.withName("NVMSETID"),
            LE16.withName("ENDGID"),
            MemoryLayout.sequenceLayout(16, U8).withName("NGUID"),
            MemoryLayout.sequenceLayout(8, U8).withName("EUI64"),
            MemoryLayout.sequenceLayout(256, U8).withName("LBAF"),
            MemoryLayout.paddingLayout(3712));

    static final long NSZE = offset("NSZE");
    static final long NCAP = offset("NCAP");
    static final long NUSE = offset("NUSE");
    static final long NSFEAT = offset("NSFEAT");
    static final long NLBAF = offset("NLBAF");
    static final long FLBAS = offset("FLBAS");
    static final long MC = offset("MC");
    static final long DPC = offset("DPC");
    static final long DPS = offset("DPS");
    static final long NMIC = offset("NMIC");
    static final long RESCAP = offset("RESCAP");
    static final long FPI = offset("FPI");
    static final long DLFEAT = offset("DLFEAT");
    static final long NAWUN = offset("NAWUN");
    static final long NAWUPF = offset("NAWUPF");
    static final long NACWU = offset("NACWU");
    static final long NABSN = offset("NABSN");
    static final long NABO = offset("NABO");
    static final long NABSPF = offset("NABSPF");
    static final long NOIOB = offset("NOIOB");
    static final long NVMCAP = offset("NVMCAP");
    static final long NPWG = offset("NPWG");
    static final long NPWA = offset("NPWA");
    static final long NPDG = offset("NPDG");
    static final long NPDA = offset("NPDA");
    static final long NOWS = offset("NOWS");
    static final long MSSRL = offset("MSSRL");
    static final long MCL = offset("MCL");
    static final long MSRC = offset("MSRC");
    static final long KPIOS = offset("KPIOS");
    static final long NULBAF = offset("NULBAF");
    static final long KPIODAAG = offset("KPIODAAG");
    static final long ANAGRPID = offset("ANAGRPID");
    static final long NSATTR = offset("NSATTR");
    static final long NVMSETID = offset("NVMSETID");
    static final long ENDGID = offset("ENDGID");
    static final long NGUID = offset("NGUID");
    static final long EUI64 = offset("EUI64");
    static final long LBAF = offset("LBAF");

    private IdentifyNamespaceLayout() {}

    private static long offset(String name) {
        return LAYOUT.byteOffset(groupElement(name));
    }
}
