package dev.watersmeet.transport.http;

import dev.watersmeet.sync.Principal;
import java.util.HashMap;
import java.util.Map;

/**
 * The memory for the bodies of requests and for answers on their way, of which many at a time would otherwise be more than there is.
 *
 * <p>Who comes first takes what there is. When it is used up it is shared out: of n principals that hold some, each may still come to an n-th of it, so that nobody locks the others out. What is held in all is then at most 1 + 1/2 + … + 1/n times the limit, and the answers to requests that had begun. Thread-safe.
 */
final class Bodies {
    private static final long RETRY_AFTER_NANOS = 1_000_000_000L;

    private final long most;
    private final Map<String, Long> held = new HashMap<>();
    private long all;

    Bodies(long most) {
        this.most = most;
    }

    /** What one request takes until it gives it back. For one thread at a time. */
    final class Lease {
        private final String name;
        private long bytes;
        private long read;

        private Lease(String name) {
            this.name = name;
        }

        /**
         * Takes memory for more bytes of a body.
         *
         * @throws RateLimitedException if there is none
         */
        void take(int more) {
            read(more);
            synchronized (Bodies.this) {
                check(name, more);
                add(name, more);
            }
            bytes += more;
        }

        /** Takes memory for an answer, which is there: if there is none left, who has asked owes it, and waits with the next request. */
        void owe(int more) {
            synchronized (Bodies.this) {
                add(name, more);
            }
            bytes += more;
        }

        /** Takes note of bytes that were read, and are kept nowhere. */
        void read(int more) {
            read += more;
        }

        /** The bytes that were read so far, kept or not: as they came and, of a compressed body, as they were decompressed. */
        long read() {
            return read;
        }

        /** Gives back all that is taken. The lease can take more after that. */
        void giveBack() {
            synchronized (Bodies.this) {
                add(name, -bytes);
            }
            bytes = 0;
        }
    }

    /**
     * A lease that has taken nothing yet.
     *
     * @throws RateLimitedException if there is nothing that it could take
     */
    synchronized Lease lease(Principal principal) {
        check(principal.name(), 1);
        return new Lease(principal.name());
    }

    private void check(String name, int more) {
        long own = held.getOrDefault(name, 0L);
        int holders = held.size() + (own == 0 ? 1 : 0);
        if (all + more > most && own + more > most / holders) {
            throw new RateLimitedException(
                    "the server keeps at most " + most + " bytes of bodies and answers at a time, and " + name + " has "
                            + own + " of them",
                    RETRY_AFTER_NANOS);
        }
    }

    private void add(String name, long more) {
        all += more;
        held.merge(name, more, (own, added) -> own + added == 0 ? null : own + added);
    }
}
