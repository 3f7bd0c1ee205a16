package io.nvmeof.transport.tcp;

import io.netty.channel.uring.IoUring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Properties that Netty reads once, when its classes are loaded. Each is set only where the user has not set it.
 */
final class NettySettings {
    private static final Logger LOG = LoggerFactory.getLogger(NettySettings.class);
    private static final String MULTISHOT_POLL = "io.netty.iouring.pollAddMultishotEnabled";

    static {
        // Looking for leaks costs 15 to 25 % of the processor time of a small command; tests turn it on.
        if (System.getProperty("io.netty.leakDetectionLevel") == null) {
            setDefault("io.netty.leakDetection.level", "disabled");
        }
        // A loop that sleeps in its ring must not be shown as a processor that waits for I/O.
        setDefault("io.netty.iouring.enterNoIoWaitEnabled", "true");
        // A multishot accept that fails for want of file descriptors is armed again at once, even with reading
        // turned off: a busy loop. A single accept waits until it is told to go on.
        setDefault("io.netty.iouring.acceptMultiShotEnabled", "false");
        // A multishot poll tells of each change once. A reset that comes while a read is under way is passed over for
        // that read's sake; the read takes the last bytes, finds the socket empty, and the end is never heard of. A
        // poll armed after each read looks at what is there.
        setDefault(MULTISHOT_POLL, "false");
    }

    private NettySettings() {}

    /** Makes sure the settings are made; to be called before a Netty class is touched. */
    static void apply() {
        // The work is done by the class initializer, once.
    }

    /** In a process whose Netty was loaded before us, or that asks for it, the setting has not been made. */
    static void warnIfResetsMayBeLost() {
        if (IoUring.isPollAddMultishotEnabled()) {
            LOG.warn("Netty uses multishot polls: a connection that its peer resets may go on for ever, unnoticed. "
                    + "Start the process with -D{}=false", MULTISHOT_POLL);
        }
    }

    private static void setDefault(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }
}
