package io.nvmeof.transport.tcp;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.transport.HostTransport;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.protocol.transport.TransportContract;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Nested;

/** What every transport must do, over sockets of every engine. */
class TcpTransportContractTest {
    @Nested
    class IoUring extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.IO_URING, 2, "127.0.0.1", TcpOptions.defaults());
        }
    }

    @Nested
    class IoUringOnOneLoop extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.IO_URING, 1, "::1", TcpOptions.defaults());
        }
    }

    @Nested
    class IoUringWithSmallSocketBuffers extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.IO_URING, 2, "127.0.0.1",
                    TcpOptions.defaults().withSocketBuffers(16_384, 16_384));
        }
    }

    @Nested
    class Epoll extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.EPOLL, 2, "127.0.0.1", TcpOptions.defaults());
        }
    }

    @Nested
    class EpollOnOneLoop extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.EPOLL, 1, "::1", TcpOptions.defaults());
        }
    }

    @Nested
    class EpollWithSmallSocketBuffers extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.EPOLL, 2, "127.0.0.1",
                    TcpOptions.defaults().withSocketBuffers(16_384, 16_384));
        }
    }

    @Nested
    class Nio extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.NIO, 2, "127.0.0.1", TcpOptions.defaults());
        }
    }

    @Nested
    class NioOnOneLoop extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.NIO, 1, "::1", TcpOptions.defaults());
        }
    }

    @Nested
    class IoUringWithTls extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.IO_URING, 2, "127.0.0.1",
                    TlsKeys.both(TcpOptions.defaults(), TlsKeys.SHA_256));
        }
    }

    @Nested
    class IoUringWithTlsAndSmallSocketBuffers extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.IO_URING, 2, "127.0.0.1", TlsKeys.both(
                    TcpOptions.defaults().withSocketBuffers(16_384, 16_384), TlsKeys.SHA_384));
        }
    }

    @Nested
    class EpollWithTlsOnOneLoop extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.EPOLL, 1, "::1",
                    TlsKeys.both(TcpOptions.defaults(), TlsKeys.SHA_384));
        }
    }

    @Nested
    class NioWithTls extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.NIO, 2, "127.0.0.1",
                    TlsKeys.both(TcpOptions.defaults(), TlsKeys.SHA_384));
        }
    }

    @Nested
    class NioWithTlsOnOneLoop extends TransportContract {
        @Override
        protected Fabric open() {
            return new SocketFabric(TcpEngine.NIO, 1, "::1",
                    TlsKeys.both(TcpOptions.defaults(), TlsKeys.SHA_256));
        }
    }

    private static final class SocketFabric implements TransportContract.Fabric {
        private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(20);
        private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
        private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

        private final TcpEventLoops loops;
        private final TcpTargetTransport target;
        private final TcpHostTransport host;
        private final String address;

        private SocketFabric(TcpEngine engine, int loopCount, String address, TcpOptions options) {
            this.loops = Engines.openOrAbort(engine, loopCount);
            this.target = new TcpTargetTransport(loops, options);
            this.host = new TcpHostTransport(loops, options);
            this.address = address;
        }

        @Override
        public TargetTransport targetTransport() {
            return target;
        }

        @Override
        public HostTransport hostTransport() {
            return host;
        }

        @Override
        public EventLoop hostLoop() {
            return loops.loop(loops.count() - 1);
        }

        @Override
        public TransportAddress listenAddress() {
            return TransportAddress.tcp(address, 0);
        }

        @Override
        public void until(BooleanSupplier condition) {
            long deadline = System.nanoTime() + WAIT_NANOS;
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("did not happen in time");
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        @Override
        public void settle() {
            long deadline = System.nanoTime() + SETTLE_NANOS;
            while (System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }

        @Override
        public void close() {
            try {
                Engines.assertAllMemoryHome(loops);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                loops.close();
            }
        }
    }
}
