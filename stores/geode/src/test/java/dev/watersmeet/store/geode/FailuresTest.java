package dev.watersmeet.store.geode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watersmeet.store.StoreException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.geode.cache.RegionDestroyedException;
import org.apache.geode.cache.client.NoAvailableServersException;
import org.apache.geode.cache.client.ServerOperationException;
import org.apache.geode.security.NotAuthorizedException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final AtomicInteger attempts = new AtomicInteger();

    private String failingTwice(Supplier<RuntimeException> failure) {
        return Failures.repeating(() -> {
            if (attempts.incrementAndGet() <= 2) {
                throw failure.get();
            }
            return "answer";
        });
    }

    private StoreException failing(Supplier<RuntimeException> failure) {
        return catchThrowableOfType(
                StoreException.class,
                () -> Failures.repeating(() -> {
                    attempts.incrementAndGet();
                    throw failure.get();
                }));
    }

    /** As on a server that has just come back: who deployed the functions creates its regions. */
    @Test
    void aRegionThatIsNotThereYetIsAskedAgain() {
        assertThat(failingTwice(() ->
                        new ServerOperationException(new RegionDestroyedException("not found", "watersmeet_record"))))
                .isEqualTo("answer");
    }

    @Test
    void aQueryThatBrokeOffIsAskedAgain() {
        assertThat(failingTwice(() -> new StoreException(StoreException.Kind.UNAVAILABLE, "a bucket has moved")))
                .isEqualTo("answer");
    }

    @Test
    void whereNobodyIsToBeFoundThatIsSaid() {
        StoreException failure = failing(() -> new NoAvailableServersException("none"));

        assertThat(failure.kind()).isEqualTo(StoreException.Kind.UNAVAILABLE);
        assertThat(attempts).hasValueGreaterThan(1);
    }

    @Test
    void whatNobodyCanGoOnWithIsNotAskedAgain() {
        StoreException failure = failing(() -> new ServerOperationException(new NotAuthorizedException("no")));

        assertThat(failure.kind()).isEqualTo(StoreException.Kind.UNUSABLE);
        assertThat(attempts).hasValue(1);
    }
}
