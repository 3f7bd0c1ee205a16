package io.nvmeof.target;

import static io.nvmeof.target.HostQueue.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import io.nvmeof.protocol.status.StatusCode;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.target.FakeCapsuleSender.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Admin commands of the program around a target: what it is given, and what becomes of its answer. */
class VendorCommandTest {
    private static final int NONE = 0xC0;
    private static final int IN = 0xC1;
    private static final int OUT = 0xC2;

    private final List<VendorCommand.Call> calls = new ArrayList<>();
    private CompletableFuture<VendorCommand.Answer> answer = new CompletableFuture<>();
    private final TestTarget target = new TestTarget(1, builder -> builder.allowAnyHost(true)
            .vendorCommand(NONE, this::execute).vendorCommand(IN, this::execute).vendorCommand(OUT, this::execute)
            .vendorCommand(0xC4, call -> {
                throw new IllegalStateException("a bug of the program");
            }));
    private final HostQueue admin = target.connectAdmin(0);

    private CompletableFuture<VendorCommand.Answer> execute(VendorCommand.Call call) {
        calls.add(call);
        return answer;
    }

    private void answerWith(StatusCode status, long result, byte... data) {
        answer.complete(new VendorCommand.Answer(status, result, data));
    }

    @Test
    void aCommandWithoutDataHasItsDwordsAndAResult() {
        answerWith(GenericStatus.SUCCESSFUL_COMPLETION, 0x1234_5678_9ABCL);
        Response response = success(admin.call(NONE, entry -> entry.namespaceId(7).commandDword(10, 11)
                .commandDword(15, 16)));
        assertThat(response.result()).isEqualTo(0x1234_5678_9ABCL);
        VendorCommand.Call call = calls.getFirst();
        assertThat(call.namespaceId()).isEqualTo(7);
        assertThat(call.dwords()).containsExactly(11, 0, 0, 0, 0, 16);
        assertThat(call.data()).isEmpty();
        assertThat(call.answerLengthMax()).isZero();
        assertThat(call.hostNqn()).isNotNull();
    }

    @Test
    void theHostsDataIsGivenAndAnAnswerMayComeLater() {
        int id = admin.submit(HostQueue.entry(IN, entry -> {}), new byte[] {1, 2, 3, 4}, 4);
        target.loops().runTasks();
        assertThat(calls.getFirst().data()).containsExactly(1, 2, 3, 4);
        success(admin.identify(1, 0, 0)); // Others are served meanwhile.
        answerWith(CommandSpecificStatus.INVALID_LOG_PAGE, 0);
        target.loops().runTasks();
        assertThat(admin.poll(id).status()).isEqualTo(CommandSpecificStatus.INVALID_LOG_PAGE);
    }

    @Test
    void dataForTheHostIsCutOrFilledWithZeroes() {
        answerWith(GenericStatus.SUCCESSFUL_COMPLETION, 5, (byte) 1, (byte) 2, (byte) 3);
        Response longer = success(admin.callForData(OUT, 8, entry -> {}));
        assertThat(longer.data()).containsExactly(1, 2, 3, 0, 0, 0, 0, 0);
        assertThat(longer.result()).isEqualTo(5);
        assertThat(success(admin.callForData(OUT, 2, entry -> {})).data()).containsExactly(1, 2);
        assertThat(calls.getLast().answerLengthMax()).isEqualTo(2);
    }

    @Test
    void aBugOfTheProgramIsAnInternalErrorAndNoMore() {
        assertThat(admin.call(0xC4, entry -> {}).status()).isEqualTo(GenericStatus.INTERNAL_ERROR);
        answer.completeExceptionally(new IllegalStateException("another"));
        assertThat(admin.call(NONE, entry -> {}).status()).isEqualTo(GenericStatus.INTERNAL_ERROR);
        answer = CompletableFuture.completedFuture(null);
        assertThat(admin.call(NONE, entry -> {}).status()).isEqualTo(GenericStatus.INTERNAL_ERROR);
        success(admin.identify(1, 0, 0));
    }

    @Test
    void othersAreInvalidAndTheEffectsLogTellsWhichThereAre() {
        assertThat(admin.call(0xC8, entry -> {}).status()).isEqualTo(GenericStatus.INVALID_OPCODE);
        byte[] effects = success(admin.getLogPage(5, 0, 4096, 0)).data();
        assertThat(effects[4 * NONE]).isEqualTo((byte) 1);
        assertThat(effects[4 * 0xC8]).isZero();
        assertThat(Arrays.copyOfRange(effects, 4 * 0xC9, 1024)).containsOnly(0);
    }

    @Test
    void anAnswerAfterTheEndOfTheConnectionIsHarmless() {
        admin.submit(HostQueue.entry(OUT, entry -> {}), new byte[0], 4096);
        target.loops().runTasks();
        assertThat(calls).hasSize(1);
        admin.sender().breakConnection(CloseReason.Kind.PEER_CLOSED);
        target.loops().runTasks();
        answerWith(GenericStatus.SUCCESSFUL_COMPLETION, 0, (byte) 1);
        target.loops().runTasks();
        assertThat(target.target().controllers()).isEmpty();
    }

    @Test
    void onlyVendorOpcodesCanBeAdded() {
        assertThatThrownBy(() -> SubsystemConfiguration.builder(TestTarget.SUBSYSTEM).vendorCommand(0xBF, this::execute)
                .build()).isInstanceOf(ConfigurationException.class).hasMessageContaining("191");
    }
}
