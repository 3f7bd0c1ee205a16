package io.nvmeof.cli.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({"0, 0", "512, 512", "512b, 512", "4k, 4096", "4K, 4096", "4KiB, 4096", "4kb, 4096", "1m, 1048576",
        "1g, 1073741824", "2T, 2199023255552", "8388607t, 9223370937343148032"})
    void readsWhatPeopleWrite(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12q", "-1", "1.5g", "k", "1 g", "8388608t", "99999999999999999999", "0x10"})
    void refusesTheRestAndSaysWhatIsAllowed(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"").hasMessageContaining("allowed: ");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.00 KiB", "10240, 10.0 KiB", "1073741824, 1.00 GiB",
        "268435456, 256 MiB", "9223372036854775807, 8388608 TiB"})
    void writesThreeDigits(long bytes, String text) {
        assertThat(ByteSize.format(bytes)).isEqualTo(text);
    }
}
