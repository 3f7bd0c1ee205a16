package io.nvmeof.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.target.DiscoveryService;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.jmdns.JmDNS;
import javax.jmdns.ServiceEvent;
import javax.jmdns.ServiceInfo;
import javax.jmdns.ServiceListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a browser of multicast DNS on this machine's loopback sees of a target. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class MulticastDnsTest {
    private static final String LOOPBACK = "127.0.0.1";
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int PROBE_MILLIS = 5_000;

    /** Nobody else on this machine has it: other tests may publish at the same time. */
    private final NvmeQualifiedName nqn =
            NvmeQualifiedName.of("nqn.2014-08.org.nvmexpress:uuid:" + UUID.randomUUID());
    private final Map<String, ServiceInfo> seen = new ConcurrentHashMap<>();
    private JmDNS browser;

    private void browse() throws IOException {
        String why = multicastFailure();
        Assumptions.assumeTrue(why == null, () -> "this machine has no multicast on its loopback: " + why);
        browser = JmDNS.create(InetAddress.getByName(LOOPBACK), "browser-" + UUID.randomUUID());
        browser.addServiceListener(MulticastDns.TYPE, new ServiceListener() {
            @Override
            public void serviceAdded(ServiceEvent event) {
                browser.requestServiceInfo(event.getType(), event.getName());
            }

            @Override
            public void serviceRemoved(ServiceEvent event) {
                seen.remove(event.getName());
            }

            @Override
            public void serviceResolved(ServiceEvent event) {
                if (nqn.toString().equals(event.getInfo().getPropertyString(MulticastDns.NAME))) {
                    seen.put(event.getName(), event.getInfo());
                }
            }
        });
    }

    @AfterEach
    void close() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void portsAreSeenAsTheyComeAndGoWhereTheyAreReached() throws Exception {
        browse();
        DiscoveryService first = service(1, LOOPBACK, 14_420);
        DiscoveryService mapped = new DiscoveryService(2, TransportAddress.tcp("0.0.0.0", 4420),
                Optional.of(TransportAddress.tcp(LOOPBACK, 14_421)), nqn);
        // An address for documentation: no machine has it.
        DiscoveryService foreign = new DiscoveryService(3, TransportAddress.tcp(LOOPBACK, 14_422),
                Optional.of(TransportAddress.tcp("203.0.113.5", 14_422)), nqn);
        try (MulticastDns published = new MulticastDns()) {
            published.update(List.of(foreign, first));
            await(14_420);
            ServiceInfo seenFirst = seen.values().iterator().next();
            assertThat(seenFirst.getPropertyString(MulticastDns.TRANSPORT)).isEqualTo("tcp");
            assertThat(seenFirst.getHostAddresses()).contains(LOOPBACK);
            published.update(List.of(first, mapped, foreign));
            await(14_420, 14_421);
            published.update(List.of(mapped, foreign));
            await(14_421);
        }
        await();
    }

    @Test
    void updatesAfterTheEndAreIgnored() {
        MulticastDns published = new MulticastDns();
        published.close();
        published.update(List.of(service(1, LOOPBACK, 14_440)));
        published.close();
    }

    private DiscoveryService service(int id, String address, int port) {
        return new DiscoveryService(id, TransportAddress.tcp(address, port), Optional.empty(), nqn);
    }

    /** Waits until exactly these ports are seen. */
    private void await(Integer... ports) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        List<Integer> expected = List.of(ports);
        while (!seenPorts().equals(expected) && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(seenPorts()).isEqualTo(expected);
    }

    private List<Integer> seenPorts() {
        return seen.values().stream().map(ServiceInfo::getPort).sorted().toList();
    }

    /** A datagram to a group of our own, over loopback and back; {@code null} if it comes. */
    private static String multicastFailure() {
        try (MulticastSocket socket = new MulticastSocket(0)) {
            NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getByName(LOOPBACK));
            InetSocketAddress group = new InetSocketAddress("239.255.44.20", socket.getLocalPort());
            socket.setNetworkInterface(loopback);
            socket.joinGroup(group, loopback);
            socket.setSoTimeout(PROBE_MILLIS);
            byte[] bytes = "multicast".getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(bytes, bytes.length, group));
            socket.receive(new DatagramPacket(new byte[bytes.length], bytes.length));
            return null;
        } catch (IOException e) {
            return e.toString();
        }
    }
}
