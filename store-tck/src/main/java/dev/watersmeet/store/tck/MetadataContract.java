package dev.watersmeet.store.tck;

import static dev.watersmeet.store.StoreException.Kind.TOO_LARGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.store.Metadata;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The metadata of a space: S-17. */
abstract class MetadataContract extends Contract {
    MetadataContract(Supplier<StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    @DisplayName("S-17: a key has no value until it is set")
    void aKeyIsSetFromNothing() {
        Metadata metadata = store.metadata(SPACE);
        assertThat(metadata.get("key")).isEmpty();
        assertThat(metadata.compareAndSet("key", "something", "other")).isFalse();
        assertThat(metadata.get("key")).isEmpty();

        assertThat(metadata.compareAndSet("key", null, "first")).isTrue();

        assertThat(metadata.get("key")).contains("first");
        assertThat(store.metadata(SPACE).get("key")).contains("first");
    }

    @Test
    @DisplayName("S-17: a value is replaced only where it is the expected one")
    void onlyTheExpectedValueIsReplaced() {
        Metadata metadata = store.metadata(SPACE);
        assertThat(metadata.compareAndSet("key", null, "first")).isTrue();

        assertThat(metadata.compareAndSet("key", null, "second")).isFalse();
        assertThat(metadata.compareAndSet("key", "firs", "second")).isFalse();
        assertThat(metadata.get("key")).contains("first");
        assertThat(metadata.compareAndSet("key", "first", "second")).isTrue();
        assertThat(metadata.get("key")).contains("second");
        assertThat(metadata.compareAndSet("key", "second", "second")).isTrue();
    }

    @Test
    @DisplayName("S-17: an empty value is a value")
    void anEmptyValueIsAValue() {
        Metadata metadata = store.metadata(SPACE);
        assertThat(metadata.compareAndSet("key", null, "")).isTrue();

        assertThat(metadata.get("key")).contains("");
        assertThat(metadata.compareAndSet("key", null, "set")).isFalse();
        assertThat(metadata.compareAndSet("key", "", "set")).isTrue();
    }

    @Test
    @DisplayName("S-17: keys and spaces are apart, whatever they are called")
    void keysAndSpacesAreApart() {
        List<String> keys =
                List.of("key", "ke", "key/", "Key", "__proto__", "constructor", "ключ", "a.b", "a:b", "a b");
        for (String key : keys) {
            assertThat(store.metadata(SPACE).compareAndSet(key, null, "of " + key))
                    .isTrue();
            assertThat(store.metadata(OTHER).compareAndSet(key, null, "other of " + key))
                    .isTrue();
        }

        for (String key : keys) {
            assertThat(store.metadata(SPACE).get(key)).contains("of " + key);
            assertThat(store.metadata(OTHER).get(key)).contains("other of " + key);
        }
    }

    @Test
    @DisplayName("S-17: the longest value is kept")
    void theLongestValueIsKept() {
        String longest = "é".repeat(Metadata.MAX_VALUE_LENGTH);
        assertThat(store.metadata(SPACE).compareAndSet("key", null, longest)).isTrue();

        assertThat(store.metadata(SPACE).get("key")).contains(longest);
        assertThat(store.metadata(SPACE).compareAndSet("key", longest, "short")).isTrue();
    }

    @Test
    @DisplayName("S-17: the longest key is kept, apart from one that differs at its end")
    void theLongestKeyIsKept() {
        String start = "ключ/".repeat(Metadata.MAX_KEY_LENGTH / 5);
        String longest = start + "x".repeat(Metadata.MAX_KEY_LENGTH - start.length());
        String other = longest.substring(1) + "y";

        assertThat(store.metadata(SPACE).compareAndSet(longest, null, "value")).isTrue();
        assertThat(store.metadata(SPACE).compareAndSet(other, null, "other")).isTrue();

        assertThat(store.metadata(SPACE).get(longest)).contains("value");
        assertThat(store.metadata(SPACE).get(other)).contains("other");
    }

    @Test
    @DisplayName("S-17: a longer key is refused, and changes nothing")
    void aLongerKeyIsRefused() {
        String longer = "x".repeat(Metadata.MAX_KEY_LENGTH + 1);

        assertRefused(
                TOO_LARGE, "a key above the bound", () -> store.metadata(SPACE).compareAndSet(longer, null, "value"));

        assertThat(store.metadata(SPACE).get(longer.substring(1))).isEmpty();
    }

    @Test
    @DisplayName("S-17: a longer value is refused, and changes nothing")
    void aLongerValueIsRefused() {
        assertThat(store.metadata(SPACE).compareAndSet("key", null, "value")).isTrue();

        assertRefused(TOO_LARGE, "a value above the bound", () -> store.metadata(SPACE)
                .compareAndSet("key", "value", "x".repeat(Metadata.MAX_VALUE_LENGTH + 1)));

        assertThat(store.metadata(SPACE).get("key")).contains("value");
    }

    @Test
    @DisplayName("S-17: of several that set a key first, one succeeds")
    void oneOfSeveralIsFirst() throws Exception {
        for (int round = 0; round < 10; round++) {
            String key = "key" + round;
            AtomicInteger succeeded = new AtomicInteger();

            Threads.run(6, writer -> {
                if (store.metadata(SPACE).compareAndSet(key, null, "by " + writer)) {
                    succeeded.incrementAndGet();
                }
            });

            assertThat(succeeded).as("round %d", round).hasValue(1);
        }
    }

    @Test
    @DisplayName("S-17: no update is lost under contention")
    void noUpdateIsLost() throws Exception {
        Metadata metadata = store.metadata(SPACE);
        assertThat(metadata.compareAndSet("total", null, "0")).isTrue();

        Threads.run(4, writer -> {
            for (int i = 0; i < 25; i++) {
                String current;
                do {
                    current = metadata.get("total").orElseThrow();
                } while (!metadata.compareAndSet("total", current, Integer.toString(Integer.parseInt(current) + 1)));
            }
        });

        assertThat(metadata.get("total")).contains("100");
    }
}
