package dev.watersmeet.transport.http;

import dev.watersmeet.format.ProblemException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A body on its way: it is taken as it comes, for a bounded time, and no thread waits for it. When it is there, or is refused, the container calls the servlet with the same request again. */
final class Arrival implements ReadListener, AsyncListener {
    private static final String ATTRIBUTE = Arrival.class.getName();
    private static final int BUFFER_BYTES = 1 << 14;

    private final AsyncContext context;
    private final ServletInputStream content;
    private final RequestBody.Kind kind;
    private final HttpLimits limits;
    private final Bodies.Lease memory;
    private final Runnable onLost;
    private final Pace pace;
    private final Pieces pieces = new Pieces();
    private @Nullable RuntimeException refusal;
    private long discarded;
    private boolean over;

    private Arrival(
            AsyncContext context,
            ServletInputStream content,
            RequestBody.Kind kind,
            HttpLimits limits,
            Bodies.Lease memory,
            Runnable onLost) {
        this.context = context;
        this.content = content;
        this.kind = kind;
        this.limits = limits;
        this.memory = memory;
        this.onLost = onLost;
        this.pace = new Pace(limits, System.nanoTime());
    }

    /**
     * Begins to take the body of a request.
     *
     * @param limits of bodies
     * @param memory from which the bytes are taken as they come
     * @param onLost called if the client has gone before the body was there: then the request does not come again
     * @throws ProblemException if the body is of another type
     */
    static void begin(HttpServletRequest request, HttpLimits limits, Bodies.Lease memory, Runnable onLost)
            throws IOException {
        RequestBody.Kind kind = RequestBody.kind(request);
        ServletInputStream content = request.getInputStream();
        AsyncContext context = request.startAsync();
        Arrival arrival = new Arrival(context, content, kind, limits, memory, onLost);
        arrival.checkSize(request.getContentLengthLong());
        request.setAttribute(ATTRIBUTE, arrival);
        context.addListener(arrival);
        context.setTimeout(limits.of(Limit.BODY_TIME));
        content.setReadListener(arrival);
    }

    /** The arrival that a request has behind it; null if its body has not been asked for. */
    static @Nullable Arrival of(HttpServletRequest request) {
        return (Arrival) request.getAttribute(ATTRIBUTE);
    }

    /**
     * What has arrived, plain again.
     *
     * @throws ProblemException if it is too large, or not what its encoding says
     * @throws RateLimitedException if it came too slowly, or there is no memory for it
     */
    RequestBody body() {
        if (refusal != null) {
            throw refusal;
        }
        return RequestBody.of(kind, pieces.toBytes(), limits, memory);
    }

    /** Which memory the body was taken from. */
    Bodies.Lease memory() {
        return memory;
    }

    @Override
    public void onDataAvailable() throws IOException {
        try {
            while (isMoreThere()) {
                if (refusal == null) {
                    take();
                } else {
                    discard();
                }
            }
        } catch (RateLimitedException e) {
            refuse(e);
        }
    }

    private void take() throws IOException {
        int read = Math.max(0, pieces.read(content));
        checkSize(pieces.size());
        memory.take(read);
        pace.check(pieces.size(), System.nanoTime());
    }

    /** Reads on, within reason: a client that is still sending would see a broken connection in the place of the answer. */
    private void discard() throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (isMoreThere()) {
            int read = Math.max(0, content.read(buffer));
            memory.read(read);
            discarded += read;
            pace.check(pieces.size() + discarded, System.nanoTime());
            if (discarded >= RequestBody.MAX_DISCARDED_BYTES) {
                goOn();
            }
        }
    }

    private boolean isMoreThere() {
        return !over && content.isReady() && !content.isFinished();
    }

    private void checkSize(long bytes) {
        long most = limits.of(Limit.BODY_BYTES);
        if (bytes > most) {
            refusal = RequestBody.tooLarge("a body", most);
        }
    }

    private void refuse(RuntimeException refusal) {
        this.refusal = refusal;
        goOn();
    }

    private void goOn() {
        if (!over) {
            over = true;
            context.dispatch();
        }
    }

    @Override
    public void onAllDataRead() {
        goOn();
    }

    /** The time is over, though no byte has come that would have been checked. */
    @Override
    public void onTimeout(AsyncEvent event) {
        if (!over) {
            refuse(pace.tooLong());
        }
    }

    @Override
    public void onError(Throwable failure) {
        if (over) {
            return;
        }
        if (failure instanceof TimeoutException || failure.getCause() instanceof TimeoutException) {
            refuse(pace.tooLong()); // the container's own, for connections that stand still
        } else {
            Delivery.complete(context); // the client is gone
        }
    }

    @Override
    public void onError(AsyncEvent event) {
        if (!over) {
            Delivery.complete(context);
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        if (!over) {
            over = true;
            onLost.run();
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // the answer is on its way in its turn
    }
}
