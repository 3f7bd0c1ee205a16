package io.nvmeof.initiator;

import io.nvmeof.protocol.fabrics.NvmeQualifiedName;
import io.nvmeof.protocol.loop.EventLoops;
import io.nvmeof.protocol.transport.HostTransport;
import io.nvmeof.protocol.transport.TransportAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The program that the documentation of {@link Initiator} shows. */
final class FirstProgram {
    private FirstProgram() {
    }

    static String run(HostTransport transport, EventLoops loops, TransportAddress address, NvmeQualifiedName subsystem)
            throws NvmeofException {
        try (Initiator initiator = Initiator.builder(transport, loops).build();
                HostController controller = initiator.connectNow(ConnectOptions.builder(address, subsystem).build());
                Arena arena = Arena.ofShared()) {
            RemoteNamespace namespace = controller.namespaceNow(1);
            MemorySegment data = arena.allocate(namespace.blockSizeBytes());
            data.setString(0, "Hello, NVMe");
            namespace.writeNow(0, 1, data);
            namespace.flushNow();
            namespace.readNow(0, 1, data.fill((byte) 0));
            String greeting = data.getString(0);
            return greeting;
        }
    }
}
