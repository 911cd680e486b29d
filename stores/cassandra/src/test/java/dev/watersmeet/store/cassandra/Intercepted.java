package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;

/** A session of which a test sees each statement before it is sent, and may hold it up or let it fail. */
final class Intercepted {
    private Intercepted() {}

    /** @param before takes the CQL of each statement, of a batch its first one */
    static CqlSession session(CqlSession session, Consumer<String> before) {
        return (CqlSession) Proxy.newProxyInstance(
                CqlSession.class.getClassLoader(), new Class<?>[] {CqlSession.class}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("execute")) {
                        before.accept(cql(arguments[0]));
                    }
                    try {
                        return method.invoke(session, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                });
    }

    private static String cql(Object statement) {
        if (statement instanceof BatchStatement batch) {
            BatchableStatement<?> first = batch.iterator().next();
            return cql(first);
        }
        if (statement instanceof BoundStatement bound) {
            return bound.getPreparedStatement().getQuery();
        }
        return statement instanceof SimpleStatement simple ? simple.getQuery() : statement.toString();
    }
}
