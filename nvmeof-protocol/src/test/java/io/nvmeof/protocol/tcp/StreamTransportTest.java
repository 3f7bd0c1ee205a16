package io.nvmeof.protocol.tcp;

import io.nvmeof.protocol.loop.ManualLoops;
import io.nvmeof.protocol.transport.ManualFabric;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.protocol.transport.TransportContract;
import org.junit.jupiter.api.Nested;

/** The transport contract over the two state machines, with everything they can negotiate. */
class StreamTransportTest {
    private static final int LARGE_PIECES = 1 << 20;

    @Nested
    class Plain extends TransportContract {
        @Override
        protected Fabric open() {
            return fabric(ControllerConnectionOptions.defaults(), HostConnectionOptions.defaults(), false, false,
                    LARGE_PIECES);
        }
    }

    @Nested
    class HeaderDigest extends TransportContract {
        @Override
        protected Fabric open() {
            return fabric(ControllerConnectionOptions.defaults(), HostConnectionOptions.defaults(), true, false,
                    LARGE_PIECES);
        }
    }

    @Nested
    class DataDigest extends TransportContract {
        @Override
        protected Fabric open() {
            return fabric(ControllerConnectionOptions.defaults(), HostConnectionOptions.defaults(), false, true,
                    LARGE_PIECES);
        }
    }

    @Nested
    class BothDigestsSmallPiecesAndPadding extends TransportContract {
        @Override
        protected Fabric open() {
            return fabric(ControllerConnectionOptions.defaults().withPduDataAlignment(31).withMaxH2cDataBytes(4096)
                            .withOutputBytesMax(5000),
                    HostConnectionOptions.defaults().withPduDataAlignment(31).withOutputBytesMax(5000), true, true,
                    6000);
        }
    }

    @Nested
    class NoInCapsuleDataAndOddAlignment extends TransportContract {
        @Override
        protected Fabric open() {
            return fabric(ControllerConnectionOptions.defaults().withInCapsuleDataBytes(0).withPduDataAlignment(4),
                    HostConnectionOptions.defaults().withPduDataAlignment(2), false, false, 50_000);
        }
    }

    private static TransportContract.Fabric fabric(ControllerConnectionOptions controller, HostConnectionOptions host,
            boolean headerDigest, boolean dataDigest, int pieceBytesMax) {
        ManualLoops loops = new ManualLoops(2);
        StreamTransport transport = new StreamTransport(loops, controller, host, 42, pieceBytesMax);
        return new ManualFabric(loops, transport, transport, TransportAddress.tcp("127.0.0.1", 0), transport::turn) {
            @Override
            public boolean headerDigest() {
                return headerDigest;
            }

            @Override
            public boolean dataDigest() {
                return dataDigest;
            }
        };
    }
}
