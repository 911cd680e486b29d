package dev.watersmeet.transport.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PiecesTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, (1 << 14) - 1, 1 << 14, (1 << 14) + 1, 1 << 15, 100_000})
    void areTheBytesThatCame(int length) throws IOException {
        Random random = new Random(length);
        byte[] sent = new byte[length];
        random.nextBytes(sent);
        InputStream source = new ByteArrayInputStream(sent) {
            @Override
            public synchronized int read(byte[] into, int from, int most) {
                return super.read(into, from, Math.min(most, 1 + random.nextInt(20_000)));
            }
        };
        Pieces pieces = new Pieces();
        int came = 0;
        for (int read = pieces.read(source); read >= 0; read = pieces.read(source)) {
            assertThat(read).isPositive();
            came += read;
            assertThat(pieces.size()).isEqualTo(came);
        }
        assertThat(pieces.toBytes()).isEqualTo(sent);
    }
}
