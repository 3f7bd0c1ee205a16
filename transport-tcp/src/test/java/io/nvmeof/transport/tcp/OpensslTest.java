package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nvmeof.protocol.tcp.IcReqPdu;
import io.nvmeof.protocol.tcp.IcRespPdu;
import io.nvmeof.protocol.transport.CapsuleSender;
import io.nvmeof.protocol.transport.CloseReason;
import io.nvmeof.protocol.transport.HostQueueOptions;
import io.nvmeof.protocol.transport.TransportAddress;
import io.nvmeof.protocol.transport.TransportSecurity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenSSL's command line reaches our two ends, and they reach it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpensslTest {
    private static final long CONNECT_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final byte[] IC_RESP_BEGIN = {1, 0, (byte) IcRespPdu.SIZE, 0, (byte) IcRespPdu.SIZE, 0, 0, 0};
    private static final byte[] IC_REQ_BEGIN = {0, 0, (byte) IcReqPdu.SIZE, 0, (byte) IcReqPdu.SIZE, 0, 0, 0};

    @TempDir
    Path folder;

    private final List<CapsuleSender> accepted = new CopyOnWriteArrayList<>();
    private TcpEventLoops loops;
    private Process openssl;

    @BeforeEach
    void open() throws Exception {
        String missing = missing();
        assumeTrue(missing == null, "openssl is not available here: " + missing);
        loops = Engines.openOrAbort(TcpEngine.NIO, 1);
    }

    @AfterEach
    void close() throws InterruptedException {
        if (openssl != null) {
            openssl.destroyForcibly().waitFor();
        }
        if (loops != null) {
            loops.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(TlsCipherSuite.class)
    void sClientReachesOurTarget(TlsCipherSuite suite) throws Exception {
        TlsPsk key = key(suite);
        try (var target = target(key); var listener = listen(target)) {
            start("s_client", key, "-connect", listener.address().toString(), "-quiet");
            openssl.getOutputStream().write(icReq());
            openssl.getOutputStream().flush();
            awaitOutput(IC_RESP_BEGIN);
            assertThat(accepted.getFirst().security()).contains(
                    new TransportSecurity(key.identity(), suite.name()));
        }
    }

    @Test
    void sClientAsksForNewKeys() throws Exception {
        TlsPsk key = TlsKeys.SHA_256;
        try (var target = target(key); var listener = listen(target)) {
            start("s_client", key, "-connect", listener.address().toString());
            awaitOutput("Verify return code: 0 (ok)".getBytes(StandardCharsets.US_ASCII));
            openssl.getOutputStream().write("K\n".getBytes(StandardCharsets.US_ASCII));
            openssl.getOutputStream().flush();
            awaitOutput("KEYUPDATE".getBytes(StandardCharsets.US_ASCII));
            openssl.getOutputStream().write(icReq());
            openssl.getOutputStream().flush();
            awaitOutput(IC_RESP_BEGIN);
        }
    }

    @Test
    void sClientIsToldOfAWrongKeyAndOfAnUnknownIdentity() throws Exception {
        try (var target = target(TlsKeys.SHA_256); var listener = listen(target)) {
            start("s_client", TlsKeys.wrong(TlsKeys.SHA_256), "-connect", listener.address().toString());
            awaitOutput("alert number 51".getBytes(StandardCharsets.US_ASCII));
            openssl.destroyForcibly().waitFor();
            start("s_client", TlsPsk.of("somebody else", TlsKeys.SHA_256.secret(), TlsKeys.SHA_256.suite()),
                    "-connect", listener.address().toString());
            awaitOutput("alert number 115".getBytes(StandardCharsets.US_ASCII));
            assertThat(accepted).isEmpty();
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(TlsCipherSuite.class)
    void ourHostReachesSServer(TlsCipherSuite suite) throws Exception {
        TlsPsk key = key(suite);
        try (var host = new TcpHostTransport(loops, TlsKeys.host(key))) {
            WorkloadHost queue = connectToServer(host, key);
            awaitOutput(IC_REQ_BEGIN);
            byte[] response = new byte[IcRespPdu.SIZE];
            new IcRespPdu().wrap(MemorySegment.ofArray(response), 0).encode(0, 0, 128 * 1024);
            openssl.getOutputStream().write(response);
            openssl.getOutputStream().flush();
            queue.connected.get();
        }
    }

    /** OpenSSL asks for another group than the one the host begins with; of two keys one may have to go. */
    @ParameterizedTest(name = "{0}, with another key besides: {1}")
    @CsvSource({"TLS_AES_128_GCM_SHA256, false", "TLS_AES_128_GCM_SHA256, true", "TLS_AES_256_GCM_SHA384, true"})
    void ourHostTriesAgainWithTheGroupSServerWants(TlsCipherSuite suite, boolean both) throws Exception {
        TlsPsk key = key(suite);
        TcpOptions options = both ? TlsKeys.host(TlsKeys.SHA_256, TlsKeys.SHA_384) : TlsKeys.host(key);
        try (var host = new TcpHostTransport(loops, options)) {
            WorkloadHost queue = connectToServer(host, key, "-groups", "P-384");
            assertThat(queue.closed.getNow(null)).as("why it is closed").isNull();
            awaitOutput(IC_REQ_BEGIN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"P-256", "P-384", "ffdhe2048", "ffdhe4096", "P-521:P-256"})
    void sClientReachesOurTargetWithItsOwnGroup(String group) throws Exception {
        try (var target = target(TlsKeys.SHA_256); var listener = listen(target)) {
            start("s_client", TlsKeys.SHA_256, "-connect", listener.address().toString(), "-quiet", "-groups", group);
            openssl.getOutputStream().write(icReq());
            openssl.getOutputStream().flush();
            awaitOutput(IC_RESP_BEGIN);
        }
    }

    @Test
    void ourHostIsToldOfAWrongKey() throws Exception {
        try (var host = new TcpHostTransport(loops, TlsKeys.host(TlsKeys.wrong(TlsKeys.SHA_256)))) {
            CloseReason reason = connectToServer(host, TlsKeys.SHA_256).closed.get();
            assertThat(reason.kind()).isEqualTo(CloseReason.Kind.TERMINATED_BY_PEER);
            assertThat(reason.message()).contains(TlsKeys.SHA_256.identity(), "compare the keys");
        }
    }

    /** Starts a server on a free port and connects as soon as it listens; the port may be lost to another process. */
    private WorkloadHost connectToServer(TcpHostTransport host, TlsPsk key, String... more) throws Exception {
        int port = 0;
        while (true) {
            if (openssl == null || !openssl.isAlive()) {
                try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                    port = free.getLocalPort();
                }
                List<String> arguments = new ArrayList<>(List.of("-accept", "127.0.0.1:" + port, "-nocert", "-quiet"));
                arguments.addAll(List.of(more));
                start("s_server", key, arguments.toArray(new String[0]));
            }
            WorkloadHost queue = new WorkloadHost(1, 4096, 0, 0);
            host.connect(loops.loop(0), TransportAddress.tcp("127.0.0.1", port),
                    new HostQueueOptions(1, false, false, CONNECT_TIMEOUT_NANOS), queue);
            while (!queue.closed.isDone() && openssl.getInputStream().available() == 0) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            if (!queue.closed.isDone() || !queue.closed.get().message().contains("refused: nothing listens")) {
                return queue;
            }
        }
    }

    /** OpenSSL takes a bare key for one with SHA-256; another suite needs a session to take it from. */
    private void start(String command, TlsPsk key, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("openssl", command, "-tls1_3", "-psk_identity",
                key.identity(), "-ciphersuites", key.suite().name()));
        if (key.suite() == TlsCipherSuite.TLS_AES_128_GCM_SHA256) {
            arguments.addAll(List.of("-psk", HexFormat.of().formatHex(key.secret())));
        } else {
            arguments.addAll(List.of("-psk_session", session(key).toString()));
        }
        arguments.addAll(List.of(more));
        openssl = new ProcessBuilder(arguments).redirectErrorStream(true).start();
    }

    /** An SSL_SESSION with the key in it: version, protocol, suite, session identifier, secret, time and timeout. */
    private Path session(TlsPsk key) throws IOException {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        fields.writeBytes(der(2, new byte[] {1}));
        fields.writeBytes(der(2, new byte[] {3, 4}));
        fields.writeBytes(der(4, new byte[] {0x13, 2}));
        fields.writeBytes(der(4, new byte[] {1}));
        fields.writeBytes(der(4, key.secret()));
        fields.writeBytes(der(0xA1, der(2, new byte[] {1})));
        fields.writeBytes(der(0xA2, der(2, new byte[] {0x7F, 0, 0, 0})));
        return Files.writeString(folder.resolve("session.pem"), "-----BEGIN SSL SESSION PARAMETERS-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der(0x30, fields.toByteArray()))
                + "\n-----END SSL SESSION PARAMETERS-----\n");
    }

    private static byte[] der(int tag, byte[] content) {
        assertThat(content.length).isLessThan(128);
        byte[] bytes = new byte[2 + content.length];
        bytes[0] = (byte) tag;
        bytes[1] = (byte) content.length;
        System.arraycopy(content, 0, bytes, 2, content.length);
        return bytes;
    }

    /** Reads what OpenSSL writes until these bytes are among it. */
    private void awaitOutput(byte[] wanted) throws IOException {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        InputStream output = openssl.getInputStream();
        String text = new String(wanted, StandardCharsets.ISO_8859_1);
        while (!seen.toString(StandardCharsets.ISO_8859_1).contains(text)) {
            int next = output.read();
            if (next < 0) {
                throw new AssertionError("openssl ended without " + Arrays.toString(wanted) + ": " + seen);
            }
            seen.write(next);
        }
    }

    private static byte[] icReq() {
        byte[] request = new byte[IcReqPdu.SIZE];
        new IcReqPdu().wrap(MemorySegment.ofArray(request), 0).encode(0, 0, 0);
        return request;
    }

    private static TlsPsk key(TlsCipherSuite suite) {
        return suite == TlsCipherSuite.TLS_AES_128_GCM_SHA256 ? TlsKeys.SHA_256 : TlsKeys.SHA_384;
    }

    private TcpTargetTransport target(TlsPsk key) {
        return new TcpTargetTransport(loops,
                TcpOptions.defaults().withTls(TlsKeys.target(TlsPolicy.REQUIRED, key)));
    }

    private TcpTargetTransport.Listener listen(TcpTargetTransport target) throws IOException {
        return target.listen(TransportAddress.tcp("127.0.0.1", 0), sender -> {
            accepted.add(sender);
            return new MemoryController(sender, 4096, 1);
        });
    }

    private static String missing() throws InterruptedException {
        try {
            Process version = new ProcessBuilder("openssl", "version").redirectErrorStream(true).start();
            return version.waitFor() == 0 ? null : "it ends with " + version.exitValue();
        } catch (IOException none) {
            return none.getMessage();
        }
    }
}
