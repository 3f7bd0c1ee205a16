package io.nvmeof.local;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.nvmeof.protocol.loop.EventLoop;
import io.nvmeof.target.storage.BackendContract;
import io.nvmeof.target.storage.NamespaceBackend;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** What every backend must do, by a file in every way it can be read and written. */
class FileBackendContractTest {
    abstract static class Contract extends BackendContract {
        private final FileEngine engine;
        private final boolean direct;
        private final int blockSizeBytes;
        private NettyLoop[] loops = {};

        @TempDir
        Path folder;

        Contract(FileEngine engine, boolean direct, int blockSizeBytes) {
            this.engine = engine;
            this.direct = direct;
            this.blockSizeBytes = blockSizeBytes;
        }

        @Override
        protected EventLoop[] openLoops() {
            boolean ring = engine == FileEngine.IO_URING;
            loops = new NettyLoop[] {ring ? NettyLoop.ring() : NettyLoop.nio(),
                ring ? NettyLoop.ring() : NettyLoop.nio()};
            return loops;
        }

        @Override
        protected void closeLoops() {
            for (NettyLoop loop : loops) {
                loop.close();
            }
        }

        @Override
        protected NamespaceBackend openBackend() throws IOException {
            try {
                return FileBackend.open(FileBackendOptions.of(folder.resolve("file")).withSizeBytes(SIZE_BYTES)
                        .withBlockSizeBytes(blockSizeBytes).withDirect(direct).withEngine(engine));
            } catch (IOException e) {
                assumeFalse(direct && e.getMessage().contains("support"), "not run: " + e.getMessage());
                throw e;
            }
        }
    }

    @Nested
    class Ring extends Contract {
        Ring() {
            super(FileEngine.IO_URING, false, 4096);
        }
    }

    @Nested
    class RingWithSmallBlocks extends Contract {
        RingWithSmallBlocks() {
            super(FileEngine.IO_URING, false, 512);
        }
    }

    @Nested
    class RingPastThePageCache extends Contract {
        RingPastThePageCache() {
            super(FileEngine.IO_URING, true, 4096);
        }
    }

    @Nested
    class Positional extends Contract {
        Positional() {
            super(FileEngine.POSITIONAL, false, 4096);
        }
    }

    @Nested
    class PositionalPastThePageCache extends Contract {
        PositionalPastThePageCache() {
            super(FileEngine.POSITIONAL, true, 4096);
        }
    }
}
