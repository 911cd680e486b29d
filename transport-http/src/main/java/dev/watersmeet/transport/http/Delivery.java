package dev.watersmeet.transport.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A large answer on its way: it goes as the client takes it, for a bounded time, and no thread waits for that. */
final class Delivery implements WriteListener, AsyncListener {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final byte[] body;
    private final Runnable onEnd;
    private boolean written;

    private Delivery(AsyncContext context, ServletOutputStream out, byte[] body, Runnable onEnd) {
        this.context = context;
        this.out = out;
        this.body = body;
        this.onEnd = onEnd;
    }

    /**
     * Writes a body: at once if it fits the buffer of the response, which takes it without asking the client.
     *
     * @param memory that owes the body; who closes it is {@code onEnd}
     * @param most how long that may take
     * @param onEnd called once when a body that is on its way has gone, or cannot go
     * @return whether it is on its way, and {@code onEnd} is going to be called
     */
    static boolean begin(
            HttpServletRequest request,
            HttpServletResponse response,
            byte[] body,
            Bodies.Lease memory,
            Duration most,
            Runnable onEnd)
            throws IOException {
        ServletOutputStream out = response.getOutputStream();
        if (body.length <= response.getBufferSize()) {
            out.write(body);
            return false;
        }
        AsyncContext context = request.startAsync();
        memory.owe(body.length);
        Delivery delivery = new Delivery(context, out, body, onEnd);
        context.addListener(delivery);
        context.setTimeout(most.toMillis());
        try {
            out.setWriteListener(delivery);
        } catch (IllegalStateException e) {
            log.warn("the container takes no answer that is written when the client is ready", e);
            complete(context);
        }
        return true;
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            if (written) {
                complete(context);
                return;
            }
            written = true;
            out.write(body);
        }
    }

    @Override
    public void onError(Throwable failure) {
        complete(context); // the client is gone
    }

    /** The time is over. What is still to be written goes nowhere: the connection is closed. */
    @Override
    public void onTimeout(AsyncEvent event) {
        complete(context);
    }

    @Override
    public void onError(AsyncEvent event) {
        complete(context);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        onEnd.run();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // nobody starts it again
    }

    /** Ends a response, unless the container has. */
    static void complete(AsyncContext context) {
        try {
            context.complete();
        } catch (IllegalStateException e) {
            log.debug("a response was completed by the container", e);
        }
    }
}
