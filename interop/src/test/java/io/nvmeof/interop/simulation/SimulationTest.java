package io.nvmeof.interop.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Host and controller, whole, in one thread under virtual time. A failure names its seed; replay it alone with
 * {@code -Dsimulation.seed=N}, more seeds with {@code -Dsimulation.seeds=N}.
 */
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 1000);
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.nvmeof");
    private static Level levelBefore;

    /** Broken connections and failing disks are the point here; only faults of our own are worth a line. */
    @BeforeAll
    static void quieten() {
        levelBefore = LOG.getLevel();
        LOG.setLevel(Level.ERROR);
    }

    @AfterAll
    static void restore() {
        LOG.setLevel(levelBefore);
    }

    @Test
    void everyCommandCompletesOnceAndNoDataIsLost() {
        Long only = Long.getLong("simulation.seed");
        long done = 0;
        long lost = 0;
        for (long seed : only != null ? new long[] {only} : LongStream.range(0, SEEDS).toArray()) {
            StorageRun run = run(seed, SimulatedDisk.Defect.NONE);
            done += run.commandsDone();
            lost += run.commandsLost();
        }
        assertThat(done).isPositive();
        if (only == null) {
            // A storm in which nothing ever breaks would prove little.
            assertThat(lost).isPositive();
        }
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 0; seed < 20; seed++) {
            long first = run(seed, SimulatedDisk.Defect.NONE).traceHash();
            assertThat(run(seed, SimulatedDisk.Defect.NONE).traceHash()).as("seed %d", seed).isEqualTo(first);
        }
    }

    /** The canaries: with a bug planted, the same seeds must not pass, or the checkers are asleep. */
    @Test
    void aDiskThatLosesWritesIsFoundOut() {
        assertThatThrownBy(() -> runSome(SimulatedDisk.Defect.LOSES_A_WRITE)).hasMessageContaining("block");
    }

    @Test
    void aFlushThatLiesIsFoundOut() {
        assertThatThrownBy(() -> runSome(SimulatedDisk.Defect.FLUSH_LIES))
                .hasMessageContaining("after the power was cut");
    }

    private static void runSome(SimulatedDisk.Defect defect) {
        for (long seed = 0; seed < 50; seed++) {
            run(seed, defect);
        }
    }

    private static StorageRun run(long seed, SimulatedDisk.Defect defect) {
        try {
            StorageRun run = new StorageRun(seed, defect);
            run.run();
            return run;
        } catch (Exception | AssertionError e) {
            throw new AssertionError("-Dsimulation.seed=" + seed + ": " + e.getMessage(), e);
        }
    }
}
