package io.nvmeof.cli.host;

import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Who this host is: what the options say, else what nvme-cli keeps for this machine, else names made of the machine's
 * id, so that they stay the same.
 *
 * @param nqn the host NQN
 * @param id the host identifier
 */
record HostIdentity(NvmeQualifiedName nqn, UUID id) {
    private static final Path FOLDER = Path.of("/etc/nvme");
    private static final String UUID_NQN = "nqn.2014-08.org.nvmexpress:uuid:";

    /** Either argument may be {@code null}. */
    static HostIdentity of(String nqn, UUID id) {
        UUID hostId = id != null ? id : hostId(nqn);
        String name = nqn != null ? nqn : read(FOLDER.resolve("hostnqn"));
        try {
            return new HostIdentity(NvmeQualifiedName.of(name != null ? name : UUID_NQN + hostId), hostId);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage((nqn != null ? "--hostnqn: " : FOLDER.resolve("hostnqn") + ": ")
                    + e.getMessage());
        }
    }

    /** A host NQN that nobody else has. */
    static String generateNqn() {
        return UUID_NQN + UUID.randomUUID();
    }

    private static UUID hostId(String nqn) {
        if (nqn != null && nqn.startsWith(UUID_NQN)) {
            UUID id = uuid(nqn.substring(UUID_NQN.length()));
            if (id != null) {
                return id;
            }
        }
        UUID kept = uuid(read(FOLDER.resolve("hostid")));
        if (kept != null && nqn == null) {
            return kept;
        }
        String machine = read(Path.of("/etc/machine-id"));
        String base = "nvmeof host\n" + (machine == null ? System.getProperty("user.name") : machine)
                + "\n" + (nqn == null ? "" : nqn);
        return UUID.nameUUIDFromBytes(base.getBytes(StandardCharsets.UTF_8));
    }

    private static UUID uuid(String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String read(Path file) {
        try {
            String text = Files.readString(file).strip();
            return text.isEmpty() ? null : text;
        } catch (IOException e) {
            return null; // Not there or not for us: there is another source.
        }
    }
}
