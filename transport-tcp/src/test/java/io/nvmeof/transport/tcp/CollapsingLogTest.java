package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CollapsingLogTest {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CollapsingLog log = new CollapsingLog(LoggerFactory.getLogger(CollapsingLogTest.class));

    @Test
    void countsWhatIsAlikeInsteadOfWritingIt() {
        assertThat(log.admit("a", 0)).isZero();
        assertThat(log.admit("a", SECOND_NANOS)).isEqualTo(-1);
        assertThat(log.admit("b", SECOND_NANOS)).isZero();
        assertThat(log.admit("a", 9 * SECOND_NANOS)).isEqualTo(-1);
        assertThat(log.admit("a", 11 * SECOND_NANOS)).isEqualTo(2);
        assertThat(log.admit("a", 12 * SECOND_NANOS)).isEqualTo(-1);
    }

    @Test
    void remembersALimitedNumber() {
        for (int i = 0; i < 1_000_000; i++) {
            log.admit("peer " + i, 0);
        }
        assertThat(log.keyCount()).isLessThanOrEqualTo(1024);
    }
}
