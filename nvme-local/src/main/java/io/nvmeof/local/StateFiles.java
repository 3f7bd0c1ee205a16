package io.nvmeof.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The steps that {@link DirectoryStateStore} is made of, each of which a test can make the last one. They block. */
class StateFiles {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Makes or replaces a file; when this returns, its content would survive the loss of power. */
    void writeDurably(Path file, ByteBuffer content) throws IOException {
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(false);
        }
    }

    /** Gives a file another's name, which it takes over as one step. */
    void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** When this returns, the names in a directory would survive the loss of power. */
    void synchronizeDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** At most {@code lengthMax} bytes of a file and one more, or nothing if there is no such file. */
    Optional<byte[]> read(Path file, int lengthMax) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return Optional.of(in.readNBytes(lengthMax + 1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
