package io.nvmeof.cli.serve;

import io.nvmeof.cli.shared.ByteSize;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.cli.shared.FileFailure;
import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.target.storage.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Checks that a plan fits together and fits this machine, before anything of it is created. */
final class PlanCheck {
    static final int FILE_BLOCK_BYTES = 4096;
    static final int MEMORY_BLOCK_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;
    /** S_IFMT and S_IFBLK of st_mode. */
    private static final int FILE_TYPE = 0xF000;
    private static final int BLOCK_DEVICE = 0x6000;
    static final int BLOCK_BYTES_MAX = 65_536;
    static final String BLOCK_SIZES = "512, 1k, 2k, 4k, 8k, 16k, 32k, 64k";

    private PlanCheck() {}

    /** Ends the command with exit status 2 at the first mistake. */
    static void check(TargetPlan plan) {
        Set<Integer> portIds = new HashSet<>();
        Set<ListenAddress> addresses = new HashSet<>();
        for (TargetPlan.Port port : plan.ports()) {
            if (!portIds.add(port.id())) {
                throw wrong(port.key(), "port id " + port.id() + " is used twice");
            }
            if (port.listen().port() != 0 && !addresses.add(port.listen())) {
                throw wrong(port.key(), port.listen() + " is used twice");
            }
            for (NvmeQualifiedName led : port.configuration().subsystems().orElse(Set.of())) {
                if (plan.subsystems().stream().noneMatch(each -> each.configuration().nqn().equals(led))) {
                    throw wrong(port.key(), "leads to " + led + ", which is none of the subsystems");
                }
            }
        }
        Set<String> names = new HashSet<>();
        Map<Path, String> paths = new HashMap<>();
        Map<UUID, String> uuids = new HashMap<>();
        for (TargetPlan.Subsystem subsystem : plan.subsystems()) {
            if (!names.add(subsystem.nqn())) {
                throw wrong(subsystem.key(), subsystem.nqn() + " is used twice");
            }
            Set<Integer> ids = new HashSet<>();
            for (NamespacePlan namespace : subsystem.namespaces()) {
                if (!ids.add(namespace.id())) {
                    throw wrong(namespace.key() + "id: ", namespace.id() + " is used twice in this subsystem");
                }
                Path path = namespace.backing().path();
                if (path != null && paths.put(path, namespace.key()) != null) {
                    throw wrong(namespace.pathKey(), path + " is used twice");
                }
                if (uuids.put(namespace.uuid(), namespace.key()) != null) {
                    throw wrong(namespace.key() + "uuid: ", namespace.uuid() + " is used twice");
                }
                check(namespace);
            }
        }
    }

    /** Checks a namespace by itself. */
    static void check(NamespacePlan namespace) {
        Backing backing = namespace.backing();
        int block = backing.blockSizeBytes();
        if (block != 0 && (Integer.bitCount(block) != 1 || block < SECTOR_BYTES || block > BLOCK_BYTES_MAX)) {
            throw wrong(namespace.key() + "block-size: ",
                    block + " is not allowed; allowed: " + BLOCK_SIZES);
        }
        long size = backing.sizeBytes();
        int effective = backing.effectiveBlockSizeBytes();
        if (size % effective != 0) {
            throw wrong(namespace.key() + "size: ",
                    size + " bytes is not allowed; allowed: a multiple of the block size, " + effective + " bytes");
        }
        if (backing.kind() == Backing.Kind.FILE) {
            checkFile(namespace, effective);
        } else if (size == 0) {
            throw wrong(namespace.key() + "size: ", "is missing; needed for this backend: " + ByteSize.ALLOWED);
        } else if (backing.kind() == Backing.Kind.MEMORY && size > MemoryBackend.SIZE_BYTES_MAX) {
            throw wrong(namespace.key() + "size: ", size + " bytes is not allowed; allowed for memory: up to "
                    + ByteSize.format(MemoryBackend.SIZE_BYTES_MAX));
        }
    }

    /** A directory for state is there, or can be made. */
    static void checkStateDirectory(String key, Path directory) {
        if (Files.exists(directory)) {
            if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
                throw wrong(key, directory + (Files.isDirectory(directory) ? " is not writable" : " is not a folder"));
            }
            return;
        }
        Path folder = directory.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw wrong(key, "the folder " + folder + (Files.isDirectory(folder) ? " is not writable"
                    : " does not exist") + ", so " + directory.getFileName() + " cannot be created");
        }
    }

    private static void checkFile(NamespacePlan namespace, int blockBytes) {
        Path path = namespace.backing().path();
        String key = namespace.pathKey();
        if (Files.isDirectory(path)) {
            throw wrong(key, path + " is a folder; allowed: a file or a block device");
        }
        if (!Files.exists(path)) {
            if (Files.isSymbolicLink(path)) {
                throw wrong(key, path + " is a symbolic link to nowhere; allowed: a file or a block device");
            }
            checkNew(namespace);
            return;
        }
        if (!Files.isReadable(path) || !namespace.backing().readOnly() && !Files.isWritable(path)) {
            throw wrong(key, path + " is not " + (namespace.backing().readOnly() ? "readable" : "readable and writable")
                    + " for this user");
        }
        if (!Files.isRegularFile(path)) {
            checkDevice(path, key);
            return; // A device knows its size when it is open.
        }
        long actual = sizeOf(path, key);
        long wanted = namespace.backing().sizeBytes();
        if (wanted != 0 && actual != 0 && wanted != actual) {
            throw wrong(namespace.key() + "size: ", wanted + " bytes is not allowed: " + path + " exists and has "
                    + actual + " bytes; leave the size out to serve it as it is");
        }
        if (wanted == 0 && (actual == 0 || actual % blockBytes != 0)) {
            throw wrong(key, path + " has " + actual + " bytes, which is not a multiple of the block size, "
                    + blockBytes + " bytes");
        }
    }

    private static void checkDevice(Path path, String key) {
        try {
            int mode = (Integer) Files.getAttribute(path, "unix:mode");
            if ((mode & FILE_TYPE) != BLOCK_DEVICE) {
                throw wrong(key, path + " is neither a file nor a block device; only those are allowed");
            }
        } catch (IOException e) {
            throw wrong(key, path + " cannot be examined: " + FileFailure.reason(e));
        }
    }

    private static void checkNew(NamespacePlan namespace) {
        Path path = namespace.backing().path();
        String key = namespace.pathKey();
        Path folder = path.toAbsolutePath().getParent();
        if (namespace.backing().readOnly()) {
            throw wrong(key, path + " does not exist, and a new file cannot be read-only");
        }
        if (namespace.backing().sizeBytes() == 0) {
            throw wrong(namespace.key() + "size: ", "is missing; " + path + " does not exist, and a new file needs "
                    + ByteSize.ALLOWED);
        }
        if (path.equals(TargetPlan.DEFAULT_FILE) && !Files.exists(folder)) {
            folder = folder.getParent(); // Its folder is created with it.
        }
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw wrong(key, "the folder " + folder + (Files.isDirectory(folder) ? " is not writable"
                    : " does not exist") + ", so " + path.getFileName() + " cannot be created");
        }
    }

    private static long sizeOf(Path path, String key) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw wrong(key, path + " cannot be examined: " + FileFailure.reason(e));
        }
    }

    private static CommandFailure wrong(String key, String what) {
        return CommandFailure.usage(key + what);
    }
}
