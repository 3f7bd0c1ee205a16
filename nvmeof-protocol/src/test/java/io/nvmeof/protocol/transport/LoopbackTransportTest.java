package io.nvmeof.protocol.transport;

import io.nvmeof.protocol.loop.ManualLoops;
import org.junit.jupiter.api.Nested;

class LoopbackTransportTest {
    @Nested
    class OnOneLoop extends TransportContract {
        @Override
        protected Fabric open() {
            return fabric(1);
        }
    }

    @Nested
    class AcrossLoops extends TransportContract {
        @Override
        protected Fabric open() {
            return fabric(3);
        }
    }

    private static TransportContract.Fabric fabric(int loopCount) {
        ManualLoops loops = new ManualLoops(loopCount);
        LoopbackTransport transport = new LoopbackTransport(loops);
        return new ManualFabric(loops, transport, transport, LoopbackTransport.address("test", "0"), () -> { });
    }
}
