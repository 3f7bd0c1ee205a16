package io.nvmeof.local;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What file or block device to store a namespace in, and how.
 *
 * @param path the file; created if {@code sizeBytes} is given and there is none
 * @param sizeBytes size of the namespace: a new file gets it, an existing one must have it; 0 takes an existing file
 *     or device as it is
 * @param blockSizeBytes size of a logical block: a power of two from 512 to 65,536
 * @param direct whether to go past the page cache (O_DIRECT)
 * @param readOnly whether every write is refused; several readers may then share a file
 * @param shared whether other backends, in other processes too, may write the file while all of them say so. Blocks
 *     are whole for the commands of one backend only; who shares a file must see to it that one at a time is written
 *     through, as the paths of a planned switchover do
 * @param engine how to do the I/O
 */
public record FileBackendOptions(Path path, long sizeBytes, int blockSizeBytes, boolean direct, boolean readOnly,
        boolean shared, FileEngine engine) {
    public static final int BLOCK_SIZE_BYTES_DEFAULT = 4096;
    private static final int BLOCK_SIZE_BYTES_MIN = 512;
    private static final int BLOCK_SIZE_BYTES_MAX = 65_536;

    /** @throws IllegalArgumentException naming the option, its value and what is allowed */
    public FileBackendOptions {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(engine, "engine");
        if (Integer.bitCount(blockSizeBytes) != 1 || blockSizeBytes < BLOCK_SIZE_BYTES_MIN
                || blockSizeBytes > BLOCK_SIZE_BYTES_MAX) {
            throw new IllegalArgumentException("%s: blockSizeBytes %d: allowed is a power of two from %d to %d"
                    .formatted(path, blockSizeBytes, BLOCK_SIZE_BYTES_MIN, BLOCK_SIZE_BYTES_MAX));
        }
        if (sizeBytes < 0 || sizeBytes % blockSizeBytes != 0) {
            throw new IllegalArgumentException(("%s: sizeBytes %d: allowed is 0 (the size it has) or a positive "
                    + "multiple of blockSizeBytes %d").formatted(path, sizeBytes, blockSizeBytes));
        }
    }

    /** An existing file or device as it is: blocks of 4 KiB, through the page cache, writable. */
    public static FileBackendOptions of(Path path) {
        return new FileBackendOptions(path, 0, BLOCK_SIZE_BYTES_DEFAULT, false, false, false, FileEngine.AUTO);
    }

    public FileBackendOptions withSizeBytes(long sizeBytes) {
        return new FileBackendOptions(path, sizeBytes, blockSizeBytes, direct, readOnly, shared, engine);
    }

    public FileBackendOptions withBlockSizeBytes(int blockSizeBytes) {
        return new FileBackendOptions(path, sizeBytes, blockSizeBytes, direct, readOnly, shared, engine);
    }

    public FileBackendOptions withDirect(boolean direct) {
        return new FileBackendOptions(path, sizeBytes, blockSizeBytes, direct, readOnly, shared, engine);
    }

    public FileBackendOptions withReadOnly(boolean readOnly) {
        return new FileBackendOptions(path, sizeBytes, blockSizeBytes, direct, readOnly, shared, engine);
    }

    public FileBackendOptions withShared(boolean shared) {
        return new FileBackendOptions(path, sizeBytes, blockSizeBytes, direct, readOnly, shared, engine);
    }

    public FileBackendOptions withEngine(FileEngine engine) {
        return new FileBackendOptions(path, sizeBytes, blockSizeBytes, direct, readOnly, shared, engine);
    }
}
