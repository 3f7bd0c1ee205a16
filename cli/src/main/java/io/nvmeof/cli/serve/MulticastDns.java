package io.nvmeof.cli.serve;

import io.nvmeof.cli.shared.FileFailure;
import io.nvmeof.protocol.fabrics.TransportType;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.DiscoveryService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes where a target answers to discovery by multicast DNS, as service {@code _nvme-disc._tcp} with the transport
 * and the name of the discovery subsystem (NVMe TP 8009, Automated Discovery of NVMe-oF Discovery Controllers for IP
 * Networks), on each network that reaches it. Any thread may call.
 */
final class MulticastDns implements AutoCloseable {
    static final String TYPE = "_nvme-disc._tcp.local.";
    static final String TRANSPORT = "p";
    static final String NAME = "nqn";
    private static final Logger LOG = LoggerFactory.getLogger(MulticastDns.class);
    /** A DNS label has 63 bytes, and the address has to fit too. */
    private static final int HOST_LENGTH_MAX = 16;

    /** Something to publish: a service at one address of ours, which the answers give. */
    private record Announcement(InetAddress address, int port, String nqn) {}

    // JmDNS waits for its own timers: it gets threads that may wait, and never one of the target's.
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("mdns").factory());
    private final Set<Integer> warnedOf = new HashSet<>();
    private final Map<InetAddress, JmDNS> responders = new HashMap<>();
    private final Map<Announcement, ServiceInfo> published = new HashMap<>();
    private boolean closed;

    /** Publishes these services and no others; returns at once. Does nothing once this is closed. */
    synchronized void update(List<DiscoveryService> services) {
        if (!closed) {
            List<DiscoveryService> wanted = List.copyOf(services);
            worker.execute(() -> publish(wanted));
        }
    }

    private void publish(List<DiscoveryService> wanted) {
        Set<Announcement> next = new LinkedHashSet<>();
        wanted.forEach(service -> next.addAll(announcements(service)));
        for (Announcement gone : List.copyOf(published.keySet())) {
            if (!next.contains(gone)) {
                responders.get(gone.address()).unregisterService(published.remove(gone));
                LOG.info("mDNS: withdrew port {} at {}", gone.port(), gone.address().getHostAddress());
            }
        }
        for (Announcement each : next) {
            if (!published.containsKey(each)) {
                publish(each);
            }
        }
    }

    private void publish(Announcement announcement) {
        InetAddress address = announcement.address();
        try {
            JmDNS responder = responders.get(address);
            if (responder == null) {
                responder = JmDNS.create(address, label(address));
                responders.put(address, responder);
            }
            ServiceInfo service = ServiceInfo.create(TYPE, label(address) + "-" + announcement.port(),
                    announcement.port(), 0, 0, Map.of(TRANSPORT, "tcp", NAME, announcement.nqn()));
            responder.registerService(service);
            published.put(announcement, service);
            LOG.info("mDNS: published {} at {} port {}", announcement.nqn(), address.getHostAddress(),
                    announcement.port());
        } catch (IOException e) {
            LOG.warn("mDNS: cannot publish port {} at {}: {}", announcement.port(), address.getHostAddress(),
                    FileFailure.reason(e));
        }
    }

    /** One for each address of ours at which hosts reach the service. */
    private List<Announcement> announcements(DiscoveryService service) {
        List<Announcement> all = new ArrayList<>();
        TransportAddress reachedAt = service.reachableAs().orElse(service.address());
        if (reachedAt.type() != TransportType.TCP) {
            return all;
        }
        for (String text : ReachableAddresses.of(reachedAt.address())) {
            try {
                InetAddress address = InetAddress.getByName(text);
                if (NetworkInterface.getByInetAddress(address) != null) {
                    all.add(new Announcement(address, reachedAt.port(), service.nqn().toString()));
                } else if (warnedOf.add(service.portId())) {
                    LOG.warn("mDNS: port {} is not published: {} is no address of this machine", service.portId(),
                            text);
                }
            } catch (IOException e) {
                LOG.warn("mDNS: port {} is not published at {}: {}", service.portId(), text, FileFailure.reason(e));
            }
        }
        return all;
    }

    /** Tells the machine and the address, for a name belongs to one address only. */
    private static String label(InetAddress address) {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            LOG.debug("this machine has no name", e);
            host = "nvmeof";
        }
        String all = host.substring(0, Math.min(HOST_LENGTH_MAX, host.length())) + "-" + address.getHostAddress();
        return all.replaceAll("[^A-Za-z0-9]+", "-");
    }

    /** Withdraws everything, which takes a few seconds, and answers no more. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        worker.execute(this::closeResponders);
        worker.close();
    }

    private void closeResponders() {
        // Each says good-bye for its services, and waits until it has been said.
        try (ExecutorService closers = Executors.newVirtualThreadPerTaskExecutor()) {
            responders.forEach((address, responder) -> closers.execute(() -> close(address, responder)));
        }
        responders.clear();
        published.clear();
    }

    private static void close(InetAddress address, JmDNS responder) {
        try {
            responder.close();
        } catch (IOException e) {
            LOG.warn("mDNS: cannot close the responder at {}: {}", address.getHostAddress(), FileFailure.reason(e));
        }
    }
}
