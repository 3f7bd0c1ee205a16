package io.nvmeof.interop.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.nvmeof.interop.simulation.DiskPort.Defect;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Several hosts with several paths, one target or two that serve a subsystem together, and an operator who changes all
 * that can be changed, in one thread under virtual time. A failure names its seed; replay it alone with
 * {@code -Dsimulation.seed=N}, more seeds with {@code -Dsimulation.seeds=N}.
 */
class ClusterTest {
    private static final int SEEDS = Integer.getInteger("simulation.seeds", 150);
    /** Where to begin: the memory of a run's buffers is never given back, so many thousands take several processes. */
    private static final long FIRST_SEED = Long.getLong("simulation.first-seed", 0);
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.nvmeof");
    private static Level levelBefore;

    @BeforeAll
    static void quieten() {
        levelBefore = LOG.getLevel();
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void restore() {
        LOG.setLevel(levelBefore);
    }

    @Test
    void noChangeOfTheTargetsLosesACommandOrData() {
        Long only = Long.getLong("simulation.seed");
        long succeeded = 0;
        long lost = 0;
        long switchovers = 0;
        long added = 0;
        long reservations = 0;
        long unknown = 0;
        long excluded = 0;
        LongStream seeds = only != null ? LongStream.of(only) : LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS);
        for (long seed : seeds.toArray()) {
            ClusterRun run = run(seed, Defect.NONE);
            succeeded += run.successCount();
            lost += run.lostCount();
            switchovers += run.switchoverCount();
            added += run.addedCount();
            reservations += run.reservationCount();
            unknown += run.unknownReservationCount();
            excluded += run.excludedCount();
        }
        assertThat(succeeded).isPositive();
        if (only == null) {
            // Without these, a storm would prove little.
            assertThat(lost).isPositive();
            assertThat(switchovers).isPositive();
            assertThat(added).isPositive();
            assertThat(reservations).isPositive();
            assertThat(unknown).isPositive();
            assertThat(excluded).isPositive();
        }
    }

    @Test
    void theSameSeedGivesTheSameTrace() {
        for (long seed = 0; seed < 6; seed++) {
            long first = run(seed, Defect.NONE).traceHash();
            assertThat(run(seed, Defect.NONE).traceHash()).as("seed %d", seed).isEqualTo(first);
        }
    }

    /** The canaries: with a mistake planted, the same seeds must not pass, or the checkers are asleep. */
    @Test
    void aTargetThatAcknowledgesEarlyIsFoundOut() {
        assertThatThrownBy(() -> runSome(Defect.ACKNOWLEDGES_EARLY)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dsimulation.seed");
    }

    @Test
    void aTargetThatLosesWritesIsFoundOut() {
        assertThatThrownBy(() -> runSome(Defect.LOSES_A_WRITE)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dsimulation.seed");
    }

    @Test
    void aPreemptionThatFencesNobodyIsFoundOut() {
        assertThatThrownBy(() -> runSome(Defect.FENCES_NOBODY)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dsimulation.seed").hasMessageContaining("is excluded, but its");
    }

    private static void runSome(Defect defect) {
        for (long seed = 0; seed < 30; seed++) {
            run(seed, defect);
        }
    }

    private static ClusterRun run(long seed, Defect defect) {
        try {
            ClusterRun run = new ClusterRun(seed, defect);
            run.run();
            return run;
        } catch (Exception | AssertionError e) {
            throw new AssertionError("-Dsimulation.seed=" + seed + ": " + e.getMessage(), e);
        }
    }
}
