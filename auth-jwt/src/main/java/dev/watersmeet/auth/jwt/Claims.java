package dev.watersmeet.auth.jwt;

import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimNames;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The claims that every token has to have. */
final class Claims extends DefaultJWTClaimsVerifier<SecurityContext> {
    private static final Set<String> REQUIRED = Set.of(JWTClaimNames.SUBJECT, JWTClaimNames.EXPIRATION_TIME);

    private final InstantSource clock;

    Claims(String audience, @Nullable String issuer, int skewSeconds, InstantSource clock) {
        super(audience, exact(issuer), REQUIRED);
        this.clock = clock;
        setMaxClockSkew(skewSeconds);
    }

    private static JWTClaimsSet exact(@Nullable String issuer) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
        return issuer == null ? claims.build() : claims.issuer(issuer).build();
    }

    @Override
    public void verify(JWTClaimsSet claims, @Nullable SecurityContext context) throws BadJWTException {
        super.verify(claims, context);
        for (String required : REQUIRED) {
            if (claims.getClaim(required) == null) { // which the library takes for present
                throw new BadJWTException("JWT " + required + " claim is null");
            }
        }
    }

    @Override
    protected Date currentTime() {
        return Date.from(clock.instant());
    }
}
