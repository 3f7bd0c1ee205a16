package io.nvmeof.interop.hostile;

import io.nvmeof.transport.tcp.TcpEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every line of the table of controllers' attacks, against our real initiator over real sockets. */
@ParameterizedClass(name = "{0}")
@EnumSource(value = TcpEngine.class, names = {"AUTO", "NIO"})
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class ControllerRowsTest {
    private static HostBench bench;

    ControllerRowsTest(TcpEngine engine) {
        assert engine != null;
    }

    @BeforeParameterizedClassInvocation
    static void start(TcpEngine engine) throws Exception {
        bench = new HostBench(engine, 2000);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        bench.close();
    }

    static List<ControllerRow> rows() {
        List<ControllerRow> rows = new ArrayList<>(ControllerRows.rows());
        rows.addAll(ControllerClaims.rows());
        return rows;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void isAnsweredAsTheTableSays(ControllerRow row) throws Exception {
        row.run(bench);
        bench.proveUnharmed();
    }
}
