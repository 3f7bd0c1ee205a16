package io.nvmeof.interop.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.initiator.NvmeofException;
import java.util.concurrent.TimeUnit;

/**
 * A line of the table of controllers' attacks: what our host does with the controller, what the controller does wrong,
 * and what it gets.
 *
 * @param fatalErrorStatus the FES of the H2CTermReq that must come, 0 for none
 * @param fatalErrorInformation its FEI
 * @param text what our host's caller gets
 * @param fails whether what our host does must fail
 */
record ControllerRow(String id, String input, String variant, HostBench.Use use, Digests digests,
        RawController.Misdeeds misdeeds, int fatalErrorStatus, int fatalErrorInformation, boolean fails, String text) {
    private static final int TERM_REQ_SECONDS = 10;

    static ControllerRow terminated(String id, String input, HostBench.Use use, RawController.Misdeeds misdeeds,
            int status, int information) {
        return new ControllerRow(id, input, "", use, Digests.NONE, misdeeds, status, information, true,
                "H2CTermReq, FES %02Xh, FEI %d; the caller's future fails".formatted(status, information));
    }

    static ControllerRow fails(String id, String input, HostBench.Use use, RawController.Misdeeds misdeeds,
            String text) {
        return new ControllerRow(id, input, "", use, Digests.NONE, misdeeds, 0, 0, true, text);
    }

    static ControllerRow bears(String id, String input, HostBench.Use use, RawController.Misdeeds misdeeds,
            String text) {
        return new ControllerRow(id, input, "", use, Digests.NONE, misdeeds, 0, 0, false, text);
    }

    ControllerRow variant(Object value) {
        return new ControllerRow(id, input, String.valueOf(value), use, digests, misdeeds, fatalErrorStatus,
                fatalErrorInformation, fails, text);
    }

    ControllerRow with(Digests agreed) {
        return new ControllerRow(id, input, variant, use, agreed, misdeeds, fatalErrorStatus, fatalErrorInformation,
                fails, text);
    }

    void run(HostBench bench) throws Exception {
        try (RawController controller = new RawController(misdeeds)) {
            Throwable failure = bench.use(controller, use, digests);
            if (fails) {
                assertThat(failure).as("failure").isInstanceOfAny(NvmeofException.class,
                        UnsupportedOperationException.class, IllegalStateException.class);
                assertThat(failure.getMessage()).as("its message").isNotBlank().doesNotContain("java.");
            } else {
                assertThat(failure).as("failure").isNull();
            }
            if (text.startsWith("that command")) {
                assertThat(bench.connectionWentOn()).as("the connection goes on").isTrue();
            } else if (fatalErrorStatus != 0 || text.startsWith("closed")) {
                assertThat(bench.connectionWentOn()).as("the connection goes on").isFalse();
            }
            if (fatalErrorStatus == 0) {
                assertThat(controller.termReqs()).as("terminate requests").isEmpty();
                return;
            }
            Answer termReq = controller.termReqs().poll(TERM_REQ_SECONDS, TimeUnit.SECONDS);
            assertThat(termReq).as("terminate request").isNotNull();
            assertThat(termReq.fatalErrorStatus()).as(termReq.describe()).isEqualTo(fatalErrorStatus);
            assertThat(termReq.fatalErrorInformation()).as(termReq.describe()).isEqualTo(fatalErrorInformation);
        }
    }

    String line() {
        return "| " + id + " | " + input + " | " + text + " |";
    }

    @Override
    public String toString() {
        return id + " " + input + (variant.isEmpty() ? "" : " [" + variant + "]");
    }
}
