package io.nvmeof.cli.serve;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.LoggingOptions;
import io.nvmeof.transport.tcp.TcpEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nvmeof target}: serves namespaces until it is told to stop. */
@Command(
        name = "target",
        header = "serve storage to NVMe/TCP hosts",
        description = """
                  Serves one namespace described by options, or many described by a configuration file,
                  until SIGTERM or Ctrl-C; then stops accepting commands, waits for those it has, flushes,
                  and exits with 0. Prints READY ADDRESS:PORT once hosts can connect.
                  Without any option it serves nvmeof-data/default.img, a sparse file of 1 GiB that it
                  creates in the current folder.

                BACKGROUND
                  Hosts see a subsystem, which has a name (NQN) and holds namespaces, which are what a
                  host uses as disks. By default only this machine can connect, because the address is
                  127.0.0.1 and any host that reaches the address may use the data. To serve other
                  machines listen on an address they reach (--listen 0.0.0.0:4420 for all), in a network
                  you trust, and name the hosts that may connect (--allow-host).
                  A file's namespace keeps its UUID as long as NQN, namespace and path stay the same.
                  A memory namespace gets a new one with each start, so that hosts that reconnect see
                  that their data is gone.""",
        footer = """
                  A file of 10 GiB, created if it is not there, for this machine:
                    nvmeof target --backend /srv/disk.img --size 10g
                  A block device, past the page cache, for one host of the network:
                    nvmeof target --backend /dev/sdb --direct --listen 192.0.2.10:4420 \\
                        --allow-host nqn.2014-08.org.nvmexpress:uuid:3f2504e0-4f89-41d3-9a0c-0305e82c3301
                  Memory, to measure with:
                    nvmeof target --backend memory --size 1g
                  Many namespaces:
                    nvmeof target --config target.json
                  where target.json is
                    { "ports": [ { "listen": "127.0.0.1:4420" } ],
                      "subsystems": [ { "nqn": "nqn.2026-01.com.example:disks",
                          "namespaces": [ { "backend": "file", "path": "a.img", "size": "1g" },
                                          { "backend": "memory", "size": "64m" } ] } ] }""")
public final class TargetCommand implements Callable<Integer> {
    private static final String NO_DOOR = "none";

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE",
            description = "serve what this JSON file says; see EXAMPLES. Paths in it are relative to its folder")
    private Path config;

    @Option(names = "--from-nvmetcli", paramLabel = "FILE",
            description = "serve what nvmetcli has saved of the kernel's target; see nvmeof help import-nvmetcli")
    private Path nvmetcli;

    @Option(names = "--partial", description = "with --from-nvmetcli, serve it even if something must be left out")
    private boolean partial;

    @Mixin
    private NamespaceFlags flags;

    @Option(names = "--engine", paramLabel = "ENGINE",
            description = "how sockets are driven: auto, io_uring, epoll or nio; default auto, the first that works")
    private TcpEngine engine;

    @Option(names = "--loops", paramLabel = "N", description =
            "threads that serve connections; default one for each core")
    private Integer loops;

    @Option(names = "--mdns",
            description = "tell the network where there is discovery, by multicast DNS (_nvme-disc._tcp)")
    private boolean mdns;

    @Option(names = "--state-directory", paramLabel = "DIR",
            description = "where reservations are kept, so that they survive the end of the target; default nowhere")
    private Path stateDirectory;

    @Option(names = "--control", paramLabel = "PATH",
            description = "where nvmeof ctl finds this target: a Unix-domain socket for this user alone; default one"
                    + " named after the process in a folder of this user; none: nowhere")
    private String control;

    @Option(names = "--save", description = "write what is changed while it runs back to the file of --config")
    private boolean save;

    @Mixin
    private LoggingOptions logging;

    @Override
    public Integer call() throws Exception {
        checkLoops();
        checkSource();
        TargetPlan plan = withOverrides(config != null ? TargetFile.read(config)
                : nvmetcli != null ? imported() : flags.plan());
        Path folder = config != null ? config.toAbsolutePath().getParent() : Path.of("").toAbsolutePath();
        SavedChanges saved = save ? SavedChanges.into(config, TargetFile.parse("--config", config)) : SavedChanges.NONE;
        try (StopSignal stop = new StopSignal()) {
            try (RunningTarget target = RunningTarget.start(plan)) {
                if (!NO_DOOR.equals(control)) {
                    target.openDoor(control == null ? null : Path.of(control), folder, saved);
                }
                target.announce(spec.commandLine().getOut());
                stop.await();
            }
            stop.stoppedInOrder();
        }
        return 0;
    }

    private TargetPlan imported() {
        NvmetImport made = NvmetImport.of(nvmetcli.getFileName().toString(),
                TargetFile.parse("--from-nvmetcli", nvmetcli));
        ImportNvmetcliCommand.report(made.leftOut(), spec.commandLine().getErr());
        if (!partial && !made.leftOut().isEmpty()) {
            throw CommandFailure.usage("--from-nvmetcli: not everything can be served as it was; --partial serves the"
                    + " rest");
        }
        TargetPlan plan = TargetFile.plan(made.file(), nvmetcli);
        PlanCheck.check(plan);
        return plan;
    }

    private void checkSource() {
        if (config != null && nvmetcli != null) {
            throw CommandFailure.usage("--config and --from-nvmetcli: what is served comes from one file");
        }
        if (partial && nvmetcli == null) {
            throw CommandFailure.usage("--partial: only with --from-nvmetcli");
        }
        if (save && config == null) {
            throw CommandFailure.usage("--save: needs --config, the file that changes are written to");
        }
        if (save && NO_DOOR.equals(control)) {
            throw CommandFailure.usage("--save: there is nothing to save with --control none");
        }
        List<OptionSpec> ofFlags = spec.mixins().get("flags").options();
        for (OptionSpec given : spec.commandLine().getParseResult().matchedOptionsSet()) {
            String name = given.longestName();
            if ((config != null || nvmetcli != null)
                    && ofFlags.stream().anyMatch(each -> each.longestName().equals(name))) {
                throw CommandFailure.usage((config != null ? "--config" : "--from-nvmetcli") + " and " + name
                        + ": what is served comes from a file or from options, not both");
            }
        }
    }

    private void checkLoops() {
        if (loops != null && (loops < 1 || loops > TargetPlan.LOOPS_MAX)) {
            throw CommandFailure.usage("--loops: " + loops + "; allowed: from 1 to " + TargetPlan.LOOPS_MAX);
        }
    }

    private TargetPlan withOverrides(TargetPlan plan) {
        if (stateDirectory != null) {
            PlanCheck.checkStateDirectory("--state-directory: ", stateDirectory);
        }
        return plan.with(engine == null ? plan.engine() : engine, loops == null ? plan.loopCount() : loops,
                stateDirectory == null ? plan.stateDirectory() : Optional.of(stateDirectory), mdns || plan.mdns());
    }
}
