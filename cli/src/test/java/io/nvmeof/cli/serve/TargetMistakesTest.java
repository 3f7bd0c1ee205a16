package io.nvmeof.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.nvmeof.cli.Nvmeof;
import io.nvmeof.cli.shared.CommandFailure;
import io.nvmeof.local.FileBackend;
import io.nvmeof.local.FileBackendOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every mistake names what is wrong and what is allowed, ends with status 2, and leaves nothing behind. */
class TargetMistakesTest {
    private static final String GOOD = """
            { "ports": [ { "listen": "127.0.0.1:0" } ],
              "subsystems": [ { "nqn": "nqn.2026-01.com.example:a",
                "namespaces": [ { "backend": "file", "path": "a.img", "size": "1m" },
                                { "backend": "memory", "size": "64k" } ] } ] }""";

    @TempDir
    Path folder;

    static Stream<Arguments> files() {
        return Stream.of(
            broken("\"64k\"", "\"12q\"",
                    "target.json: subsystems[0].namespaces[1].size: \"12q\" is not a size; allowed: "),
            broken("\"64k\"", "-4096", "subsystems[0].namespaces[1].size: -4096 is not allowed; allowed: from 512 B"),
            broken("\"64k\"", "true", "subsystems[0].namespaces[1].size: true is not allowed"),
            broken("\"64k\"", "1000",
                    "subsystems[0].namespaces[1].size: 1000 bytes is not allowed; allowed: a multiple of"),
            broken(", \"size\": \"64k\"", "", "subsystems[0].namespaces[1].size: is missing"),
            broken("\"size\": \"1m\"", "\"sise\": \"1m\"",
                    "subsystems[0].namespaces[0].sise: unknown key; allowed here: id,"),
            broken("\"path\": \"a.img\"", "\"path\": 7",
                    "subsystems[0].namespaces[0].path: 7 is not allowed; allowed: a text"),
            broken("\"path\": \"a.img\"", "\"path\": \"no/a.img\"", "subsystems[0].namespaces[0].path: the folder "),
            broken("\"path\": \"a.img\"", "\"path\": \".\"", "is a folder; allowed: a file or a block device"),
            broken("\"memory\"", "\"mem\"",
                    "namespaces[1].backend: \"mem\" is not allowed; allowed: memory, null, file"),
            broken("{ \"backend\": \"memory\",", "{ \"id\": 1, \"backend\": \"memory\",",
                    "subsystems[0].namespaces[1].id: 1 is used twice in this subsystem"),
            broken("{ \"backend\": \"memory\",", "{ \"id\": 0, \"backend\": \"memory\",",
                    "subsystems[0].namespaces[1].id: 0 is not allowed; allowed: a whole number from 1 to "),
            broken("\"size\": \"1m\"", "\"size\": \"1m\", \"block-size\": 3000",
                    "namespaces[0].block-size: 3000 is not allowed; allowed: 512, 1k"),
            broken("\"size\": \"1m\"", "\"size\": \"1m\", \"read-only\": \"yes\"",
                    "namespaces[0].read-only: \"yes\" is not allowed; allowed: true or false"),
            broken("\"size\": \"64k\"", "\"size\": \"64k\", \"uuid\": \"7\"",
                    "namespaces[1].uuid: \"7\" is not allowed"),
            broken("\"127.0.0.1:0\"", "\"127.0.0.1:99999\"", "ports[0].listen: \"127.0.0.1:99999\" has no valid port"),
            broken("\"127.0.0.1:0\" }", "\"127.0.0.1:0\", \"reachable-as\": \"0.0.0.0:4420\" }",
                    "ports[0].reachable-as: reachable-as of port 1 is 0.0.0.0: allowed is an address that hosts can"),
            broken("{ \"ports\"", "{ \"referrals\": [ { \"address\": \"192.0.2.1:0\" } ], \"ports\"",
                    "referrals[0].address: service id of address of a referral is \"0\": allowed from 1 to 65535"),
            broken("{ \"ports\"", "{ \"mdns\": 1, \"ports\"", "mdns: 1 is not allowed; allowed: true or false"),
            broken("{ \"listen\": \"127.0.0.1:0\" }", "7", "ports[0]: 7; allowed: an object"),
            broken("[ { \"listen\": \"127.0.0.1:0\" } ]", "[]", "ports: a list of 0 is not allowed"),
            broken("\"nqn\": \"nqn.2026-01.com.example:a\"", "\"nqn\": \"disk\"", "subsystems[0].nqn: "),
            broken("\"nqn\":", "\"allowed-hosts\": [\"me\"], \"nqn\":", "subsystems[0].allowed-hosts[0]: "),
            broken("\"nqn\":", "\"allow-any-host\": false, \"nqn\":", "subsystems[0].allow-any-host: false needs"),
            broken("\"nqn\":", "\"queue-size-max\": 1, \"nqn\":", "subsystems[0].queue-size-max: 1 is not allowed"),
            broken("\"nqn\":", "\"serial\": \"123456789012345678901\", \"nqn\":", "subsystems[0].serial: "),
            broken("{ \"ports\"", "{ \"engine\": \"fast\", \"ports\"",
                    "engine: \"fast\" is not allowed; allowed: auto, io_uring"),
            broken("{ \"ports\"", "{ \"loops\": 0, \"ports\"",
                    "loops: 0 is not allowed; allowed: a whole number from 1"),
            broken("{ \"ports\"", "{ \"ports\": [], \"ports\"", "target.json:1:"),
            broken("{ \"ports\"", "[ \"ports\"", "target.json:1:"),
            broken("\"backend\": \"memory\"", "\"backend\": \"file\", \"path\": \"/dev/null\"",
                    "subsystems[0].namespaces[1].path: /dev/null is neither a file nor a block device"),
            broken("\"backend\": \"memory\", \"size\": \"64k\"", "\"backend\": \"file\", \"path\": \"./a.img\"",
                    "subsystems[0].namespaces[1].path: "),
            broken("\"64k\"", "\"17t\"",
                    "subsystems[0].namespaces[1].size: 18691697672192 bytes is not allowed; allowed for memory: up to"),
            broken("\"64k\"", "9223372036854775808", "namespaces[1].size: 9223372036854775808 is not allowed"),
            broken("\"64k\"", "\"9999999t\"", "namespaces[1].size: \"9999999t\" is too large; allowed: up to"),
            broken("\"64k\"", "1.5", "namespaces[1].size: 1.5 is not allowed"),
            broken("\"64k\"", "null", "namespaces[1].size: null is not allowed"),
            broken("\"127.0.0.1:0\"", "4420", "ports[0].listen: 4420 is not allowed; allowed: a text"),
            broken("{ \"listen\": \"127.0.0.1:0\" }", "{ \"port\": 4420 }", "ports[0].listen: is missing"),
            broken("\"subsystems\"", "\"subsystem\"", "subsystems: is missing; needed: a list"),
            broken("\"namespaces\": [", "\"namespaces\": [], \"more\": [", "subsystems[0].more: unknown key"),
            broken("\"namespaces\": [", "\"namespace\": [", "subsystems[0].namespaces: is missing; needed: a list"),
            broken("{ \"ports\"", "{ \"buffers-per-loop\": \"1m\", \"ports\"",
                    "buffers-per-loop: \"1m\" is not allowed"),
            broken("}", "", "target.json:"),
            broken(GOOD, "", "target.json: must be one JSON object"),
            broken(GOOD, "7", "target.json: must be one JSON object"));
    }

    /** Of the settings that few need. */
    static Stream<Arguments> rareSettings() {
        return Stream.of(
            ofPort("\"reachable-as\": \"x:y\"", "ports[0].reachable-as: \"x:y\" has no valid port"),
            ofPort("\"subsystems\": [\"nqn.2026-01.com.example:b\"]",
                    "ports[0].listen: leads to nqn.2026-01.com.example:b, which is none of the subsystems"),
            ofPort("\"subsystems\": [7]", "ports[0].subsystems[0]: 7 is not allowed; allowed: a text"),
            ofPort("\"ana-states\": []", "ports[0].ana-states: a list of 0 is not allowed; allowed: an object"),
            ofPort("\"ana-states\": { \"129\": \"optimized\" }",
                    "ports[0].ana-states.129: \"129\" is no ANA group; allowed: from 1 to 128"),
            ofPort("\"ana-states\": { \"1\": \"good\" }", "ports[0].ana-states.1: \"good\" is not allowed; allowed: "
                    + "optimized, non-optimized, inaccessible, persistent-loss, change"),
            ofNamespace("\"eui64\": \"0x12345678123456789\"", "namespaces[1].eui64: \"0x12345678123456789\" is not "
                    + "allowed; allowed: 1 to 16 hexadecimal digits"),
            ofNamespace("\"eui64\": 7", "namespaces[1].eui64: 7 is not allowed"),
            ofNamespace("\"enabled\": 1", "namespaces[1].enabled: 1 is not allowed; allowed: true or false"),
            ofNamespace("\"ana-group\": 129", "namespaces[1].ana-group: 129 is not allowed; allowed: a whole number"),
            ofNamespace("\"hosts\": [\"me\"]", "namespaces[1].hosts[0]: NQN \"me\" is not of the form"),
            ofNamespace("\"limit\": 7", "namespaces[1].limit: 7 is not allowed; allowed: an object"),
            ofNamespace("\"limit\": { \"iops\": -1 }", "namespaces[1].limit.iops: -1 is not allowed; allowed: a whole"),
            ofNamespace("\"limit\": { \"burst-millis\": 60001 }", "namespaces[1].limit.burst-millis: 60001 is not"),
            ofNamespace("\"limit\": { \"bytes-per-second\": \"x\" }", "limit.bytes-per-second: \"x\" is not a size"),
            ofNamespace("\"limit\": { \"mbps\": 1 }", "namespaces[1].limit.mbps: unknown key; allowed here: iops"),
            ofNamespace("\"path\": \"a\"", "namespaces[1].path: unknown key"),
            ofNamespace("\"uuid\": \"00000000-0000-0000-0000-000000000000\"", "namespaces[1].uuid: "),
            ofNamespace("\"fault-seed\": 7", "namespaces[1].fault-seed: needs faults"),
            ofNamespace("\"faults\": [ { } ]", "namespaces[1].faults[0]: fault operations is empty: allowed at least"),
            ofNamespace("\"faults\": [ { \"operations\": [\"trim\"] } ]",
                    "faults[0].operations[0]: \"trim\" is not allowed; allowed: read, write, flush, write-zeroes, "),
            ofNamespace("\"faults\": [ { \"operations\": [\"read\"] } ]",
                    "faults[0]: fault is without delay and status"),
            ofNamespace("\"faults\": [ { \"operations\": [\"read\"], \"status\": \"281\", \"probability\": 0 } ]",
                    "faults[0].probability: 0 is not allowed; allowed: a number above 0"),
            ofNamespace("\"faults\": [ { \"operations\": [\"read\"], \"status\": 281 } ]", "faults[0].status: 281 is"),
            ofSubsystem("\"controller-ids\": \"7\"", "controller-ids: \"7\" is no range; allowed: LEAST-MOST"),
            ofSubsystem("\"controller-ids\": \"9-8\"", "subsystems[0].controller-ids: controller-ids is 9-8"),
            ofSubsystem("\"controllers-max\": 0", "subsystems[0].controllers-max: 0 is not allowed"),
            ofSubsystem("\"ieee-oui\": \"1234567\"", "ieee-oui: \"1234567\" is not allowed; allowed: 1 to 6"),
            ofSubsystem("\"duplicate-hosts\": \"deny\"",
                    "duplicate-hosts: \"deny\" is not allowed; allowed: allow, refuse-foreign-identifier"),
            ofSubsystem("\"host-limit\": { \"iops\": \"1\" }", "subsystems[0].host-limit.iops: \"1\" is not allowed"),
            ofSubsystem("\"host-limits\": { \"me\": { \"iops\": 1 } }", "subsystems[0].host-limits.me: NQN \"me\" is"),
            ofRoot("\"discovery-nqn\": \"disc\"", "target.json: discovery-nqn: NQN \"disc\" is not of the form"),
            ofRoot("\"state-directory\": \"target.json\"", "target.json is not a folder"),
            ofRoot("\"state-directory\": \"no/state\"", "target.json: state-directory: the folder "),
            ofRoot("\"referrals\": [ { \"nqn\": \"x\" } ]", "referrals[0].address: is missing"),
            ofRoot("\"referrals\": [ { \"address\": \"::1:1\" } ]", "referrals[0].address: \"::1:1\" is no address"),
            ofRoot("\"referrals\": [ { \"address\": \"h\", \"port-id\": 65536 } ]", "referrals[0].port-id: 65536 is"));
    }

    private static Arguments ofRoot(String setting, String message) {
        return broken("{ \"ports\"", "{ " + setting + ", \"ports\"", message);
    }

    private static Arguments ofPort(String setting, String message) {
        return broken("{ \"listen\"", "{ " + setting + ", \"listen\"", message);
    }

    private static Arguments ofSubsystem(String setting, String message) {
        return broken("\"nqn\":", setting + ", \"nqn\":", message);
    }

    private static Arguments ofNamespace(String setting, String message) {
        return broken("{ \"backend\": \"memory\",", "{ " + setting + ", \"backend\": \"memory\",", message);
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource({"files", "rareSettings"})
    void ofAFile(String from, String into, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("target.json"), GOOD.replace(from, into));
        assertThat(Files.readString(file)).isNotEqualTo(GOOD);
        assertMistake(List.of("--config", file.toString()), message);
        assertThat(folder).isDirectoryContaining(path -> path.equals(file)).satisfies(this::holdsOneFile);
    }

    static Stream<Arguments> flags() {
        return Stream.of(
            Arguments.of("--size=12q", "--size: \"12q\" is not a size; allowed: "),
            Arguments.of("--size=0", "--size: 0 is not allowed"),
            Arguments.of("--size=5000",
                    "--size: 5000 bytes is not allowed; allowed: a multiple of the block size, 4096"),
            Arguments.of("--block-size=100", "--block-size: 100 is not allowed; allowed: 512, 1k"),
            Arguments.of("--block-size=3k", "--block-size: 3072 is not allowed; allowed: 512, 1k"),
            Arguments.of("--listen=::1:80", "--listen: \"::1:80\" is no address"),
            Arguments.of("--nqn=x", "--nqn: "),
            Arguments.of("--allow-host=x", "--allow-host: "),
            Arguments.of("--serial=", "--serial: \"\" is not allowed"),
            Arguments.of("--loops=0", "--loops: 0; allowed: from 1"),
            Arguments.of("--size=-1", "--size: \"-1\" is not a size; allowed: "),
            Arguments.of("--size=1.5g", "--size: \"1.5g\" is not a size; allowed: "),
            Arguments.of("--size=1p", "--size: \"1p\" is not a size; allowed: "),
            Arguments.of("--block-size=0", "--block-size: 0 is not allowed; allowed: 512, 1k"),
            Arguments.of("--block-size=128k", "--block-size: 128k is not allowed; allowed: 512, 1k"),
            Arguments.of("--block-size=4g", "--block-size: 4g is not allowed; allowed: 512, 1k"),
            Arguments.of("--listen=127.0.0.1:65536", "--listen: \"127.0.0.1:65536\" has no valid port; allowed: "),
            Arguments.of("--listen=", "--listen: \"\" is no address to listen on; allowed: "),
            Arguments.of("--loops=129", "--loops: 129; allowed: from 1"),
            Arguments.of("--loops=x", "--loops"),
            Arguments.of("--uuid=x", "--uuid': \"x\" is not a UUID; allowed: as "),
            Arguments.of("--engine=fast", "expected one of [auto, io_uring, epoll, nio]"),
            Arguments.of("--size=1m --size=2m", "'--size' (SIZE) should be specified only once"),
            Arguments.of("--config=nowhere.json --size=1m",
                    "--config and --backend: what is served comes from a file or from options, not both"),
            Arguments.of("--read-only", "does not exist, and a new file cannot be read-only"),
            Arguments.of("--state-directory=no/state", "--state-directory: the folder "),
            Arguments.of("--save", "--save: needs --config"),
            Arguments.of("--nonsense", "--nonsense"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("flags")
    void ofAFlag(String flag, String message) {
        assertMistake(Stream.concat(Stream.of("--backend", folder.resolve("new.img").toString()),
                Stream.of(flag.split(" "))).toList(), message);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void ofASizeThatTheFileDoesNotHave() throws IOException {
        Path image = Files.write(folder.resolve("a.img"), new byte[8192]);
        assertMistake(List.of("--backend", image.toString(), "--size", "1m"),
                "--size: 1048576 bytes is not allowed: " + image + " exists and has 8192 bytes");
        assertThat(image).hasBinaryContent(new byte[8192]);
    }

    @Test
    void ofTheConfigurationFileItself() throws IOException {
        assertMistake(List.of("--config", "nowhere.json"), "--config nowhere.json: cannot be read: there is no such");
        assertMistake(List.of("--config", "/"), "--config /: cannot be read: Is a directory");
        Path binary = Files.write(folder.resolve("binary.json"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertMistake(List.of("--config", binary.toString()), "binary.json: cannot be read: it is not UTF-8 text");
    }

    @Test
    void aStartThatFailsLateLeavesNoNewFile() throws IOException {
        Path used = Files.write(folder.resolve("used.img"), new byte[8192]);
        String second = "{ \"backend\": \"file\", \"path\": \"used.img\" }";
        Path file = Files.writeString(folder.resolve("target.json"),
                GOOD.replace("{ \"backend\": \"memory\", \"size\": \"64k\" }", second));
        try (FileBackend other = FileBackend.open(FileBackendOptions.of(used))) {
            assertThat(other.created()).isFalse();
            StringWriter err = new StringWriter();
            assertThat(run(err, List.of("--config", file.toString()))).isEqualTo(CommandFailure.EXIT_FAILED);
            assertThat(err.toString()).contains("subsystems[0].namespaces[1].path: ", "used.img: is locked by");
        }
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("used.img", "target.json");
        assertThat(used).hasBinaryContent(new byte[8192]);
    }

    @Test
    void ofDirectMemory() {
        assertMistake(List.of("--backend", "memory", "--direct"), "--direct: only for a file or block device");
    }

    @Test
    void anAddressInUseCreatesNothingEither() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            StringWriter err = new StringWriter();
            String address = "127.0.0.1:" + other.getLocalPort();
            int status = run(err, List.of("--backend", folder.resolve("new.img").toString(), "--size", "1m", "--listen",
                    address));
            assertThat(err.toString()).contains("--listen: cannot listen on " + address).contains("port 0");
            assertThat(status).isEqualTo(CommandFailure.EXIT_FAILED);
            assertThat(folder).isEmptyDirectory();
        }
    }

    private void holdsOneFile(Path path) {
        assertThat(path.toFile().list()).hasSize(1);
    }

    private static void assertMistake(List<String> flags, String message) {
        StringWriter err = new StringWriter();
        int status = run(err, flags);
        assertThat(err.toString()).startsWith("nvmeof: ").contains(message).doesNotContain("\tat ");
        assertThat(status).isEqualTo(CommandFailure.EXIT_USAGE);
    }

    private static int run(StringWriter err, List<String> flags) {
        CommandLine line = Nvmeof.commandLine();
        line.setErr(new PrintWriter(err, true));
        return line.execute(Stream.concat(Stream.of("target"), flags.stream()).toArray(String[]::new));
    }

    private static Arguments broken(String from, String into, String message) {
        return Arguments.of(from, into, message);
    }
}
