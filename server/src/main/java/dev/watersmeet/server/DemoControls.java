package dev.watersmeet.server;

import dev.watersmeet.crdt.Value;
import dev.watersmeet.sync.Documents;
import dev.watersmeet.sync.SyncEngine;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the demo page may have its server do: edit an item as Java code does, and, where that is allowed, kill its own process. Only for pages of this server that hold its token. Thread-safe. */
final class DemoControls extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(DemoControls.class);

    private static final int TOKEN_BYTES = 24;
    private static final long COUNTED = 5;
    private static final String COUNTED_TAG = "counted";
    private static final String BEARER = "Bearer ";

    private final transient Documents items;
    private final boolean mayKill;
    private final String token;

    /** @param mayKill whether somebody starts the server again after it was killed */
    DemoControls(SyncEngine engine, boolean mayKill) {
        this.items = engine.space(Tenants.DEMO_SPACE).collection(Settings.DEMO_COLLECTION);
        this.mayKill = mayKill;
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        this.token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** What a page has to present; another one after each start. */
    String token() {
        return token;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        @Nullable String action = request.getPathInfo();
        if (!isOwnPage(request)) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
        } else if ("/kill".equals(action) && mayKill) {
            kill();
        } else if ("/robot".equals(action)) {
            response.setStatus(count(request) ? HttpServletResponse.SC_NO_CONTENT : HttpServletResponse.SC_NOT_FOUND);
        } else {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        }
    }

    /** Browsers name the origin of each POST themselves, and no page of another origin can read the token. */
    private boolean isOwnPage(HttpServletRequest request) {
        @Nullable String origin = request.getHeader("Origin");
        @Nullable String given = request.getHeader("Authorization");
        return ("http://" + request.getHeader("Host")).equals(origin)
                && given != null
                && MessageDigest.isEqual(bytes(given), bytes(BEARER + token));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Ends this process as {@code kill -9} does: nothing is flushed, closed or said. */
    private static void kill() throws IOException {
        log.warn("the demo page has this server killed");
        new ProcessBuilder(
                        "kill", "-KILL", Long.toString(ProcessHandle.current().pid()))
                .start();
    }

    /** What the warehouse robot does: it has found more pieces of an item, and marks it. False if there is no such item. */
    private boolean count(HttpServletRequest request) {
        @Nullable String id = request.getParameter("item");
        if (id == null || items.get(id).isEmpty()) {
            return false;
        }
        items.edit(id, item -> {
            long before = item.get("quantity") instanceof Value held ? (long) held.number() : 0;
            item.put("quantity", before + COUNTED);
            item.put("tags", withCounted(item));
        });
        return true;
    }

    private static List<Object> withCounted(Map<String, @Nullable Object> item) {
        List<Object> tags = new ArrayList<>();
        if (item.get("tags") instanceof Value before) {
            tags.addAll(before.elements());
        }
        if (!tags.contains(Value.of(COUNTED_TAG))) {
            tags.add(Value.of(COUNTED_TAG));
        }
        return tags;
    }
}
