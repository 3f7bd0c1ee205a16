package io.nvmeof.initiator;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.protocol.admin.AsynchronousEvent;
import io.nvmeof.protocol.admin.NamespaceList;
import io.nvmeof.protocol.status.CommandSpecificStatus;
import io.nvmeof.protocol.status.GenericStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventsTest {
    private final Bench bench = new Bench();
    private final FakeController fake = bench.controller;

    @Test
    void enablesWhatTheControllerOffersAndTheHostUnderstands() {
        List<Integer> configured = new ArrayList<>();
        fake.identify().optionalAsynchronousEvents(0xFFFF_FFFF);
        fake.script = command -> {
            if (command.admin(0x09) && command.cdw(10) == 0x0B) {
                configured.add(command.cdw(11));
            }
            return false;
        };
        bench.connect();
        assertThat(configured).containsExactly(AsynchronousEvent.ENABLE_NAMESPACE_ATTRIBUTE
                | AsynchronousEvent.ENABLE_ANA_CHANGE | AsynchronousEvent.ENABLE_DISCOVERY_LOG_CHANGE);
        bench.loops.runTasks();
        assertThat(fake.eventRequests).hasSize(4);
    }

    @Test
    void hasNoMoreRequestsThanTheControllerAllows() {
        fake.identify().asynchronousEventRequestLimit(0);
        bench.connect();
        bench.loops.runTasks();
        assertThat(fake.eventRequests).hasSize(1);
    }

    @Test
    void requestsWaitForEver() {
        HostController controller = bench.connect();
        bench.advanceMillis(200_000);
        assertThat(controller.isOpen()).isTrue();
        assertThat(fake.eventRequests).hasSize(4);
    }

    @Test
    void aChangedNamespaceIsIdentifiedAgainBeforeListenersHear() {
        RemoteNamespace namespace = bench.namespace();
        HostController controller = namespace.controller();
        List<String> heard = new ArrayList<>();
        controller.onNamespacesChanged(ids -> heard.add(ids + " " + namespace.blockCount()));
        fake.addNamespace(1, 8192);
        fake.addNamespace(2, 8);
        change(1, 2);
        assertThat(heard).containsExactly("[1, 2] 8192");
        assertThat(namespace.attached()).isTrue();
        assertThat(fake.eventRequests).as("asked for again").hasSize(4);
        bench.await(namespace.read(8191, 1, Bench.memory(512)));
    }

    @Test
    void aNamespaceThatIsGoneIsDetached() {
        RemoteNamespace namespace = bench.namespace();
        fake.namespaces.remove(1);
        change(1);
        assertThat(namespace.attached()).isFalse();
        assertThat(namespace.blockCount()).isZero();
        fake.addNamespace(1, 16);
        RemoteNamespace anew = bench.await(namespace.controller().namespace(1));
        assertThat(anew).isNotSameAs(namespace);
        assertThat(anew.blockCount()).isEqualTo(16);
    }

    @Test
    void tooManyChangesMeanThatAnyMayHaveChanged() {
        RemoteNamespace namespace = bench.namespace();
        List<List<Integer>> heard = new ArrayList<>();
        namespace.controller().onNamespacesChanged(heard::add);
        fake.addNamespace(1, 100);
        fake.addNamespace(9, 8);
        change(NamespaceList.TOO_MANY_CHANGED);
        assertThat(heard).containsExactly(List.of(1, 9));
        assertThat(namespace.blockCount()).isEqualTo(100);
    }

    @Test
    void anUnreadableListMeansTheSame() {
        RemoteNamespace namespace = bench.namespace();
        fake.addNamespace(1, 100);
        fake.script = command -> {
            if (command.admin(0x02)) {
                command.fail(GenericStatus.INTERNAL_ERROR, false);
                return true;
            }
            return false;
        };
        change(1);
        assertThat(namespace.blockCount()).isEqualTo(100);
    }

    @Test
    void everyEventIsHeardAndAListenerThatThrowsHarmsNobody() {
        HostController controller = bench.connect();
        List<AsynchronousEvent> heard = new ArrayList<>();
        controller.onAsynchronousEvent(event -> {
            throw new IllegalStateException("a bug of the caller");
        });
        controller.onAsynchronousEvent(heard::add);
        AsynchronousEvent vendor = new AsynchronousEvent(AsynchronousEvent.TYPE_VENDOR_SPECIFIC, 1, 0);
        bench.loops.runTasks();
        for (int i = 0; i < 10; i++) {
            fake.report(vendor);
            bench.loops.runTasks();
        }
        assertThat(heard).hasSize(10).containsOnly(vendor);
    }

    @Test
    void aControllerThatTakesNoRequestsIsUsableWithoutEvents() {
        fake.script = command -> {
            if (command.admin(0x0C)) {
                command.fail(CommandSpecificStatus.ASYNCHRONOUS_EVENT_REQUEST_LIMIT_EXCEEDED, true);
                return true;
            }
            return false;
        };
        RemoteNamespace namespace = bench.namespace();
        bench.await(namespace.flush());
        assertThat(fake.conversation.stream().filter("q0 0C"::equals).count()).isEqualTo(4);
    }

    @Test
    void aControllerThatCannotConfigureEventsIsUsableWithoutThem() {
        fake.script = command -> {
            if (command.admin(0x09) && command.cdw(10) == 0x0B) {
                command.fail(GenericStatus.INVALID_FIELD_IN_COMMAND, true);
                return true;
            }
            return false;
        };
        bench.await(bench.namespace().flush());
        assertThat(fake.conversation).doesNotContain("q0 0C");
    }

    private void change(int... namespaceIds) {
        bench.loops.runTasks();
        fake.changedNamespaces = namespaceIds;
        fake.report(AsynchronousEvent.ATTACHED_NAMESPACE_ATTRIBUTE_CHANGED);
        bench.loops.runTasks();
    }
}
