package dev.watersmeet.auth.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.watersmeet.sync.Grants;
import dev.watersmeet.sync.Permission;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.transport.http.Authentication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tokens stand, and what they say. */
class JwtTokensTest {
    private static final Issuer SHARED = Issuer.of(JwtAlgorithm.HS256, "shared");
    private static final Issuer SIGNING = Issuer.of(JwtAlgorithm.RS256, "signing");
    private static final Instant EXPIRES = Issuer.NOW.plusSeconds(300 + 60);

    private final AtomicReference<Instant> now = new AtomicReference<>(Issuer.NOW);

    @TempDir
    private Path folder;

    private JwtTokens.Builder shared() {
        return JwtTokens.checkedWith(JwtKeys.secret(SHARED.secret()), Issuer.AUDIENCE)
                .clock(now::get);
    }

    private JwtTokens.Builder signed(JwtAlgorithm algorithm, Issuer... issuers) throws IOException {
        Path file = Files.writeString(folder.resolve("jwks.json"), Issuer.keySet(issuers));
        return JwtTokens.checkedWith(JwtKeys.file(file, algorithm, now::get), Issuer.AUDIENCE)
                .clock(now::get);
    }

    @ParameterizedTest
    @EnumSource
    void aTokenStandsForItsSubjectUntilItExpires(JwtAlgorithm algorithm) throws Exception {
        Issuer issuer = Issuer.of(algorithm, "k1");
        JwtTokens tokens = signed(algorithm, issuer).build();
        assertThat(tokens.authenticate(issuer.token(Issuer.claims())))
                .contains(new Authentication(new Principal("ann"), EXPIRES));
        Issuer other = Issuer.of(algorithm, "k1");
        assertThat(tokens.authenticate(other.token(Issuer.claims()))).isEmpty();
    }

    @Test
    void aSharedSecretChecksTokensWithAndWithoutAKeyId() {
        JwtTokens tokens = shared().build();
        assertThat(tokens.authenticate(SHARED.token(Issuer.claims()))).isPresent();
        assertThat(tokens.authenticate(SHARED.token(new JWSHeader(JWSAlgorithm.HS256), Issuer.claims())))
                .isPresent();
    }

    static Stream<Arguments> claimsThatDoNotStand() {
        return Stream.<Map.Entry<String, UnaryOperator<JWTClaimsSet.Builder>>>of(
                        Map.entry("no expiry", claims -> claims.expirationTime(null)),
                        Map.entry("expired", claims -> claims.expirationTime(Date.from(Issuer.NOW.minusSeconds(61)))),
                        Map.entry("not yet", claims -> claims.notBeforeTime(Date.from(Issuer.NOW.plusSeconds(61)))),
                        Map.entry("no audience", claims -> claims.audience((String) null)),
                        Map.entry("other audience", claims -> claims.audience("elsewhere")),
                        Map.entry("no issuer", claims -> claims.issuer(null)),
                        Map.entry("other issuer", claims -> claims.issuer("https://id.example.org/")),
                        Map.entry("no subject", claims -> claims.subject(null)),
                        Map.entry("blank subject", claims -> claims.subject(" ")),
                        Map.entry("subject that breaks lines", claims -> claims.subject("ann\n2026 INFO root")),
                        Map.entry("subject that colours", claims -> claims.subject("\u001b[31mann")),
                        Map.entry("long subject", claims -> claims.subject("a".repeat(1_025))),
                        Map.entry("null as subject", claims -> claims.subject(null)
                                .serializeNullClaims(true)),
                        Map.entry("null as expiry", claims -> claims.expirationTime(null)
                                .serializeNullClaims(true)),
                        Map.entry("null as audience", claims -> claims.audience((String) null)
                                .serializeNullClaims(true)),
                        Map.entry("expiry as text", claims -> claims.claim("exp", "never")))
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("claimsThatDoNotStand")
    void claimsAreChecked(String name, UnaryOperator<JWTClaimsSet.Builder> change) {
        JwtTokens tokens = shared().issuer("https://id.example.org").build();
        assertThat(tokens.authenticate(SHARED.token(Issuer.claims()))).isPresent();
        assertThat(tokens.authenticate(SHARED.token(change.apply(Issuer.claims()))))
                .as(name)
                .isEmpty();
    }

    @Test
    void clocksMayDifferByTheSkewAndNoMore() {
        JWTClaimsSet.Builder claims = Issuer.claims().notBeforeTime(Date.from(Issuer.NOW));
        String token = SHARED.token(claims);
        JwtTokens tokens = shared().build();
        JwtTokens strict = shared().clockSkew(Duration.ZERO).build();
        now.set(Issuer.NOW.plusSeconds(359));
        assertThat(tokens.authenticate(token)).isPresent();
        assertThat(strict.authenticate(token)).isEmpty();
        now.set(EXPIRES);
        assertThat(tokens.authenticate(token)).isEmpty();
        now.set(Issuer.NOW.minusSeconds(59));
        assertThat(tokens.authenticate(token)).isPresent();
        assertThat(strict.authenticate(token)).isEmpty();
    }

    @Test
    void oneOfSeveralAudiencesIsEnough() {
        assertThat(shared().build()
                        .authenticate(SHARED.token(Issuer.claims().audience(List.of("elsewhere", Issuer.AUDIENCE)))))
                .isPresent();
    }

    @Test
    void aTokenWithoutASignatureDoesNotStand() {
        String none = new PlainJWT(Issuer.claims().build()).serialize();
        assertThat(shared().build().authenticate(none)).isEmpty();
        String[] parts = SHARED.token(Issuer.claims()).split("\\.", -1);
        assertThat(shared().build().authenticate(parts[0] + "." + parts[1] + "."))
                .isEmpty();
        String header = Base64.getUrlEncoder().withoutPadding().encodeToString("{\"alg\":\"none\"}".getBytes(UTF_8));
        assertThat(shared().build().authenticate(header + "." + parts[1] + "." + parts[2]))
                .isEmpty();
    }

    /** The classic forgery: a token signed by HMAC, with the public key, which everybody knows, as the secret. */
    @Test
    void aPublicKeyIsNoSharedSecret() throws Exception {
        byte[] known = SIGNING.key().toRSAKey().toRSAPublicKey().getEncoded();
        Issuer forger =
                new Issuer(new OctetSequenceKey.Builder(known).keyID("signing").build(), JWSAlgorithm.HS256);
        JwtTokens tokens = signed(JwtAlgorithm.RS256, SIGNING).build();
        assertThat(tokens.authenticate(SIGNING.token(Issuer.claims()))).isPresent();
        assertThat(tokens.authenticate(forger.token(Issuer.claims()))).isEmpty();
    }

    @Test
    void onlyTheConfiguredAlgorithmIsAcceptedEvenIfTheSetHasKeysForOthers() throws Exception {
        JwtTokens tokens = signed(JwtAlgorithm.RS256, SIGNING, SHARED).build();
        assertThat(tokens.authenticate(SIGNING.token(Issuer.claims()))).isPresent();
        assertThat(tokens.authenticate(SHARED.token(Issuer.claims()))).isEmpty();
        JWSHeader stronger =
                new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("signing").build();
        assertThat(tokens.authenticate(SIGNING.token(stronger, Issuer.claims())))
                .isEmpty();
    }

    @Test
    void keysThatATokenBringsAlongAreNotUsed() throws Exception {
        Issuer stranger = Issuer.of(JwtAlgorithm.RS256, "signing");
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("signing")
                .jwk(stranger.key().toPublicJWK())
                .build();
        assertThat(signed(JwtAlgorithm.RS256, SIGNING).build().authenticate(stranger.token(header, Issuer.claims())))
                .isEmpty();
    }

    @Test
    void accessTokensStandAndOtherTypesDoNot() {
        JWSHeader access = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(new JOSEObjectType("at+jwt"))
                .build();
        JWSHeader logout = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(new JOSEObjectType("logout+jwt"))
                .build();
        assertThat(shared().build().authenticate(SHARED.token(access, Issuer.claims())))
                .isPresent();
        assertThat(shared().build().authenticate(SHARED.token(logout, Issuer.claims())))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", ".", "..", "a.b.c", "e30.e30.e30", "....", "e30.e30.e30.e30.e30"})
    void whatIsNoTokenDoesNotStand(String text) {
        assertThat(shared().build().authenticate(text)).isEmpty();
    }

    @Test
    void aTokenHasABound() {
        JwtTokens tokens = shared().build();
        assertThat(tokens.authenticate(SHARED.token(Issuer.claims().claim("x", "x".repeat(11_000)))))
                .isPresent();
        assertThat(tokens.authenticate(SHARED.token(Issuer.claims().claim("x", "x".repeat(13_000)))))
                .isEmpty();
    }

    @Test
    void aChangedTokenDoesNotStand() {
        JwtTokens tokens = shared().build();
        String[] parts = SHARED.token(Issuer.claims()).split("\\.", -1);
        String[] others = SHARED.token(Issuer.claims().subject("ben")).split("\\.", -1);
        assertThat(tokens.authenticate(parts[0] + "." + others[1] + "." + parts[2]))
                .isEmpty();
    }

    @Test
    void aRevokedTokenDoesNotStandAndThoseWithoutAnIdDo() {
        Set<String> revoked = ConcurrentHashMap.newKeySet();
        JwtTokens tokens = shared().revoked(revoked::contains).build();
        String token = SHARED.token(Issuer.claims().jwtID("t1"));
        assertThat(tokens.authenticate(token)).isPresent();
        revoked.add("t1");
        assertThat(tokens.authenticate(token)).isEmpty();
        assertThat(tokens.authenticate(SHARED.token(Issuer.claims()))).isPresent();
    }

    @Test
    void theClaimOfSpacesSaysWhatATokenGrants() {
        JwtTokens tokens = shared().spacesClaim("https://example.org/spaces").build();
        JWTClaimsSet.Builder claims =
                Issuer.claims().claim("https://example.org/spaces", Map.of("shop-*", "read", "shop-7", "write"));
        Grants grants = Grants.of(Map.of("shop-*", Permission.READ, "shop-7", Permission.WRITE));
        assertThat(tokens.authenticate(SHARED.token(claims)))
                .contains(new Authentication(new Principal("ann", grants), EXPIRES));
        assertThat(tokens.authenticate(SHARED.token(Issuer.claims())))
                .contains(new Authentication(new Principal("ann", Grants.of(Map.of())), EXPIRES));
    }

    static Stream<Object> claimsThatCannotBeUnderstood() {
        Map<String, Object> nothing = new HashMap<>();
        nothing.put("shop-7", null);
        return Stream.of(
                "shop-7",
                List.of("shop-7"),
                7,
                Map.of("shop-7", "WRITE"),
                Map.of("shop-7", 1),
                nothing,
                Map.of("shop-7", "write", "shop-8", "admin"));
    }

    @ParameterizedTest
    @MethodSource("claimsThatCannotBeUnderstood")
    void aClaimOfSpacesThatCannotBeUnderstoodGrantsNothing(Object claim) {
        JwtTokens tokens = shared().spacesClaim("spaces").build();
        assertThat(tokens.authenticate(
                        SHARED.token(Issuer.claims().claim("spaces", claim).serializeNullClaims(true))))
                .isEmpty();
    }

    @Test
    void settingsThatAreNoneAreRefusedWithoutShowingTheSecret() {
        assertThatThrownBy(() -> JwtKeys.secret("a short secret".getBytes(UTF_8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 bytes")
                .hasMessageNotContaining("short");
        assertThatThrownBy(() -> shared().clockSkew(Duration.ofMinutes(11))).hasMessageContaining("600 s");
        assertThatThrownBy(() -> shared().clockSkew(Duration.ofSeconds(-1))).hasMessageContaining("600 s");
        assertThatThrownBy(() -> shared().issuer(" ")).hasMessageContaining("issuer");
        assertThatThrownBy(() -> JwtTokens.checkedWith(JwtKeys.secret(SHARED.secret()), ""))
                .hasMessageContaining("audience");
    }
}
