package dev.watersmeet.store.drill;

import dev.watersmeet.store.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** What the failures of files become for the store's callers. */
final class Failures {
    private Failures() {}

    /** Something that uses files. */
    @FunctionalInterface
    interface Use<T> {
        T run() throws IOException;
    }

    /** Something that uses files, and answers nothing. */
    @FunctionalInterface
    interface Action {
        void run() throws IOException;
    }

    static <T> T translating(Use<T> use) {
        try {
            return use.run();
        } catch (IOException e) {
            throw of(e);
        }
    }

    static void translating(Action action) {
        try {
            action.run();
        } catch (IOException e) {
            throw of(e);
        }
    }

    static StoreException of(IOException e) {
        if (e instanceof Frame.DamagedFile) {
            return new StoreException(StoreException.Kind.UNUSABLE, e.getMessage(), e);
        }
        if (e instanceof AccessDeniedException) {
            return new StoreException(
                    StoreException.Kind.UNUSABLE,
                    "the server may not use " + e.getMessage() + ": give its user the right to read and write there",
                    e);
        }
        return new StoreException(
                StoreException.Kind.UNAVAILABLE, "the folder cannot be used now: " + e.getMessage(), e);
    }
}
