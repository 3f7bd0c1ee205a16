package io.nvmeof.local.posix;

/** Error numbers of Linux on x86-64 and AArch64, and their names for people. */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int ENXIO = 6;
    public static final int EBADF = 9;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int ENODEV = 19;
    public static final int ENOTDIR = 20;
    public static final int EISDIR = 21;
    public static final int EINVAL = 22;
    public static final int ENFILE = 23;
    public static final int EMFILE = 24;
    public static final int ETXTBSY = 26;
    public static final int EFBIG = 27;
    public static final int ENOSPC = 28;
    public static final int EROFS = 30;
    public static final int ENAMETOOLONG = 36;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;
    public static final int ENODATA = 61;
    public static final int ENOLINK = 67;
    public static final int EBADMSG = 74;
    public static final int EILSEQ = 84;
    public static final int EOPNOTSUPP = 95;
    public static final int ENOTCONN = 107;
    public static final int ETIMEDOUT = 110;
    public static final int EHOSTDOWN = 112;
    public static final int EHOSTUNREACH = 113;
    public static final int ESTALE = 116;
    public static final int EUCLEAN = 117;
    public static final int EREMOTEIO = 121;
    public static final int EDQUOT = 122;
    public static final int EMEDIUMTYPE = 124;
    public static final int ECANCELED = 125;

    private Errno() {}

    /** What an error number means, as in "ENOSPC: no space left on device"; "errno 99" if it has no name here. */
    public static String describe(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM: operation not permitted";
            case ENOENT -> "ENOENT: no such file or directory";
            case EINTR -> "EINTR: interrupted";
            case EIO -> "EIO: input/output error";
            case ENXIO -> "ENXIO: no such device or address";
            case EBADF -> "EBADF: bad file descriptor";
            case EAGAIN -> "EAGAIN: resource temporarily unavailable";
            case ENOMEM -> "ENOMEM: out of memory";
            case EACCES -> "EACCES: permission denied";
            case EBUSY -> "EBUSY: device or resource busy";
            case EEXIST -> "EEXIST: file exists";
            case ENODEV -> "ENODEV: no such device";
            case ENOTDIR -> "ENOTDIR: not a directory";
            case EISDIR -> "EISDIR: is a directory";
            case EINVAL -> "EINVAL: invalid argument";
            case ENFILE -> "ENFILE: too many open files in the system";
            case EMFILE -> "EMFILE: too many open files (ulimit -n)";
            case ETXTBSY -> "ETXTBSY: a program is being run from this file";
            case EFBIG -> "EFBIG: file too large";
            case ENOSPC -> "ENOSPC: no space left on device";
            case EROFS -> "EROFS: read-only file system";
            case ENAMETOOLONG -> "ENAMETOOLONG: file name too long";
            case ELOOP -> "ELOOP: too many symbolic links";
            case ENOSYS -> "ENOSYS: not implemented by this kernel";
            case ENODATA -> "ENODATA: no data available (medium error)";
            case ENOLINK -> "ENOLINK: link has been severed";
            case EBADMSG -> "EBADMSG: bad message (checksum error)";
            case EILSEQ -> "EILSEQ: integrity check failed";
            case EOPNOTSUPP -> "EOPNOTSUPP: operation not supported";
            case ENOTCONN -> "ENOTCONN: not connected";
            case ETIMEDOUT -> "ETIMEDOUT: timed out";
            case EHOSTDOWN -> "EHOSTDOWN: host is down";
            case EHOSTUNREACH -> "EHOSTUNREACH: no route to host";
            case ESTALE -> "ESTALE: stale file handle";
            case EUCLEAN -> "EUCLEAN: file system is corrupt";
            case EREMOTEIO -> "EREMOTEIO: remote input/output error";
            case EDQUOT -> "EDQUOT: disk quota exceeded";
            case EMEDIUMTYPE -> "EMEDIUMTYPE: wrong medium type";
            case ECANCELED -> "ECANCELED: operation canceled";
            default -> "errno " + errno;
        };
    }
}
