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

/**
 * Every line of the table of hosts' attacks, against a real target over real sockets; after each, nothing is harmed.
 */
@ParameterizedClass(name = "{0}")
@EnumSource(value = TcpEngine.class, names = {"AUTO", "NIO"})
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class HostRowsTest {
    private static TargetBench bench;

    HostRowsTest(TcpEngine engine) {
        assert engine != null;
    }

    @BeforeParameterizedClassInvocation
    static void start(TcpEngine engine) throws IOException {
        bench = TargetBench.open(engine);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        bench.close();
    }

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>(PduRows.rows());
        rows.addAll(TransferRows.rows());
        rows.addAll(FabricsRows.rows());
        rows.addAll(AdminRows.rows());
        rows.addAll(NvmRows.rows());
        return rows;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void isAnsweredAsTheTableSays(Row row) throws IOException {
        row.run(bench.port());
        bench.proveUnharmed();
    }
}
