package dev.watersmeet.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.ProblemCode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The program's options about JSON Web Tokens, asked over HTTP. Times are far enough from their bounds for a slow machine. */
@Timeout(90)
class JwtProcessTest {
    private static final String SNAPSHOT = "/v1/spaces/shop/snapshot?replica=0000000000001";
    private static final int SKEW = 600;
    private static final byte[] SECRET = "a secret of more than 32 bytes, which is shared".getBytes(US_ASCII);
    private static final RSAKey KEY = SignedTokens.rsaKey("key-1");
    private static final RSAKey FOREIGN = SignedTokens.rsaKey("key-1");

    @TempDir
    private static Path folder;

    private static ServerProcess shared;
    private static ServerProcess asymmetric;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(folder.resolve("secret"), new String(SECRET, US_ASCII) + "\n");
        Files.writeString(folder.resolve("jwks.json"), new JWKSet(KEY.toPublicJWK()).toString());
        shared = start("--jwt-secret-file", "secret");
        asymmetric = start("--jwt-keys", "jwks.json");
    }

    @AfterAll
    static void stop() {
        shared.close();
        asymmetric.close();
    }

    private static ServerProcess start(String... keys) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--port", "0", "--store", "memory"));
        arguments.addAll(List.of("--jwt-audience", SignedTokens.AUDIENCE, "--jwt-issuer", SignedTokens.ISSUER));
        arguments.addAll(List.of("--jwt-spaces-claim", "spaces", "--jwt-clock-skew", Integer.toString(SKEW)));
        arguments.addAll(List.of("--limit", "heartbeat=200"));
        arguments.addAll(Arrays.asList(keys));
        return ServerProcess.start(folder, arguments.toArray(new String[0]));
    }

    private static HttpResponse<byte[]> ask(ServerProcess server, String path, String token) throws Exception {
        return server.send(
                server.request(path).header("Authorization", "Bearer " + token),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static void assertStands(ServerProcess server, String token, boolean stands) throws Exception {
        HttpResponse<byte[]> response = ask(server, SNAPSHOT, token);
        assertThat(response.statusCode()).isEqualTo(stands ? 200 : 401);
        if (!stands) {
            assertThat(MergeFormat.readProblem(response.body()).code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
        }
    }

    static Stream<Arguments> claims() {
        return Stream.of(
                row("all as it has to be", true, SignedTokens.claims()),
                row("expired within the skew", true, expiring(-SKEW / 2)),
                row("expired beyond the skew", false, expiring(-SKEW - 60)),
                row("no expiry", false, SignedTokens.claims().expirationTime(null)),
                row("beginning within the skew", true, beginning(SKEW / 2)),
                row("beginning beyond the skew", false, beginning(SKEW + 300)),
                row("for another audience", false, SignedTokens.claims().audience("elsewhere")),
                row("for several", true, SignedTokens.claims().audience(List.of("elsewhere", "watersmeet"))),
                row("for nobody", false, SignedTokens.claims().audience((String) null)),
                row("from another issuer", false, SignedTokens.claims().issuer("https://elsewhere.example")),
                row("from nobody", false, SignedTokens.claims().issuer(null)),
                row("of nobody", false, SignedTokens.claims().subject(null)),
                row("granting what is unknown", false, SignedTokens.claims().claim("spaces", Map.of("shop", "all"))),
                row("granting no object", false, SignedTokens.claims().claim("spaces", "shop")));
    }

    private static Arguments row(String name, boolean stands, JWTClaimsSet.Builder claims) {
        return Arguments.of(name, stands, claims);
    }

    private static JWTClaimsSet.Builder expiring(long seconds) {
        return SignedTokens.claims().expirationTime(SignedTokens.inSeconds(seconds));
    }

    private static JWTClaimsSet.Builder beginning(long seconds) {
        return SignedTokens.claims().notBeforeTime(SignedTokens.inSeconds(seconds));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("claims")
    @Tag("P-1")
    void tokensStandOrFallByTheirClaims(String name, boolean stands, JWTClaimsSet.Builder claims) throws Exception {
        assertStands(shared, SignedTokens.hs256(SECRET, "key-1", claims), stands);
        assertStands(asymmetric, SignedTokens.rs256(KEY, claims), stands);
    }

    @Test
    void whatSomebodyElseSignedDoesNotStand() throws Exception {
        byte[] other = SECRET.clone();
        other[0]++;
        assertStands(shared, SignedTokens.hs256(other, "key-1", SignedTokens.claims()), false);
        assertStands(asymmetric, SignedTokens.rs256(FOREIGN, SignedTokens.claims()), false);
        assertStands(asymmetric, SignedTokens.rs256(SignedTokens.rsaKey("key-2"), SignedTokens.claims()), false);
    }

    @Test
    void whatNobodySignedDoesNotStand() throws Exception {
        for (ServerProcess server : List.of(shared, asymmetric)) {
            assertStands(server, SignedTokens.unsigned(SignedTokens.claims()), false);
            String signed = SignedTokens.rs256(KEY, SignedTokens.claims());
            String claims = signed.substring(signed.indexOf('.'), signed.lastIndexOf('.') + 1);
            for (String algorithm : List.of("none", "None", "NONE", "")) {
                String header = "{\"alg\":\"" + algorithm + "\",\"kid\":\"key-1\"}";
                String unsigned =
                        Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(UTF_8)) + claims;
                assertStands(server, unsigned, false);
                assertStands(server, unsigned + signed.substring(signed.lastIndexOf('.') + 1), false);
            }
        }
    }

    static Stream<byte[]> whatIsKnownOfThePublicKey() throws JOSEException {
        byte[] der = KEY.toPublicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----\n";
        return Stream.of(
                der,
                pem.getBytes(US_ASCII),
                pem.strip().getBytes(US_ASCII),
                KEY.toPublicJWK().toJSONString().getBytes(UTF_8),
                KEY.getModulus().decode());
    }

    @ParameterizedTest
    @MethodSource("whatIsKnownOfThePublicKey")
    void aPublicKeyIsNoSharedSecret(byte[] secret) throws Exception {
        assertStands(asymmetric, SignedTokens.hs256(secret, "key-1", SignedTokens.claims()), false);
    }

    @Test
    void aTokenOfTheOtherAlgorithmDoesNotStand() throws Exception {
        assertStands(shared, SignedTokens.rs256(KEY, SignedTokens.claims()), false);
        assertStands(asymmetric, SignedTokens.hs256(SECRET, "key-1", SignedTokens.claims()), false);
    }

    @Test
    void claimsThatWereChangedAfterwardsDoNotStand() throws Exception {
        String[] ann = SignedTokens.rs256(KEY, SignedTokens.claims()).split("\\.", -1);
        String[] ben =
                SignedTokens.rs256(KEY, SignedTokens.claims().subject("ben")).split("\\.", -1);
        assertStands(asymmetric, String.join(".", ann[0], ben[1], ann[2]), false);
        assertStands(asymmetric, String.join(".", ann[0], ann[1], ""), false);
    }

    @Test
    @Tag("P-17")
    void aLiveFeedEndsWhenItsTokenDoes() throws Exception {
        String standing = SignedTokens.rs256(KEY, SignedTokens.claims());
        String cursor = MergeFormat.readSnapshotPage(
                        ask(asymmetric, SNAPSHOT, standing).body())
                .cursor();
        String brief = SignedTokens.rs256(KEY, expiring(-SKEW + 8));
        HttpResponse<String> feed = asymmetric.send(
                asymmetric
                        .request("/v1/spaces/shop/changes?cursor=" + cursor)
                        .header("Authorization", "Bearer " + brief)
                        .header("Accept", "text/event-stream"),
                HttpResponse.BodyHandlers.ofString());
        assertThat(feed.statusCode()).isEqualTo(200);
        assertThat(feed.body()).startsWith("event: changes\n").contains("event: problem\n");
        String problem =
                feed.body().replaceAll("(?s).*event: problem\ndata: ", "").strip();
        assertThat(MergeFormat.readProblem(problem.getBytes(UTF_8)).code()).isEqualTo(ProblemCode.UNAUTHENTICATED);
        assertStands(asymmetric, brief, false);
        assertStands(asymmetric, standing, true);
    }

    @Test
    void optionsThatContradictEachOtherAreExplained() throws Exception {
        String[][] wrong = {
            {"--jwt-keys or --jwt-secret-file", "--jwt-audience", "watersmeet"},
            {"--jwt-audience", "--jwt-keys", "jwks.json"},
            {"either", "--jwt-keys", "jwks.json", "--jwt-secret-file", "secret", "--jwt-audience", "a"},
            {"is for HS256, not RS256", "--jwt-secret-file", "secret", "--jwt-algorithm", "RS256", "--jwt-audience", "a"
            },
            {"0 s to 600 s", "--jwt-secret-file", "secret", "--jwt-audience", "a", "--jwt-clock-skew", "601"},
        };
        for (String[] options : wrong) {
            String[] arguments = Arrays.copyOfRange(options, 1, options.length);
            try (ServerProcess server = ServerProcess.launch(folder, arguments)) {
                assertThat(server.exitCode()).isEqualTo(2);
                assertThat(server.errors()).contains(options[0]).doesNotContain(new String(SECRET, US_ASCII));
            }
        }
    }
}
