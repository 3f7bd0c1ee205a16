package io.nvmeof.local;

import io.nvmeof.local.posix.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out who has locked a file, from the kernel's list of locks: an operator wants to know whom to stop. */
final class LockHolder {
    private LockHolder() {}

    /** "process 4711 (java)", or "another process" if the kernel does not show it. */
    static String describe(FileStatus status) {
        String file = "%02x:%02x:%d".formatted(status.device().major(), status.device().minor(), status.inode());
        try {
            for (String line : Files.readAllLines(Path.of("/proc/locks"))) {
                // "1: FLOCK  ADVISORY  WRITE 4711 fe:00:131 0 EOF"
                String[] fields = line.trim().split("\\s+");
                if (fields.length > 5 && fields[1].equals("FLOCK") && fields[5].equals(file)) {
                    return describe(Long.parseLong(fields[4]));
                }
            }
        } catch (IOException | NumberFormatException e) {
            return "another process (" + e.getMessage() + ")";
        }
        return "another process";
    }

    private static String describe(long pid) throws IOException {
        if (pid == ProcessHandle.current().pid()) {
            return "this very process (" + pid + "), which serves it already";
        }
        Path name = Path.of("/proc", Long.toString(pid), "comm");
        return "process " + pid + (Files.isReadable(name) ? " (" + Files.readString(name).trim() + ")" : "");
    }
}
