package dev.watersmeet.store.jdbc;

import dev.watersmeet.store.Store;
import dev.watersmeet.store.tck.ClockedFixture;
import dev.watersmeet.store.tck.StoreContract;
import dev.watersmeet.store.tck.StoreFixture;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.io.TempDir;

class JdbcStoreTest extends StoreContract {
    private final AtomicInteger databases = new AtomicInteger();

    @TempDir
    Path folder;

    @Override
    protected StoreFixture fixture() {
        return new H2Fixture(folder.resolve("database" + databases.incrementAndGet()));
    }

    /** A database in a file, which every store opens for itself; a transaction is on disk when it is committed. */
    private static final class H2Fixture extends ClockedFixture {
        private final Path file;
        private final JdbcConnectionPool pool;

        H2Fixture(Path file) {
            this.file = file;
            this.pool =
                    JdbcConnectionPool.create("jdbc:h2:file:" + file + ";WRITE_DELAY=0;LOCK_TIMEOUT=60000", "sa", "");
            pool.setMaxConnections(30);
        }

        @Override
        public Store open() {
            return JdbcStore.open(pool, this::millis);
        }

        @Override
        public Optional<Runnable> copy() {
            String script = "'" + file + ".sql'";
            run("SCRIPT TO " + script);
            return Optional.of(() -> {
                run("DROP ALL OBJECTS");
                run("RUNSCRIPT FROM " + script);
                renewEpochs();
            });
        }

        private void run(String statement) {
            try (Connection connection = pool.getConnection();
                    Statement prepared = connection.createStatement()) {
                prepared.execute(statement);
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            run("SHUTDOWN IMMEDIATELY");
            pool.dispose();
        }
    }
}
