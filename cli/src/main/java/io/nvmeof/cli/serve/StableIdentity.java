package io.nvmeof.cli.serve;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/**
 * Names that stay the same when a target is started again, and differ from those of every other target: a host ties
 * paths together by them, so two targets with the same names would be taken for one and mix their data.
 *
 * <p>A file's namespace is named after subsystem, namespace identifier and path. Memory forgets everything when the
 * target ends: its namespace gets a new UUID each time, so that a host that reconnects drops the old device instead of
 * trusting what it has cached of it.
 */
final class StableIdentity {
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");

    private StableIdentity() {}

    /**
     * The NQN of a subsystem that was given none: this machine's, for these data; memory has no path to tell two
     * targets apart, but they cannot listen on one address.
     */
    static String subsystemNqn(Path data, ListenAddress address) {
        if (data == null && address.port() == 0) {
            return "nqn.2014-08.org.nvmexpress:uuid:" + UUID.randomUUID();
        }
        String what = data == null ? "memory at " + address : data.toAbsolutePath().normalize().toString();
        return "nqn.2014-08.org.nvmexpress:uuid:" + named("subsystem", machine(), what);
    }

    /** A serial number of 16 digits for a subsystem. */
    static String serial(String nqn) {
        return named("serial", nqn).toString().replace("-", "").substring(0, 16).toUpperCase(Locale.ROOT);
    }

    /** The UUID of a namespace; a new one each time if {@code path} is {@code null}. */
    static UUID namespace(String nqn, int id, Path path) {
        return path == null ? UUID.randomUUID()
                : named("namespace", nqn, Integer.toString(id), path.toAbsolutePath().normalize().toString());
    }

    private static UUID named(String... parts) {
        return UUID.nameUUIDFromBytes(("nvmeof\n" + String.join("\n", parts)).getBytes(StandardCharsets.UTF_8));
    }

    /** What tells this machine from others: its machine-id, or else its name and network addresses. */
    private static String machine() {
        try {
            String id = Files.readString(MACHINE_ID).strip();
            if (!id.isEmpty() && !id.equals("uninitialized")) {
                return id;
            }
        } catch (IOException e) {
            // Containers often have none; what follows serves as well.
        }
        StringBuilder machine = new StringBuilder();
        try {
            machine.append(InetAddress.getLocalHost().getHostName());
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                byte[] address = each.getHardwareAddress();
                machine.append(' ').append(address == null ? "-" : HexFormat.of().formatHex(address));
            }
        } catch (UnknownHostException | SocketException e) {
            machine.append(" unknown");
        }
        return machine.toString();
    }
}
