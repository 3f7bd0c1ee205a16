package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nvmeof.protocol.memory.BufferPool;
import io.nvmeof.protocol.memory.DataBuffer;
import io.nvmeof.protocol.tcp.ByteStreamOutput;
import io.nvmeof.protocol.transport.CloseReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Every kind of write, in random order and sizes, against a reader that pauses at random: not a byte out of place. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RandomStreamTest {
    private static final int PENDING_BYTES_MAX = 1 << 20;

    @ParameterizedTest(name = "{0}, socket buffers {1}, {2} bytes")
    @CsvSource({"IO_URING, 0, 25000000", "IO_URING, 16384, 2000000", "EPOLL, 0, 25000000", "EPOLL, 16384, 2000000",
        "NIO, 0, 25000000", "NIO, 16384, 2000000"})
    void bytesArriveInOrder(TcpEngine engine, int socketBufferBytes, int totalBytes) throws Exception {
        TcpEventLoops loops = Engines.openOrAbort(engine, 2);
        long seed = ThreadLocalRandom.current().nextLong();
        TcpOptions options = TcpOptions.defaults().withSocketBuffers(socketBufferBytes, socketBufferBytes);
        Reader[] reader = {null};
        CompletableFuture<Long> read = new CompletableFuture<>();
        ConnectionSet connections = new ConnectionSet(loops);
        CollapsingLog warnings = new CollapsingLog(LoggerFactory.getLogger(RandomStreamTest.class));
        try {
            TcpEventLoop readerLoop = (TcpEventLoop) loops.loop(1);
            Channel listening = engine.newServerSocket(InetAddress.getLoopbackAddress());
            listening.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object accepted) {
                    ConnectionSet.configure((Channel) accepted, readerLoop, options);
                    connections.add((Channel) accepted, new ByteStreamHandler(readerLoop, (_, output, _, resume) -> {
                        reader[0] = new Reader(readerLoop, output, resume, seed, totalBytes, read);
                        return reader[0];
                    }, warnings));
                    readerLoop.register((Channel) accepted);
                }
            });
            TcpEventLoop writerLoop = (TcpEventLoop) loops.loop(0);
            writerLoop.register(listening).sync();
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).sync();
            Channel connecting = engine.newSocket();
            ConnectionSet.configure(connecting, writerLoop, options);
            connections.add(connecting, new ByteStreamHandler(writerLoop,
                    (_, output, _, _) -> new Writer(writerLoop, output, seed, totalBytes), warnings));
            writerLoop.register(connecting).sync();
            connecting.connect(listening.localAddress()).sync();
            assertThat(read.get()).as("bytes, seed %d", seed).isEqualTo(totalBytes);
            assertThat(reader[0].pauseCount).as("pauses").isGreaterThan(10);
            listening.close().sync();
            connections.close("test over");
            Engines.assertAllMemoryHome(loops);
        } finally {
            loops.close();
        }
    }

    /** The byte at a place of the stream. */
    private static byte byteAt(long place) {
        return (byte) (place * 31 + (place >>> 13));
    }

    private static final class Writer implements StreamProtocol {
        private final TcpEventLoop loop;
        private final ByteStreamOutput output;
        private final SplittableRandom random;
        private final MemorySegment copied = Arena.ofAuto().allocate(200_000);
        private final int totalBytes;
        private long written;
        private CloseReason closeReason;

        private Writer(TcpEventLoop loop, ByteStreamOutput output, long seed, int totalBytes) {
            this.totalBytes = totalBytes;
            this.loop = loop;
            this.output = output;
            this.random = new SplittableRandom(seed);
        }

        @Override
        public void start() {
            write();
        }

        private void write() {
            while (written < totalBytes && output.pendingBytes() < PENDING_BYTES_MAX) {
                int left = (int) Math.min(Integer.MAX_VALUE, totalBytes - written);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        int length = Math.min(left, 1 + random.nextInt(ByteStreamOutput.RESERVE_BYTES_MAX));
                        MemorySegment room = output.reserve(length);
                        fill(room, output.reservedOffset(), length);
                    }
                    case 1 -> {
                        int length = Math.min(left, 1 + random.nextInt((int) copied.byteSize()));
                        fill(copied, 0, length);
                        output.append(copied, 0, length);
                    }
                    default -> {
                        int size = random.nextBoolean() ? 64 * 1024 : 1 << 20;
                        int length = Math.min(left, 1 + random.nextInt(size));
                        DataBuffer buffer = loop.buffers().take(length, BufferPool.Purpose.TRANSFER);
                        fill(buffer.segment(), 0, length);
                        output.append(buffer, length);
                    }
                }
            }
            output.flush();
        }

        private void fill(MemorySegment segment, long offset, int length) {
            for (int i = 0; i < length; i++) {
                segment.set(ValueLayout.JAVA_BYTE, offset + i, byteAt(written + i));
            }
            written += length;
        }

        @Override
        public int receive(MemorySegment segment, long offset, int length) {
            throw new AssertionError("nobody sends anything here");
        }

        @Override
        public void onOutputDrained() {
            write();
        }

        @Override
        public void onTick(long nowNanos) {
            // No time limits.
        }

        @Override
        public void close(CloseReason reason) {
            output.close(true);
        }

        @Override
        public void onStreamClosed(CloseReason reason) {
            closeReason = reason;
        }

        @Override
        public CloseReason closeReason() {
            return closeReason;
        }
    }

    private static final class Reader implements StreamProtocol {
        private final TcpEventLoop loop;
        private final ByteStreamOutput output;
        private final Runnable resume;
        private final SplittableRandom random;
        private final CompletableFuture<Long> result;
        private final int totalBytes;
        private long read;
        private boolean paused;
        private int pauseCount;

        private Reader(TcpEventLoop loop, ByteStreamOutput output, Runnable resume, long seed, int totalBytes,
                CompletableFuture<Long> result) {
            this.output = output;
            this.totalBytes = totalBytes;
            this.loop = loop;
            this.resume = resume;
            this.random = new SplittableRandom(~seed);
            this.result = result;
        }

        @Override
        public void start() {
            // The other side talks.
        }

        @Override
        public int receive(MemorySegment segment, long offset, int length) {
            if (paused) {
                throw new AssertionError("offered while paused");
            }
            int taken = random.nextInt(4) == 0 ? random.nextInt(length) : length;
            for (int i = 0; i < taken; i++) {
                if (segment.get(ValueLayout.JAVA_BYTE, offset + i) != byteAt(read + i)) {
                    result.completeExceptionally(new AssertionError("wrong byte at " + (read + i)));
                    return length;
                }
            }
            read += taken;
            if (read == totalBytes) {
                result.complete(read);
            }
            if (taken < length) {
                paused = true;
                pauseCount++;
                Runnable goOn = () -> {
                    paused = false;
                    resume.run();
                };
                if (random.nextBoolean()) {
                    loop.execute(goOn);
                } else {
                    loop.schedule(random.nextLong(TimeUnit.MILLISECONDS.toNanos(2)), goOn);
                }
            }
            return taken;
        }

        @Override
        public void onOutputDrained() {
            // Nothing is sent.
        }

        @Override
        public void onTick(long nowNanos) {
            // No time limits.
        }

        @Override
        public void close(CloseReason reason) {
            result.completeExceptionally(new AssertionError("closed: " + reason));
            output.close(true);
        }

        @Override
        public void onStreamClosed(CloseReason reason) {
            result.completeExceptionally(new AssertionError("ended: " + reason));
        }

        @Override
        public CloseReason closeReason() {
            return null;
        }
    }
}
