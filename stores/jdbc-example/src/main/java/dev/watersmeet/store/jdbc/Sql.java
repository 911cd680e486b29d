package dev.watersmeet.store.jdbc;

import dev.watersmeet.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Statements within one transaction. */
final class Sql {
    private static final int FETCH_SIZE = 500;
    private static final String DATA_EXCEPTION = "22";
    private static final String CONSTRAINT_VIOLATION = "23";
    private static final String SYNTAX_OR_ACCESS = "42";

    private final Connection connection;

    private Sql(Connection connection) {
        this.connection = connection;
    }

    /** What is done in one transaction. */
    @FunctionalInterface
    interface Work<T> {
        T run(Sql sql) throws SQLException;
    }

    /** What is made of rows. */
    @FunctionalInterface
    interface Rows<T> {
        T read(ResultSet rows) throws SQLException;
    }

    /** Runs a transaction of which each statement sees what is committed: with a lock that it takes first, the newest. */
    static <T> T transaction(DataSource database, Work<T> work) {
        return transaction(database, Connection.TRANSACTION_READ_COMMITTED, work);
    }

    /** Runs a transaction that reads only, and of which all statements see the same. */
    static <T> T snapshot(DataSource database, Work<T> work) {
        return transaction(database, Connection.TRANSACTION_SERIALIZABLE, work);
    }

    private static <T> T transaction(DataSource database, int isolation, Work<T> work) {
        try (Connection connection = database.getConnection()) {
            connection.setTransactionIsolation(isolation);
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                T result = work.run(new Sql(connection));
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done) {
                    connection.rollback();
                }
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** By the classes of SQL states, which all databases share: what lies in the statement or its data fails again, all else may be tried again, for joining twice is right. */
    private static StoreException failure(SQLException e) {
        boolean again = !isOfClass(e, DATA_EXCEPTION) && !isOfClass(e, SYNTAX_OR_ACCESS);
        return new StoreException(
                again ? StoreException.Kind.UNAVAILABLE : StoreException.Kind.UNUSABLE,
                "the database has failed: " + e.getMessage(),
                e);
    }

    private static boolean isOfClass(SQLException e, String stateClass) {
        return e.getSQLState() != null && e.getSQLState().startsWith(stateClass);
    }

    /** Inserts a row. False if there is one with the same key; the transaction then goes on as if nothing had been tried. */
    boolean insert(String statement, Object... parameters) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            update(statement, parameters);
            return true;
        } catch (SQLException e) {
            if (!isOfClass(e, CONSTRAINT_VIOLATION)) {
                throw e;
            }
            connection.rollback(before);
            return false;
        }
    }

    int update(String statement, Object... parameters) throws SQLException {
        try (PreparedStatement prepared = prepare(statement, parameters)) {
            return prepared.executeUpdate();
        }
    }

    <T> T query(String statement, Rows<T> reader, Object... parameters) throws SQLException {
        try (PreparedStatement prepared = prepare(statement, parameters)) {
            prepared.setFetchSize(FETCH_SIZE);
            try (ResultSet rows = prepared.executeQuery()) {
                return reader.read(rows);
            }
        }
    }

    <T> List<T> list(String statement, Rows<T> row, Object... parameters) throws SQLException {
        return query(
                statement,
                rows -> {
                    List<T> list = new ArrayList<>();
                    while (rows.next()) {
                        list.add(row.read(rows));
                    }
                    return list;
                },
                parameters);
    }

    private PreparedStatement prepare(String statement, Object... parameters) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(statement);
        for (int i = 0; i < parameters.length; i++) {
            prepared.setObject(i + 1, parameters[i]);
        }
        return prepared;
    }
}
