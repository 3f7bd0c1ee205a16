package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class SocketFailureTest {
    @Test
    void saysTheSameForEveryEngine() {
        assertThat(SocketFailure.describe(new ConnectException("finishConnect(..) failed with error(-111): Connection "
                + "refused: /127.0.0.1:4420"))).isEqualTo(SocketFailure.describe(new ConnectException(
                "Connection refused: /127.0.0.1:4420"))).startsWith("connection refused");
        assertThat(SocketFailure.describe(new IOException("io_uring read(..) failed with error(-104): Connection reset "
                + "by peer"))).isEqualTo(SocketFailure.describe(new IOException("Connection reset")));
        assertThat(SocketFailure.describe(new NoRouteToHostException("No route to host")))
                .isEqualTo("host unreachable");
        assertThat(SocketFailure.describe(new IOException("Network is unreachable"))).isEqualTo("network unreachable");
        assertThat(SocketFailure.describe(new ConnectTimeoutException("connection timed out after 100 ms: /192.0.2.1")))
                .isEqualTo("connecting timed out: no answer");
        assertThat(SocketFailure.describe(new IOException("Connection timed out"))).contains("does not answer");
        assertThat(SocketFailure.describe(new UnknownHostException("nowhere"))).contains("cannot be resolved");
        assertThat(SocketFailure.describe(new IOException("weird"))).isEqualTo("network error: weird");
        assertThat(SocketFailure.describe(new IOException())).contains("IOException");
    }
}
