package io.nvmeof.cli.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.nvmeof.cli.Nvmeof;
import io.nvmeof.cli.control.ControlDoor;
import io.nvmeof.cli.control.ControlException;
import io.nvmeof.cli.control.ControlHandler;
import io.nvmeof.cli.control.ControlRequest;
import io.nvmeof.cli.shared.CommandFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A switchover either happens or is undone, and at no time do both targets serve the group, whatever fails. */
@Timeout(60)
class SwitchOverTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @TempDir
    Path folder;

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private Played first;
    private Played second;
    private String err;

    /** Answers as a target does, and checks the promise with each change. */
    private final class Played implements ControlHandler, AutoCloseable {
        private final String name;
        private final Map<Integer, String> states = new TreeMap<>();
        private final ControlDoor door;
        private volatile Predicate<String> fails = change -> false;
        private volatile String uuid = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

        Played(String name, String... states) throws IOException {
            this.name = name;
            for (String state : states) {
                this.states.put(this.states.size() + 1, state);
            }
            door = ControlDoor.open(folder.resolve(name), this);
        }

        @Override
        public synchronized JsonNode handle(ControlRequest request) throws ControlException {
            String path = String.join("/", request.path());
            if (path.equals("ports")) {
                ArrayNode ports = NODES.arrayNode();
                states.forEach((id, state) -> ports.addObject().put("id", id).putObject("ana-states").put("1", state));
                return ports;
            }
            if (path.equals("subsystems")) {
                ArrayNode subsystems = NODES.arrayNode();
                subsystems.addObject().put("nqn", "nqn.2026-01.com.example:pair").putArray("namespaces").addObject()
                        .put("id", 1).put("uuid", uuid).put("ana-group", 1);
                return subsystems;
            }
            String state = state(request);
            String change = name + " " + path + " " + state;
            log.add(change);
            if (fails.test(change)) {
                throw new ControlException(ControlException.FAILED, "on purpose");
            }
            if (path.startsWith("ana-groups")) {
                states.replaceAll((id, before) -> state);
            } else {
                states.put(Integer.parseInt(request.path().get(1)), state);
            }
            assertThat(first.serves() && second.serves()).as("both serve after " + change).isFalse();
            return NODES.objectNode().put("done", true);
        }

        private String state(ControlRequest request) {
            try {
                return JsonMapper.builder().build().readTree(request.body()).get("state").asText();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        boolean serves() {
            return states.values().stream().anyMatch(state -> state.endsWith("optimized"));
        }

        @Override
        public void close() {
            door.close();
        }
    }

    @BeforeEach
    void start() throws IOException {
        first = new Played("a", "optimized", "non-optimized");
        second = new Played("b", "inaccessible", "inaccessible");
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private int switchOver() {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        CommandLine line = Nvmeof.commandLine().setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(errors, true));
        int status = line.execute("ctl", "switch-over", "--from", folder.resolve("a").toString(), "--to",
                folder.resolve("b").toString(), "--group", "1");
        err = errors.toString();
        assertThat(err).doesNotContain("unexpected failure");
        assertThat(out.toString().contains("switch-over: done")).isEqualTo(status == 0);
        return status;
    }

    @Test
    void firstGivesWayThenSecondServes() {
        assertThat(switchOver()).isZero();
        assertThat(log).containsExactly("a ana-groups/1/give-way inaccessible", "b ports/1/ana-states/1 optimized",
                "b ports/2/ana-states/1 optimized");
        assertThat(first.serves()).isFalse();
        assertThat(second.serves()).isTrue();
    }

    @Test
    void aFirstThatCannotGiveWayServesOn() {
        first.fails = change -> change.contains("give-way");
        assertThat(switchOver()).isEqualTo(CommandFailure.EXIT_FAILED);
        assertThat(err).contains("the first target cannot give way: on purpose; the first target serves it as before");
        assertThat(first.states).isEqualTo(Map.of(1, "optimized", 2, "non-optimized"));
        assertThat(second.serves()).isFalse();
    }

    /** Half of the second's ports serve already: they end before the first serves again. */
    @Test
    void aSecondThatCannotServeIsUndone() {
        second.fails = change -> change.equals("b ports/2/ana-states/1 optimized");
        assertThat(switchOver()).isEqualTo(CommandFailure.EXIT_FAILED);
        assertThat(err).contains("the second target cannot serve group 1: on purpose;"
                + " the first target serves it as before");
        assertThat(first.states).isEqualTo(Map.of(1, "optimized", 2, "non-optimized"));
        assertThat(second.states).isEqualTo(Map.of(1, "inaccessible", 2, "inaccessible"));
    }

    @Test
    void whereTheSecondMayServeTheFirstDoesNot() {
        second.fails = change -> change.equals("b ports/2/ana-states/1 optimized")
                || change.endsWith("inaccessible");
        assertThat(switchOver()).isEqualTo(CommandFailure.EXIT_FAILED);
        assertThat(err).contains("the first has NOT been made to serve it again", "End the second target, then:",
                "--port 2 --group 1 --state non-optimized");
        assertThat(first.serves()).isFalse();
    }

    @Test
    void aFirstThatDoesNotComeBackIsSaid() {
        second.fails = change -> change.endsWith(" optimized");
        first.fails = change -> change.endsWith("ports/1/ana-states/1 optimized");
        assertThat(switchOver()).isEqualTo(CommandFailure.EXIT_FAILED);
        assertThat(err).contains("does NOT serve it again either (on purpose); by hand: nvmeof ctl set-ana-state");
    }

    @Test
    void targetsThatAreNotAPairAreLeftAlone() {
        second.uuid = "00000000-0000-0000-0000-000000000001";
        assertThat(switchOver()).isEqualTo(CommandFailure.EXIT_USAGE);
        assertThat(err).contains("do not serve the same in group 1");
        second.uuid = first.uuid;
        second.states.put(2, "non-optimized");
        first.states.replaceAll((port, state) -> "inaccessible");
        assertThat(switchOver()).isEqualTo(CommandFailure.EXIT_USAGE);
        assertThat(err).contains("--to: already serves group 1");
        assertThat(log).isEmpty();
    }
}
