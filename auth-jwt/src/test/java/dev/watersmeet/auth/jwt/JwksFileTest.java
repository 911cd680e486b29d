package dev.watersmeet.auth.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of keys that is written anew while the server runs. */
class JwksFileTest {
    private static final Issuer FIRST = Issuer.of(JwtAlgorithm.ES256, "first");
    private static final Issuer SECOND = Issuer.of(JwtAlgorithm.ES256, "second");

    private final AtomicReference<Instant> now = new AtomicReference<>(Issuer.NOW);

    @TempDir
    private Path folder;

    private Path file;
    private JwtTokens tokens;

    @BeforeEach
    void open() throws IOException {
        file = folder.resolve("jwks.json");
        write(Issuer.keySet(FIRST));
        tokens = JwtTokens.checkedWith(JwtKeys.file(file, JwtAlgorithm.ES256, now::get), Issuer.AUDIENCE)
                .clock(now::get)
                .build();
    }

    /** As it is done where others read: beside it, and then in its place. */
    private void write(String keys) throws IOException {
        Path fresh = Files.writeString(folder.resolve("fresh.json"), keys);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private void later() {
        now.set(now.get().plus(JwksFile.INTERVAL));
    }

    private boolean stands(Issuer issuer) {
        return tokens.authenticate(issuer.token(Issuer.claims())).isPresent();
    }

    @Test
    void keysComeAndGoWithTheFile() throws Exception {
        assertThat(stands(FIRST)).isTrue();
        assertThat(stands(SECOND)).isFalse();
        write(Issuer.keySet(FIRST, SECOND));
        later();
        assertThat(stands(FIRST)).isTrue();
        assertThat(stands(SECOND)).isTrue();
        write(Issuer.keySet(SECOND));
        later();
        assertThat(stands(FIRST)).isFalse();
        assertThat(stands(SECOND)).isTrue();
    }

    @Test
    void aClockThatIsSetBackDoesNotKeepKeysThatWereTakenAway() throws Exception {
        assertThat(stands(FIRST)).isTrue();
        write(Issuer.keySet(SECOND));
        now.set(now.get().minusSeconds(30));
        assertThat(stands(FIRST)).isFalse();
        assertThat(stands(SECOND)).isTrue();
    }

    @Test
    void aFileThatIsBrokenOrGoneLeavesTheKeysUntilItIsWhole() throws Exception {
        write("{\"keys\":[");
        later();
        assertThat(stands(FIRST)).isTrue();
        Files.delete(file);
        later();
        assertThat(stands(FIRST)).isTrue();
        write(Issuer.keySet(SECOND));
        later();
        assertThat(stands(FIRST)).isFalse();
        assertThat(stands(SECOND)).isTrue();
    }

    @Test
    void aFileThatCannotBeUsedAtTheStartIsRefusedWithoutShowingIt() throws Exception {
        assertThatThrownBy(() -> JwtKeys.file(folder.resolve("none.json"), JwtAlgorithm.ES256))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.json");
        assertThatThrownBy(() -> JwtKeys.file(file, JwtAlgorithm.RS256))
                .hasMessageContaining("no key of type RSA")
                .hasMessageContaining("jwks.json");
        write("{\"secret-of-somebody\":1}");
        assertThatThrownBy(() -> JwtKeys.file(file, JwtAlgorithm.ES256))
                .hasMessageContaining("is not a JSON Web Key Set")
                .hasMessageNotContaining("secret-of-somebody");
        write(" ".repeat((int) JwksFile.MAX_FILE_BYTES + 1));
        assertThatThrownBy(() -> JwtKeys.file(file, JwtAlgorithm.ES256)).hasMessageContaining("1048576 bytes");
    }
}
