package io.nvmeof.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockLedgerTest {
    private final BlockLedger ledger = new BlockLedger(1000, 8);

    @Test
    void letsReadersShareAndChangesStandAlone() {
        assertThat(ledger.tryRead(1000, 4)).isTrue();
        assertThat(ledger.tryRead(1002, 4)).isTrue();
        assertThat(ledger.tryChange(1003, 1)).isFalse();
        assertThat(ledger.tryChange(1006, 2)).isTrue();
        assertThat(ledger.tryRead(1005, 2)).isFalse();
        ledger.endRead(1000, 4);
        assertThat(ledger.tryChange(1003, 1)).isFalse();
        ledger.endRead(1002, 4);
        assertThat(ledger.tryChange(1000, 6)).isTrue();
    }

    @Test
    void aRefusalMarksNothing() {
        assertThat(ledger.tryChange(1004, 1)).isTrue();
        assertThat(ledger.tryRead(1000, 8)).isFalse();
        assertThat(ledger.tryChange(1000, 4)).isTrue();
    }

    @Test
    void remembersWhatBlocksHold() {
        assertThat(ledger.generation(1000)).isEqualTo(BlockLedger.UNKNOWN);
        ledger.tryChange(1000, 3);
        ledger.endChange(1000, 3, 4);
        ledger.tryChange(1001, 1);
        ledger.endChange(1001, 1, BlockLedger.ZEROES);
        ledger.tryChange(1002, 2);
        ledger.endChange(1002, 2, BlockLedger.UNKNOWN);
        ledger.tryChange(1000, 1);
        ledger.keepUnchanged(1000, 1);
        assertThat(ledger.generation(1000)).isEqualTo(4);
        assertThat(ledger.generation(1001)).isEqualTo(BlockLedger.ZEROES);
        assertThat(ledger.generation(1002)).isEqualTo(BlockLedger.UNKNOWN);
        assertThat(ledger.knownCount()).isEqualTo(2);
        assertThat(ledger.tryChange(1000, 8)).isTrue();
    }
}
