package dev.watersmeet.store.tck;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/** Says with a failure which rule was broken, what it says, and what most often breaks it. */
final class ExplainsRule implements TestExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        if (failure instanceof TestAbortedException) {
            throw failure;
        }
        throw new AssertionError(
                Rule.of(context.getDisplayName()).explanation() + System.lineSeparator() + failure, failure);
    }
}
