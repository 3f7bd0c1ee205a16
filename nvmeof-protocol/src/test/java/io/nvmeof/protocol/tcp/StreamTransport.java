package io.nvmeof.protocol.tcp;

import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.protocol.loop.ManualLoop;
import io.nvmeof.protocol.loop.ManualLoops;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.HostQueueReceiver;
import io.nvmeof.protocol.transport.HostTransport;
import io.nvmeof.protocol.transport.QueueAcceptor;
import io.nvmeof.protocol.transport.TargetTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** NVMe/TCP without TCP: the two production state machines joined by byte streams that cut anywhere, as a seed says. */
public final class StreamTransport implements TargetTransport, HostTransport {
    private final ManualLoops loops;
    private final ControllerConnectionOptions controllerOptions;
    private final HostConnectionOptions hostOptions;
    private final SplittableRandom random;
    private final int pieceBytesMax;
    private final Map<TransportAddress, QueueAcceptor> acceptors = new HashMap<>();
    private final List<Link> links = new ArrayList<>();
    private int nextPort = 40_000;

    /**
     * @param pieceBytesMax pieces handed over have from 1 to so many bytes
     */
    public StreamTransport(ManualLoops loops, ControllerConnectionOptions controllerOptions,
            HostConnectionOptions hostOptions, long seed, int pieceBytesMax) {
        this.loops = loops;
        this.controllerOptions = controllerOptions;
        this.hostOptions = hostOptions;
        this.random = new SplittableRandom(seed);
        this.pieceBytesMax = pieceBytesMax;
    }

    @Override
    public TransportType type() {
        return TransportType.TCP;
    }

    @Override
    public Listener listen(TransportAddress address, QueueAcceptor acceptor) throws IOException {
        TransportAddress bound = address.port() == 0 ? TransportAddress.tcp(address.address(), nextPort++) : address;
        if (acceptors.putIfAbsent(bound, acceptor) != null) {
            throw new IOException("address in use");
        }
        return new Listener() {
            @Override
            public TransportAddress address() {
                return bound;
            }

            @Override
            public void close() {
                acceptors.remove(bound);
            }
        };
    }

    @Override
    public void connect(EventLoop loop, TransportAddress address, HostQueueOptions options,
            HostQueueReceiver receiver) {
        QueueAcceptor acceptor = acceptors.get(address);
        if (acceptor == null) {
            loop.execute(() -> receiver.onClosed(CloseReason.of(CloseReason.Kind.TRANSPORT_ERROR, "refused")));
            return;
        }
        Link link = new Link((ManualLoop) loop, loops.next(), address, options, receiver, acceptor);
        links.add(link);
        loop.execute(link.host::start);
    }

    @Override
    public void close() {
        CloseReason reason = CloseReason.of(CloseReason.Kind.LOCAL, "transport closed");
        for (Link link : links) {
            link.hostLoop.execute(() -> link.host.close(reason));
            link.controllerLoop.execute(() -> link.controller.close(reason));
        }
    }

    /** Hands over a few pieces on every connection. */
    public void turn() {
        for (int i = links.size() - 1; i >= 0; i--) {
            if (links.get(i).turn()) {
                links.remove(i);
            }
        }
    }

    private final class Link {
        private final ManualLoop hostLoop;
        private final ManualLoop controllerLoop;
        private final TestStream toController = new TestStream();
        private final TestStream toHost = new TestStream();
        private final HostConnection host;
        private final ControllerConnection controller;
        private boolean controllerPaused;
        private long tickedNanos;

        private Link(ManualLoop hostLoop, ManualLoop controllerLoop, TransportAddress address,
                HostQueueOptions options, HostQueueReceiver receiver, QueueAcceptor acceptor) {
            this.hostLoop = hostLoop;
            this.controllerLoop = controllerLoop;
            this.host = new HostConnection(hostLoop, options, hostOptions, toController, address, receiver);
            this.controller = new ControllerConnection(controllerLoop, controllerOptions, toHost, address,
                    TransportAddress.tcp("127.0.0.1", nextPort++), acceptor);
            controller.setResumeListener(() -> controllerPaused = false);
        }

        /** Returns whether the connection is gone. */
        private boolean turn() {
            for (int i = 0; i < 16; i++) {
                controllerLoop.run(() -> {
                    if (!controllerPaused && toController.deliver(controller, piece()) >= 0) {
                        controllerPaused = controller.paused();
                    }
                });
                hostLoop.run(host::onOutputDrained);
                hostLoop.run(() -> toHost.deliver(host, piece()));
                controllerLoop.run(controller::onOutputDrained);
            }
            if (hostLoop.nanoTime() - tickedNanos > 1_000_000_000L) {
                tickedNanos = hostLoop.nanoTime();
                hostLoop.run(() -> host.onTick(hostLoop.nanoTime()));
                controllerLoop.run(() -> controller.onTick(controllerLoop.nanoTime()));
            }
            if (toController.ended() || toHost.ended()) {
                CloseReason reason = CloseReason.of(CloseReason.Kind.PEER_CLOSED, "end of stream");
                hostLoop.run(() -> host.onStreamClosed(reason));
                controllerLoop.run(() -> controller.onStreamClosed(reason));
                return true;
            }
            return false;
        }

        private int piece() {
            return 1 + random.nextInt(random.nextBoolean() ? pieceBytesMax : Math.min(pieceBytesMax, 100));
        }
    }
}
