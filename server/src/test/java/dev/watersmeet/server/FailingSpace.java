package dev.watersmeet.server;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.StoreException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A store of which one space cannot be maintained. */
final class FailingSpace {
    private FailingSpace() {}

    static Store of(Store store, SpaceId failing) {
        return proxy(Store.class, (proxy, method, arguments) -> {
            Object result = invoke(store, method, arguments);
            return method.getName().equals("maintenance")
                    ? proxy(method.getReturnType(), (inner, call, given) -> {
                        if (given != null && call.getReturnType() != java.util.List.class && failing.equals(given[0])) {
                            throw new StoreException(StoreException.Kind.UNAVAILABLE, "planted");
                        }
                        return invoke(result, call, given);
                    })
                    : result;
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FailingSpace.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object invoke(
            @Nullable Object target, java.lang.reflect.Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
