package dev.watersmeet.server;

import dev.watersmeet.crdt.Value;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the demo page's queries: without a parameter which there are, and with {@code query} the rows of the one of that name. */
final class DemoQueryServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(DemoQueryServlet.class);
    /** Visitors at a time; others are asked to come again. */
    private static final int MAX_RUNNING = 4;

    private final transient DemoQueries queries;
    private final transient Semaphore running = new Semaphore(MAX_RUNNING);

    DemoQueryServlet(DemoQueries queries) {
        this.queries = queries;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = request.getParameter("query");
        if (name == null) {
            answer(response, HttpServletResponse.SC_OK, Value.of(Map.of("queries", queries.shown())));
        } else if (!queries.has(name)) {
            problem(response, HttpServletResponse.SC_NOT_FOUND, "there is no such query");
        } else if (!running.tryAcquire()) {
            problem(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "others are asking; try again");
        } else {
            try {
                answer(response, HttpServletResponse.SC_OK, queries.run(name));
            } catch (IOException e) {
                LOG.debug("the demo's query {} has no answer", name, e);
                problem(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "Drill has no answer yet");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                problem(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "the server is stopping");
            } finally {
                running.release();
            }
        }
    }

    private static void problem(HttpServletResponse response, int status, String text) throws IOException {
        answer(response, status, Value.of(Map.of("problem", text, "columns", List.of(), "rows", List.of())));
    }

    private static void answer(HttpServletResponse response, int status, Value body) throws IOException {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("application/json");
        response.getOutputStream().write(body.text().getBytes(StandardCharsets.UTF_8));
    }
}
