package dev.watersmeet.transport.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The token of an {@code Authorization} header (RFC 6750). */
final class BearerToken {
    private static final String TOKEN = "[A-Za-z0-9._~+/-]+=*";
    private static final Pattern HEADER = Pattern.compile("(?i:Bearer) +(" + TOKEN + ") *");

    private BearerToken() {}

    static boolean isToken(String text) {
        return text.matches(TOKEN);
    }

    static Optional<String> parse(@Nullable String header) {
        Matcher matcher = HEADER.matcher(header == null ? "" : header);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
