package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.LoggingOptions;
import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.protocol.fabrics.DiscoveryLogEntry;
import io.nvmeof.protocol.fabrics.DiscoveryLogPage;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nvmeof discover}. */
@Command(
        name = "discover",
        header = "show what a target offers to this host",
        description = """
                  Connects to the discovery controller at an address and prints its discovery log.

                BACKGROUND
                  Every NVMe/TCP target answers to the name nqn.2014-08.org.nvmexpress.discovery. Behind it
                  is a controller without namespaces that lists the subsystems this host may connect to,
                  and where. A target may list less, or nothing, for a host it does not know.""",
        footer = """
                    nvmeof discover -a 192.0.2.10
                    nvmeof discover -a 192.0.2.10 -s 8009 -o json""")
public final class DiscoverCommand implements Callable<Integer> {
    private static final List<String> SUBTYPES =
            List.of("reserved", "discovery subsystem referral", "nvme subsystem", "current discovery subsystem");
    private static final List<String> SECURITY = List.of("none", "tls", "tls13");

    @Spec
    private CommandSpec spec;

    @Mixin
    private AddressOptions address;

    @Option(names = {"-n", "--nqn"}, paramLabel = "NQN",
            description = "the discovery subsystem, where it has a name of its own; default the well-known name")
    private String nqn;

    @Mixin
    private OutputOptions output;

    @Mixin
    private LoggingOptions logging;

    @Override
    public Integer call() {
        DiscoveryLogPage page;
        try (HostSession session = HostSession.open(address)) {
            page = session.discover(nqn);
        }
        List<Map<String, Object>> records = new ArrayList<>();
        for (DiscoveryLogEntry entry : page.entries()) {
            records.add(fields(entry));
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("genctr", page.generationCounter());
        all.put("records", records);
        output.print(spec.commandLine().getOut(), all, out -> print(out, page, records));
        return 0;
    }

    private static void print(PrintWriter out, DiscoveryLogPage page, List<Map<String, Object>> records) {
        out.println("Discovery Log Number of Records " + records.size() + ", Generation counter "
                + page.generationCounter());
        for (int i = 0; i < records.size(); i++) {
            out.println("=====Discovery Log Entry " + i + "======");
            records.get(i).forEach((name, value) ->
                    out.println(String.format(Locale.ROOT, "%-9s%s", name + ":", value)));
        }
    }

    private static Map<String, Object> fields(DiscoveryLogEntry entry) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("trtype", name(entry.transportType(), entry.transportTypeCode()));
        fields.put("adrfam", name(entry.addressFamily(), entry.addressFamilyCode()));
        fields.put("subtype", word(SUBTYPES, entry.subsystemType()));
        fields.put("treq", requirements(entry.requirements()));
        fields.put("portid", entry.portId());
        fields.put("trsvcid", entry.serviceId());
        fields.put("subnqn", entry.subsystemNqn());
        fields.put("traddr", entry.address());
        fields.put("eflags", flags(entry.flags()));
        fields.put("sectype", word(SECURITY, entry.securityType()));
        return fields;
    }

    private static String requirements(int value) {
        String channel = switch (value & 0x3) {
            case DiscoveryLogEntry.TREQ_SECURE_CHANNEL_REQUIRED -> "required";
            case DiscoveryLogEntry.TREQ_SECURE_CHANNEL_NOT_REQUIRED -> "not required";
            default -> "not specified";
        };
        return channel + ((value & DiscoveryLogEntry.TREQ_DISABLE_SQ_FLOW_CONTROL) != 0
                ? ", sq flow control disable supported" : "");
    }

    private static String flags(int value) {
        List<String> words = new ArrayList<>();
        if ((value & DiscoveryLogEntry.EFLAGS_EXPLICIT_PERSISTENT_CONNECTION) != 0) {
            words.add("explicit discovery connections");
        }
        if ((value & DiscoveryLogEntry.EFLAGS_DUPLICATE_RETURNED_INFORMATION) != 0) {
            words.add("duplicate discovery information");
        }
        return words.isEmpty() ? "none" : String.join(", ", words);
    }

    private static String name(Enum<?> known, int code) {
        return known == null ? "unknown (" + code + ")" : known.name().toLowerCase(Locale.ROOT);
    }

    private static String word(List<String> words, int code) {
        return code >= 0 && code < words.size() ? words.get(code) : "unknown (" + code + ")";
    }
}
