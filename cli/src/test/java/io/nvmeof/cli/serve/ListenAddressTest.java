package io.nvmeof.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1:4420, 127.0.0.1, 4420", "0.0.0.0, 0.0.0.0, 4420", "[::1]:8009, ::1, 8009", "[::], ::, 4420",
        "storage.example:0, storage.example, 0"})
    void readsAddressAndPort(String text, String host, int port) {
        assertThat(ListenAddress.parse(text)).isEqualTo(new ListenAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":4420", "::1:4420", "a:b", "a:65536", "a:-1", "a:", "[::1", "[::1]x", "[]:1"})
    void refusesTheRest(String text) {
        assertThatThrownBy(() -> ListenAddress.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"").hasMessageContaining("allowed: ");
    }
}
