package io.nvmeof.local;

import io.nvmeof.local.posix.FileStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the kernel's block layer says of a device in {@code /sys}. */
final class BlockDeviceLimits {
    private static final Logger LOGGER = LoggerFactory.getLogger(BlockDeviceLimits.class);

    private BlockDeviceLimits() {}

    /**
     * Whether the device can give storage back so that it reads as zeroes (what fallocate's punch hole does on a
     * device). One that merely discards does not count: what it reads afterwards is undefined.
     */
    static boolean canZeroByUnmapping(FileStatus.DeviceNumber device) {
        Path directory = Path.of("/sys/dev/block", device.major() + ":" + device.minor());
        try {
            Path real = directory.toRealPath();
            Path queue = Files.isDirectory(real.resolve("queue")) ? real.resolve("queue") : // else it is a partition
                    real.resolveSibling("queue");
            return limit(queue, "write_zeroes_max_bytes") > 0 && limit(queue, "discard_max_bytes") > 0;
        } catch (IOException | NumberFormatException e) {
            LOGGER.info("{}: limits cannot be read ({}), so deallocate is not offered", directory, e.toString());
            return false;
        }
    }

    private static long limit(Path queue, String name) throws IOException {
        return Long.parseLong(Files.readString(queue.resolve(name)).trim());
    }
}
