package io.nvmeof.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys and records against a recorded session (RFC 8448, 3), and against themselves. */
class TlsTrafficKeysTest {
    private static final String CLIENT_SECRET = "9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5";
    private static final String CLIENT_RECORD = "1703030043a23f7054b62c94d0affafe8228ba55cbefacea42f914aa66"
            + "bcab3f2b9819a8a5b46b395bd54a9a20441e2b62974e1f5a6292a2977014bd1e3deae63aeebb21694915e4";

    @Test
    void sealsAndOpensTheRecordOfTheRfc() throws Exception {
        byte[] plain = new byte[51];
        for (int i = 0; i < 50; i++) {
            plain[i] = (byte) i;
        }
        plain[50] = TlsRecord.APPLICATION_DATA;
        byte[] record = new byte[TlsRecord.HEADER_BYTES + plain.length + TlsTrafficKeys.TAG_BYTES];
        TlsRecord.encodeHeader(record, TlsRecord.APPLICATION_DATA, record.length - TlsRecord.HEADER_BYTES);
        TlsTrafficKeys.toSend(TlsCipherSuite.TLS_AES_128_GCM_SHA256, HexFormat.of().parseHex(CLIENT_SECRET))
                .apply(record, plain, 0, plain.length, record, TlsRecord.HEADER_BYTES);
        assertThat(HexFormat.of().formatHex(record)).isEqualTo(CLIENT_RECORD);
        byte[] opened = new byte[plain.length + TlsTrafficKeys.TAG_BYTES];
        int length = TlsTrafficKeys.toReceive(TlsCipherSuite.TLS_AES_128_GCM_SHA256,
                HexFormat.of().parseHex(CLIENT_SECRET)).apply(record, record, TlsRecord.HEADER_BYTES,
                record.length - TlsRecord.HEADER_BYTES, opened, 0);
        assertThat(Arrays.copyOf(opened, length)).isEqualTo(plain);
    }

    @ParameterizedTest
    @EnumSource(TlsCipherSuite.class)
    void bothEndsGoOnToTheSameKeys(TlsCipherSuite suite) throws Exception {
        byte[] secret = new byte[suite.hashBytes()];
        Arrays.fill(secret, (byte) 7);
        TlsTrafficKeys sender = TlsTrafficKeys.toSend(suite, secret.clone());
        TlsTrafficKeys receiver = TlsTrafficKeys.toReceive(suite, secret.clone());
        byte[] before = null;
        for (int generation = 0; generation < 4; generation++) {
            byte[] sealed = null;
            for (int i = 0; i < 3; i++) {
                sealed = seal(sender);
                assertThat(open(receiver, sealed)).isEqualTo(20);
            }
            assertThat(sealed).as("sealed under other keys").isNotEqualTo(before);
            before = sealed;
            sender.update();
            byte[] ahead = seal(sender);
            assertThatThrownBy(() -> open(receiver, ahead)).isInstanceOf(AEADBadTagException.class);
            receiver.update();
            assertThat(open(receiver, ahead)).isEqualTo(20);
        }
    }

    private static byte[] seal(TlsTrafficKeys keys) throws GeneralSecurityException {
        byte[] sealed = new byte[20 + TlsTrafficKeys.TAG_BYTES];
        keys.apply(new byte[TlsRecord.HEADER_BYTES], new byte[20], 0, 20, sealed, 0);
        return sealed;
    }

    private static int open(TlsTrafficKeys keys, byte[] sealed) throws GeneralSecurityException {
        return keys.apply(new byte[TlsRecord.HEADER_BYTES], sealed, 0, sealed.length, new byte[sealed.length], 0);
    }
}
