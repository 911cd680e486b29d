package dev.watersmeet.transport.http;

import java.util.concurrent.atomic.AtomicLong;

/** The memory for the bodies of requests, of which many at a time would otherwise be more than there is. Thread-safe. */
final class Bodies {
    private static final long RETRY_AFTER_NANOS = 1_000_000_000L;

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    Bodies(long most) {
        this.most = most;
    }

    /** What one request takes, given back when it is closed. For one thread. */
    final class Lease implements AutoCloseable {
        private long bytes;
        private long read;

        private Lease() {}

        /**
         * Takes memory for more bytes.
         *
         * @throws RateLimitedException if there is none
         */
        void take(int more) {
            read(more);
            if (!tryTake(more)) {
                throw new RateLimitedException(
                        "the server keeps at most " + most + " bytes of bodies at a time", RETRY_AFTER_NANOS);
            }
        }

        /** Takes memory for more bytes if there is any. */
        boolean tryTake(int more) {
            if (taken.addAndGet(more) > most) {
                taken.addAndGet(-more);
                return false;
            }
            bytes += more;
            return true;
        }

        /** Takes note of bytes that were read, and are kept nowhere. */
        void read(int more) {
            read += more;
        }

        /** The bytes that were read so far, kept or not: as they came and, of a compressed body, as they were decompressed. */
        long read() {
            return read;
        }

        @Override
        public void close() {
            taken.addAndGet(-bytes);
            bytes = 0;
        }
    }

    Lease lease() {
        return new Lease();
    }

    /** The bytes that are taken. */
    long taken() {
        return taken.get();
    }
}
