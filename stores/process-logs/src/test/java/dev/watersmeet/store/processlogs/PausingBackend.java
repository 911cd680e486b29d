package dev.watersmeet.store.processlogs;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A process's way to the data, on which it can be paused, once, before a call. Closing it leaves the data open. */
final class PausingBackend {
    private final Backend data;
    private final CountDownLatch paused = new CountDownLatch(1);
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private volatile @Nullable String call;

    PausingBackend(Backend data) {
        this.data = data;
    }

    Backend backend() {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    pause(method);
                    return method.getName().equals("close") ? null : invoke(method, arguments);
                });
    }

    private void pause(Method method) throws InterruptedException {
        if (method.getName().equals(call)) {
            call = null;
            paused.countDown();
            goesOn.await();
        }
    }

    private @Nullable Object invoke(Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(data, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    void pauseBefore(String method) {
        call = method;
    }

    void awaitPause() throws InterruptedException {
        paused.await();
    }

    void goOn() {
        goesOn.countDown();
    }
}
