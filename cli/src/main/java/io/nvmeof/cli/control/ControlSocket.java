package io.nvmeof.cli.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Where the sockets of control doors are, and who may open them: only the user whose target it is. */
public final class ControlSocket {
    /** Most bytes of a path: the system takes 107, and a socket is made in a folder beside it. */
    public static final int PATH_BYTES_MAX = 96;

    private static final String SUFFIX = ".sock";
    private static final Set<PosixFilePermission> OURS = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FOREIGN = EnumSet.complementOf(EnumSet.copyOf(OURS));
    /** S_IFMT and S_IFSOCK of st_mode. */
    private static final int FILE_TYPE = 0xF000;
    private static final int SOCKET = 0xC000;

    private ControlSocket() {}

    /** The folder for this user's sockets, which need not be there yet. */
    public static Path folder() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isBlank() && Files.isWritable(Path.of(runtime))) {
            return Path.of(runtime, "nvmeof");
        }
        int user = user();
        Path run = Path.of("/run/user", Integer.toString(user));
        if (Files.isWritable(run)) {
            return run.resolve("nvmeof");
        }
        return user == 0 && Files.isWritable(Path.of("/run")) ? Path.of("/run/nvmeof")
                : Path.of(System.getProperty("java.io.tmpdir"), "nvmeof-" + user);
    }

    /**
     * The usual socket of a process.
     *
     * @throws IOException if the folder cannot be made, or others could put things into it
     */
    public static Path of(long processId) throws IOException {
        Path folder = folder();
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OURS));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    || !Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(user())
                    || Files.getPosixFilePermissions(folder).stream().anyMatch(FOREIGN::contains)) {
                throw new FileSystemException(folder.toString(), null, "is not a folder of this user alone");
            }
        }
        running(); // Removes what was left behind there.
        return folder.resolve(processId + SUFFIX);
    }

    /** The sockets of this user's targets that run; what targets left that were killed is removed. */
    public static List<Path> running() throws IOException {
        List<Path> running = new ArrayList<>();
        Path folder = folder();
        if (!Files.isDirectory(folder)) {
            return running;
        }
        try (DirectoryStream<Path> sockets = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path socket : sockets) {
                if (answers(socket)) {
                    running.add(socket);
                } else if (ProcessHandle.of(processId(socket)).isEmpty()) {
                    Files.deleteIfExists(socket);
                }
            }
        }
        running.sort(null);
        return running;
    }

    /** Makes room for a new socket: one that nobody listens on any more is removed. */
    static void clear(Path path) throws IOException {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX) {
            throw new FileSystemException(path.toString(), null,
                    "is too long for a socket; allowed: up to " + PATH_BYTES_MAX + " bytes");
        }
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & FILE_TYPE) != SOCKET) {
            throw new FileSystemException(path.toString(), null, "exists and is not a socket");
        }
        if (answers(path)) {
            throw new FileSystemException(path.toString(), null, "is in use by another target");
        }
        Files.delete(path);
    }

    private static boolean answers(Path socket) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    private static long processId(Path socket) {
        String name = socket.getFileName().toString();
        try {
            return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        } catch (NumberFormatException e) {
            return ProcessHandle.current().pid(); // Not one of ours: leave it.
        }
    }

    private static int user() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            return -1;
        }
    }
}
