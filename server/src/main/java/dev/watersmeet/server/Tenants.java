package dev.watersmeet.server;

import dev.watersmeet.sync.Grants;
import dev.watersmeet.sync.Permission;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.transport.http.StaticTokens;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Who may use the server, by static tokens: for development and for the demo.
 *
 * @param tokens the names by their tokens; who is named here may write in every space
 * @param demoTokens the tokens of the demo by the names of its replicas, who may only write in its space; empty without the demo
 */
record Tenants(Map<String, String> tokens, Map<String, String> demoTokens) {
    /** The space of the demo. */
    static final String DEMO_SPACE = "stockroom";

    private static final Grants DEMO_GRANTS = Grants.of(Map.of(DEMO_SPACE, Permission.WRITE));
    private static final List<String> DEMO_NAMES = List.of("left", "right");
    private static final int TOKEN_BYTES = 24;

    Tenants {
        tokens = Map.copyOf(tokens);
        demoTokens = Map.copyOf(demoTokens);
    }

    /**
     * Parses what was given as {@code NAME=TOKEN}.
     *
     * @throws IllegalArgumentException if something else was given, or a token twice; its message shows no token
     */
    static Tenants parse(List<String> assignments) {
        Map<String, String> tokens = new HashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1 || assignment.substring(0, equals).isBlank() || equals == assignment.length() - 1) {
                throw new IllegalArgumentException("a --token is NAME=TOKEN, with neither of them empty");
            }
            String name = assignment.substring(0, equals);
            if (tokens.put(assignment.substring(equals + 1), name) != null) {
                throw new IllegalArgumentException("the --token of " + name + " was given before");
            }
        }
        StaticTokens.of(principals(tokens));
        return new Tenants(tokens, Map.of());
    }

    /** These, and the replicas of the demo with fresh tokens. */
    Tenants withDemo() {
        SecureRandom random = new SecureRandom();
        Map<String, String> fresh = new LinkedHashMap<>();
        for (String name : DEMO_NAMES) {
            byte[] token = new byte[TOKEN_BYTES];
            random.nextBytes(token);
            fresh.put(name, Base64.getUrlEncoder().withoutPadding().encodeToString(token));
        }
        return new Tenants(tokens, fresh);
    }

    boolean hasDemo() {
        return !demoTokens.isEmpty();
    }

    StaticTokens authenticator() {
        Map<String, Principal> principals = principals(tokens);
        demoTokens.forEach((name, token) -> principals.put(token, new Principal(name, DEMO_GRANTS)));
        return StaticTokens.of(principals);
    }

    private static Map<String, Principal> principals(Map<String, String> tokens) {
        return tokens.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> new Principal(entry.getValue()), (a, b) -> a, HashMap::new));
    }
}
