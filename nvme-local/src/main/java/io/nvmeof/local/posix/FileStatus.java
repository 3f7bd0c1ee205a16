package io.nvmeof.local.posix;

/**
 * What statx(2) says of an open file.
 *
 * @param mode file type and permission bits
 * @param sizeBytes the size of a regular file; meaningless for a device
 * @param allocatedBytes storage in use, less than the size if the file is sparse
 * @param preferredBlockBytes the unit the file system likes best
 * @param device major and minor number of the file system the file is on
 * @param inode number of the file on its device
 * @param self major and minor number of the device this file is, if it is one
 * @param directMemoryAlignment bytes memory must be aligned to for O_DIRECT; 0: O_DIRECT is not supported; -1: the
 *     kernel cannot say
 * @param directOffsetAlignment bytes offsets and lengths must be a multiple of for O_DIRECT; 0 and -1 as above
 */
public record FileStatus(int mode, long sizeBytes, long allocatedBytes, int preferredBlockBytes, DeviceNumber device,
        long inode, DeviceNumber self, int directMemoryAlignment, int directOffsetAlignment) {
    private static final int TYPE_MASK = 0xF000;
    private static final int REGULAR = 0x8000;
    private static final int BLOCK_DEVICE = 0x6000;
    private static final int DIRECTORY = 0x4000;
    private static final int CHARACTER_DEVICE = 0x2000;

    /** Names a device, for {@code /sys/dev/block} and {@code /proc/locks}. */
    public record DeviceNumber(int major, int minor) {}

    public boolean regularFile() {
        return (mode & TYPE_MASK) == REGULAR;
    }

    public boolean blockDevice() {
        return (mode & TYPE_MASK) == BLOCK_DEVICE;
    }

    /** What kind of file this is, for a message. */
    public String kind() {
        return switch (mode & TYPE_MASK) {
            case REGULAR -> "a regular file";
            case BLOCK_DEVICE -> "a block device";
            case DIRECTORY -> "a directory";
            case CHARACTER_DEVICE -> "a character device";
            default -> "a pipe or socket";
        };
    }
}
