package io.nvmeof.protocol.admin;

import static io.nvmeof.protocol.layout.WireLayouts.LE16;
import static io.nvmeof.protocol.layout.WireLayouts.LE32;
import static io.nvmeof.protocol.layout.WireLayouts.U8;
import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/** Where each field of the Identify Controller data structure is; names are the specification's abbreviations. */
final class IdentifyControllerLayout {
    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            LE16.withName("VID"),
            LE16.withName("SSVID"),
            MemoryLayout.sequenceLayout(20, U8).withName("SN"),
            MemoryLayout.sequenceLayout(40, U8).withName("MN"),
            MemoryLayout.sequenceLayout(8, U8).withName("FR"),
            U8.withName("RAB"),
            MemoryLayout.sequenceLayout(3, U8).withName("IEEE"),
            U8.withName("CMIC"),
            U8.withName("MDTS"),
            LE16.withName("CNTLID"),
            LE32.withName("VER"),
            LE32.withName("RTD3R"),
            LE32.withName("RTD3E"),
            LE32.withName("OAES"),
            LE32.withName("CTRATT"),
            LE16.withName("RRLS"),
            U8.withName("BPCAP"),
            MemoryLayout.paddingLayout(1),
            LE32.withName("NSSL"),
            MemoryLayout.paddingLayout(2),
            U8.withName("PLSI"),
            U8.withName("CNTRLTYPE"),
            MemoryLayout.sequenceLayout(16, U8).withName("FGUID"),
            LE16.withName("CRDT1"),
            LE16.withName("CRDT2"),
            LE16.withName("CRDT3"),
            U8.withName("CRCAP"),
            MemoryLayout.paddingLayout(118),
            U8.withName("NVMSR"),
            U8.withName("VWCI"),
            U8.withName("MEC"),
            LE16.withName("OACS"),
            U8.withName("ACL"),
            U8.withName("AERL"),
            U8.withName("FRMW"),
            U8.withName("LPA"),
            U8.withName("ELPE"),
            U8.withName("NPSS"),
            U8.withName("AVSCC"),
            U8.withName("APSTA"),
            LE16.withName("WCTEMP"),
            LE16.withName("CCTEMP"),
            LE16.withName("MTFA"),
            LE32.withName("HMPRE"),
            LE32.withName("HMMIN"),
            MemoryLayout.sequenceLayout(16, U8).withName("TNVMCAP"),
            MemoryLayout.sequenceLayout(16, U8).withName("UNVMCAP"),
            LE32.withName("RPMBS"),
            LE16.withName("EDSTT"),
            U8.withName("DSTO"),
            U8.withName("FWUG"),
            LE16.withName("KAS"),
            LE16.withName("HCTMA"),
            LE16.withName("MNTMT"),
            LE16.withName("MXTMT"),
            LE32.withName("SANICAP"),
            LE32.withName("HMMINDS"),
            LE16.withName("HMMAXD"),
            LE16.withName("NSETIDMAX"),
            LE16.withName("ENDGIDMAX"),
            U8.withName("ANATT"),
            U8.withName("ANACAP"),
            LE32.withName("ANAGRPMAX"),
            LE32.withName("NANAGRPID"),
            LE32.withName("PELS"),
            LE16.withName("DOMAINID"),
            U8.withName("KPIOC"),
            MemoryLayout.paddingLayout(1),
            LE16.withName("MPTFAWR"),
            MemoryLayout.paddingLayout(6),
            MemoryLayout.sequenceLayout(16, U8).withName("MEGCAP"),
            U8.withName("TMPTHHA"),
            MemoryLayout.paddingLayout(1),
            LE16.withName("CQT"),
            MemoryLayout.paddingLayout(124),
            U8.withName("SQES"),
            U8.withName("CQES"),
            LE16.withName("MAXCMD"),
            LE32.withName("NN"),
            LE16.withName("ONCS"),
            LE16.withName("FUSES"),
            U8.withName("FNA"),
            U8.withName("VWC"),
            LE16.withName("AWUN"),
            LE16.withName("AWUPF"),
            U8.withName("ICSVSCC"),
            U8.withName("NWPC"),
            LE16.withName("ACWU"),
            LE16.withName("CDFS"),
            LE32.withName("SGLS"),
            LE32.withName("MNAN"),
            MemoryLayout.sequenceLayout(16, U8).withName("MAXDNA"),
            LE32.withName("MAXCNA"),
            LE32.withName("OAQD"),
            U8.withName("RHIRI"),
            U8.withName("HIRT"),
            LE16.withName("CMMRTD"),
            LE16.withName("NMMRTD"),
            U8.withName("MINMRTG"),
            U8.withName("MAXMRTG"),
            U8.withName("TRATTR"),
            MemoryLayout.paddingLayout(1),
            LE16.withName("MCUDMQ"),
            LE16.withName("MNSUDMQ"),
            LE16.withName("MCMR"),
            LE16.withName("NMCMR"),
            LE16.withName("MCDQPC"),
            MemoryLayout.paddingLayout(180),
            MemoryLayout.sequenceLayout(256, U8).withName("SUBNQN"),
            MemoryLayout.paddingLayout(768),
            LE32.withName("IOCCSZ"),
            LE32.withName("IORCSZ"),
            LE16.withName("ICDOFF"),
            U8.withName("FCATT"),
            U8.withName("MSDBD"),
            LE16.withName("OFCS"),
            U8.withName("DCTYPE"),
            MemoryLayout.paddingLayout(241),
            LE16.withName("PSD0-MP"),
            MemoryLayout.paddingLayout(30),
            MemoryLayout.paddingLayout(992),
            MemoryLayout.paddingLayout(1024));

    static final long VID = offset("VID");
    static final long SSVID = offset("SSVID");
    static final long SN = offset("SN");
    static final long MN = offset("MN");
    static final long FR = offset("FR");
    static final long RAB = offset("RAB");
    static final long IEEE = offset("IEEE");
    static final long CMIC = offset("CMIC");
    static final long MDTS = offset("MDTS");
    static final long CNTLID = offset("CNTLID");
    static final long VER = offset("VER");
    static final long RTD3R = offset("RTD3R");
    static final long RTD3E = offset("RTD3E");
    static final long OAES = offset("OAES");
    static final long CTRATT = offset("CTRATT");
    static final long RRLS = offset("RRLS");
    static final long BPCAP = offset("BPCAP");
    static final long NSSL = offset("NSSL");
    static final long PLSI = offset("PLSI");
    static final long CNTRLTYPE = offset("CNTRLTYPE");
    static final long FGUID = offset("FGUID");
    static final long CRDT1 = offset("CRDT1");
    static final long CRDT2 = offset("CRDT2");
    static final long CRDT3 = offset("CRDT3");
    static final long CRCAP = offset("CRCAP");
    static final long NVMSR = offset("NVMSR");
    static final long VWCI = offset("VWCI");
    static final long MEC = offset("MEC");
    static final long OACS = offset("OACS");
    static final long ACL = offset("ACL");
    static final long AERL = offset("AERL");
    static final long FRMW = offset("FRMW");
    static final long LPA = offset("LPA");
    static final long ELPE = offset("ELPE");
    static final long NPSS = offset("NPSS");
    static final long AVSCC = offset("AVSCC");
    static final long APSTA = offset("APSTA");
    static final long WCTEMP = offset("WCTEMP");
    static final long CCTEMP = offset("CCTEMP");
    static final long MTFA = offset("MTFA");
    static final long HMPRE = offset("HMPRE");
    static final long HMMIN = offset("HMMIN");
    static final long TNVMCAP = offset("TNVMCAP");
    static final long UNVMCAP = offset("UNVMCAP");
    static final long RPMBS = offset("RPMBS");
    static final long EDSTT = offset("EDSTT");
    static final long DSTO = offset("DSTO");
    static final long FWUG = offset("FWUG");
    static final long KAS = offset("KAS");
    static final long HCTMA = offset("HCTMA");
    static final long MNTMT = offset("MNTMT");
    static final long MXTMT = offset("MXTMT");
    static final long SANICAP = offset("SANICAP");
    static final long HMMINDS = offset("HMMINDS");
    static final long HMMAXD = offset("HMMAXD");
    static final long NSETIDMAX = offset("NSETIDMAX");
    static final long ENDGIDMAX = offset("ENDGIDMAX");
    static final long ANATT = offset("ANATT");
    static final long ANACAP = offset("ANACAP");
    static final long ANAGRPMAX = offset("ANAGRPMAX");
    static final long NANAGRPID = offset("NANAGRPID");
    static final long PELS = offset("PELS");
    static final long DOMAINID = offset("DOMAINID");
    static final long KPIOC = offset("KPIOC");
    static final long MPTFAWR = offset("MPTFAWR");
    static final long MEGCAP = offset("MEGCAP");
    static final long TMPTHHA = offset("TMPTHHA");
    static final long CQT = offset("CQT");
    static final long SQES = offset("SQES");
    static final long CQES = offset("CQES");
    static final long MAXCMD = offset("MAXCMD");
    static final long NN = offset("NN");
    static final long ONCS = offset("ONCS");
    static final long FUSES = offset("FUSES");
    static final long FNA = offset("FNA");
    static final long VWC = offset("VWC");
    static final long AWUN = offset("AWUN");
    static final long AWUPF = offset("AWUPF");
    static final long ICSVSCC = offset("ICSVSCC");
    static final long NWPC = offset("NWPC");
    static final long ACWU = offset("ACWU");
    static final long CDFS = offset("CDFS");
    static final long SGLS = offset("SGLS");
    static final long MNAN = offset("MNAN");
    static final long MAXDNA = offset("MAXDNA");
    static final long MAXCNA = offset("MAXCNA");
    static final long OAQD = offset("OAQD");
    static final long RHIRI = offset("RHIRI");
    static final long HIRT = offset("HIRT");
    static final long CMMRTD = offset("CMMRTD");
    static final long NMMRTD = offset("NMMRTD");
    static final long MINMRTG = offset("MINMRTG");
    static final long MAXMRTG = offset("MAXMRTG");
    static final long TRATTR = offset("TRATTR");
    static final long MCUDMQ = offset("MCUDMQ");
    static final long MNSUDMQ = offset("MNSUDMQ");
    static final long MCMR = offset("MCMR");
    static final long NMCMR = offset("NMCMR");
    static final long MCDQPC = offset("MCDQPC");
    static final long SUBNQN = offset("SUBNQN");
    static final long IOCCSZ = offset("IOCCSZ");
    static final long IORCSZ = offset("IORCSZ");
    static final long ICDOFF = offset("ICDOFF");
    static final long FCATT = offset("FCATT");
    static final long MSDBD = offset("MSDBD");
    static final long OFCS = offset("OFCS");
    static final long DCTYPE = offset("DCTYPE");
    static final long PSD0_MP = offset("PSD0-MP");

    private IdentifyControllerLayout() {}

    private static long offset(String name) {
        return LAYOUT.byteOffset(groupElement(name));
    }
}
