package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.OutputOptions;
import io.nvmeof.cli.shared.WholeNumber;
import io.nvmeof.initiator.HostController;
import io.nvmeof.initiator.RemoteNamespace;
import io.nvmeof.protocol.nvm.RegistrantStatus;
import io.nvmeof.protocol.nvm.ReservationAcquireAction;
import io.nvmeof.protocol.nvm.ReservationPersistence;
import io.nvmeof.protocol.nvm.ReservationRegisterAction;
import io.nvmeof.protocol.nvm.ReservationReleaseAction;
import io.nvmeof.protocol.nvm.ReservationStatus;
import io.nvmeof.protocol.nvm.ReservationType;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The commands for reservations, with nvme-cli's names and options. */
public final class ReservationCommands {
    private ReservationCommands() {}

    /** A command for one namespace. */
    abstract static class OfNamespace extends ControllerCommand {
        @Mixin
        private NamespaceOption namespace;

        @Override
        void check() {
            namespace.id();
        }

        @Override
        final void run(HostController controller, PrintWriter out) {
            run(HostSession.namespace(controller, namespace.id()), out);
        }

        abstract void run(RemoteNamespace remote, PrintWriter out);
    }

    /** What a code stands for, or a message that says which are allowed. */
    private static <T> T known(String option, int code, T value, String allowed) {
        if (value == null) {
            throw CommandFailure.usage(option + ": " + code + "; allowed: " + allowed);
        }
        return value;
    }

    private static ReservationType type(int code) {
        return known("--rtype", code, ReservationType.ofCode(code), "1 (write exclusive), 2 (exclusive access), 3 and"
                + " 4 (the same, registrants only), 5 and 6 (the same, all registrants)");
    }

    /** {@code nvmeof resv-register}. */
    @Command(name = "resv-register", header = "register this host with a namespace, or end that",
            description = """
                  Connects to a subsystem and sends Reservation Register.

                BACKGROUND
                  A reservation keeps other hosts from using a namespace. Who wants to hold one registers
                  first, with a key of its own; the key names the host to others that want to preempt it.
                  Registrations belong to the host's identifier (--hostid) and outlive this connection.""",
            footer = """
                    nvmeof resv-register -a 127.0.0.1 --nrkey 0x1234
                    nvmeof resv-register -a 127.0.0.1 --rrega 1 --crkey 0x1234""")
    public static final class ResvRegisterCommand extends OfNamespace {
        @Option(names = {"-c", "--crkey"}, paramLabel = "KEY", defaultValue = "0", converter = WholeNumber.class,
                description = "the key this host has; default none")
        private Long currentKey;

        @Option(names = "--nrkey", paramLabel = "KEY", defaultValue = "0", converter = WholeNumber.class,
                description = "the key it wants")
        private Long newKey;

        @Option(names = {"-r", "--rrega"}, paramLabel = "N", defaultValue = "0",
                description = "0 register, 1 unregister, 2 replace the key; default ${DEFAULT-VALUE}")
        private int action;

        @Option(names = {"-p", "--cptpl"}, paramLabel = "N", defaultValue = "0",
                description = "what a loss of power does to reservations: 0 as it is, 2 ends them, 3 keeps them;"
                        + " default ${DEFAULT-VALUE}")
        private int persistence;

        @Option(names = {"-i", "--iekey"}, description = "whatever key this host has")
        private boolean ignoreKey;

        @Override
        void check() {
            super.check();
            known("--rrega", action, ReservationRegisterAction.ofCode(action), "0, 1, 2");
            known("--cptpl", persistence, ReservationPersistence.ofCode(persistence), "0, 2, 3");
        }

        @Override
        void run(RemoteNamespace remote, PrintWriter out) {
            HostSession.await(remote.reservationRegister(ReservationRegisterAction.ofCode(action), currentKey, newKey,
                    ignoreKey, ReservationPersistence.ofCode(persistence)));
            out.println("NVME Reservation  success");
        }
    }

    /** {@code nvmeof resv-acquire}. */
    @Command(name = "resv-acquire", header = "take a reservation, or take it away from another host",
            description = """
                  Connects to a subsystem and sends Reservation Acquire.

                BACKGROUND
                  Write exclusive: only the holder may write; exclusive access: nor may others read. With
                  the variants for registrants every registered host may do what the holder may.""",
            footer = """
                    nvmeof resv-acquire -a 127.0.0.1 --crkey 0x1234 --rtype 1
                    nvmeof resv-acquire -a 127.0.0.1 --crkey 0x1234 --prkey 0x99 --racqa 1 --rtype 1""")
    public static final class ResvAcquireCommand extends OfNamespace {
        @Option(names = {"-c", "--crkey"}, paramLabel = "KEY", defaultValue = "0", converter = WholeNumber.class,
                description = "the key this host has")
        private Long currentKey;

        @Option(names = {"-p", "--prkey"}, paramLabel = "KEY", defaultValue = "0", converter = WholeNumber.class,
                description = "the key of the hosts to preempt")
        private Long preemptedKey;

        @Option(names = "--rtype", paramLabel = "N", required = true,
                description = "1 write exclusive, 2 exclusive access, 3 and 4 the same for registrants, 5 and 6 the"
                        + " same with all registrants as holders")
        private int type;

        @Option(names = "--racqa", paramLabel = "N", defaultValue = "0",
                description = "0 acquire, 1 preempt, 2 preempt and abort; default ${DEFAULT-VALUE}")
        private int action;

        @Override
        void check() {
            super.check();
            type(type);
            known("--racqa", action, ReservationAcquireAction.ofCode(action), "0, 1, 2");
        }

        @Override
        void run(RemoteNamespace remote, PrintWriter out) {
            HostSession.await(remote.reservationAcquire(ReservationAcquireAction.ofCode(action), type(type), currentKey,
                    preemptedKey));
            out.println("NVME Reservation Acquire success");
        }
    }

    /** {@code nvmeof resv-release}. */
    @Command(name = "resv-release", header = "give a reservation up, or clear all of a namespace",
            description = """
                  Connects to a subsystem and sends Reservation Release.

                BACKGROUND
                  Release gives up the reservation that this host holds; clear ends everybody's reservation
                  and registration.""",
            footer = """
                    nvmeof resv-release -a 127.0.0.1 --crkey 0x1234 --rtype 1
                    nvmeof resv-release -a 127.0.0.1 --crkey 0x1234 --rrela 1""")
    public static final class ResvReleaseCommand extends OfNamespace {
        @Option(names = {"-c", "--crkey"}, paramLabel = "KEY", defaultValue = "0", converter = WholeNumber.class,
                description = "the key this host has")
        private Long currentKey;

        @Option(names = "--rtype", paramLabel = "N", defaultValue = "1",
                description = "the type of the reservation; default ${DEFAULT-VALUE}")
        private int type;

        @Option(names = "--rrela", paramLabel = "N", defaultValue = "0",
                description = "0 release, 1 clear; default ${DEFAULT-VALUE}")
        private int action;

        @Override
        void check() {
            super.check();
            type(type);
            known("--rrela", action, ReservationReleaseAction.ofCode(action), "0, 1");
        }

        @Override
        void run(RemoteNamespace remote, PrintWriter out) {
            HostSession.await(remote.reservationRelease(ReservationReleaseAction.ofCode(action), type(type),
                    currentKey));
            out.println("NVME Reservation Release success");
        }
    }

    /** {@code nvmeof resv-report}. */
    @Command(name = "resv-report", header = "show who is registered and who holds a reservation",
            description = """
                  Connects to a subsystem and prints the extended reservation status of a namespace.

                BACKGROUND
                  rtype 0: there is no reservation; rcsts bit 0: this registrant holds it; ptpls 1: it
                  survives a loss of power; cntlid ffff: the host is not connected.""",
            footer = """
                    nvmeof resv-report -a 127.0.0.1
                    nvmeof resv-report -a 127.0.0.1 -o json""")
    public static final class ResvReportCommand extends OfNamespace {
        @Mixin
        private OutputOptions output;

        @Override
        void run(RemoteNamespace remote, PrintWriter out) {
            ReservationStatus status = HostSession.await(remote.reservationReport());
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("gen", status.generation());
            fields.put("rtype", status.typeCode());
            fields.put("regctl", status.registrants().size());
            fields.put("ptpls", status.persistThroughPowerLoss());
            List<Map<String, Object>> registrants = new ArrayList<>();
            for (RegistrantStatus each : status.registrants()) {
                Map<String, Object> registrant = new LinkedHashMap<>();
                registrant.put("cntlid", Integer.toHexString(each.controllerId()));
                registrant.put("rcsts", each.statusBits());
                registrant.put("rkey", Long.toHexString(each.key()));
                registrant.put("hostid", each.hostIdentifier().toString());
                registrants.add(registrant);
            }
            Map<String, Object> all = new LinkedHashMap<>(fields);
            all.put("regctlext", registrants);
            output.print(out, all, writer -> {
                writer.println("NVME Reservation status:");
                writer.println();
                fields.forEach((name, value) -> writer.println(String.format("%-10s: %s", name, value)));
                for (int i = 0; i < registrants.size(); i++) {
                    writer.println("regctlext[" + i + "] :");
                    registrants.get(i).forEach((name, value) -> writer.println(
                            String.format("  %-11s: %s", name, value)));
                }
            });
        }
    }
}
