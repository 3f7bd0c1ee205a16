package io.nvmeof.local;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A place on the ring that Netty's loop drives its sockets with. Owned by the loop. */
final class NettyRing implements Ring, IoUringIoHandle {
    private static final Logger LOGGER = LoggerFactory.getLogger(NettyRing.class);
    /**
     * Enough to keep a device busy, and little enough that several files on a loop do not overflow the completion queue
     * (4096) they share with the sockets. Netty handles tags that fit a short without a table.
     */
    private static final int CAPACITY = 512;

    private final Listener listener;
    private IoRegistration registration;
    private boolean closed;
    private boolean refusing;

    NettyRing(IoEventLoop loop, Listener listener) {
        this.listener = listener;
        loop.register(this).addListener((Future<IoRegistration> future) -> onRegistered(future));
    }

    /** Whether this loop is driven by io_uring. */
    static boolean supports(IoEventLoop loop) {
        return loop != null && loop.isCompatible(IoUringIoHandle.class);
    }

    private void onRegistered(Future<IoRegistration> future) {
        if (future.isSuccess()) {
            registration = future.getNow();
            if (closed) {
                registration.cancel();
            } else {
                listener.onReady();
            }
        } else {
            LOGGER.error("file operations find no place on the loop's io_uring", future.cause());
            listener.onClosed();
        }
    }

    @Override
    public int capacity() {
        return CAPACITY;
    }

    @Override
    public boolean submit(byte opcode, int fd, long offset, long addressOrLength, int length, int flags, int tag) {
        try {
            // Netty knows no reusable entry. The compiler usually takes this object apart and allocates nothing.
            registration.submit(new IoUringIoOps(opcode, (byte) 0, (short) 0, fd, offset, addressOrLength, length,
                    flags, (long) tag, (short) 0, (short) 0, 0, 0L));
            refusing = false;
            return true;
        } catch (RuntimeException e) {
            // The submission queue is full and the kernel takes nothing (its completion queue overflows).
            if (!refusing) {
                refusing = true;
                LOGGER.warn("io_uring takes no file operation just now: {}", e.toString());
            }
            return false;
        }
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        IoUringIoEvent completion = (IoUringIoEvent) event; // One object for all events: read it before anything else.
        listener.onComplete((int) completion.userData(), completion.res());
    }

    /** Called by the channel when it is done, and by Netty when the loop shuts down. */
    @Override
    public void close() {
        closed = true;
        listener.onClosed();
        if (registration != null) {
            registration.cancel();
        }
    }
}
