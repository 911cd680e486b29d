package dev.watersmeet.testing.cassandra;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/** What {@code nodetool} does with a node, here without a port of its own. Thread-safe. */
public final class NodeManagement {
    private static final int IMPORT_FLAGS = 7;
    private static final String TEXTS = String[].class.getName();

    private final Process process;
    private final Path data;

    NodeManagement(Process process, Path data) {
        this.process = process;
        this.data = data;
    }

    /** Writes what is in memory to sorted tables on disk. */
    public void flush(String keyspace) {
        manage("StorageService", "forceKeyspaceFlush", List.of("java.lang.String", TEXTS), keyspace, new String[0]);
    }

    /** Makes one sorted table of several. */
    public void compact(String keyspace) {
        manage(
                "StorageService",
                "forceKeyspaceCompaction",
                List.of("boolean", "java.lang.String", TEXTS),
                false,
                keyspace,
                new String[0]);
    }

    /** Keeps what the tables of a keyspace hold now. */
    public void snapshot(String keyspace, String name) {
        manage(
                "StorageService",
                "takeSnapshot",
                List.of("java.lang.String", "java.util.Map", TEXTS),
                name,
                new HashMap<>(),
                new String[] {keyspace});
    }

    /** Puts the tables of a keyspace back to a snapshot, as an operator does: empties them, and loads its files. */
    public void restore(String keyspace, String name) {
        try (Stream<Path> tables = Files.list(data.resolve(keyspace))) {
            for (Path table : tables.toList()) {
                String id = table.getFileName().toString();
                restore(keyspace, id.substring(0, id.lastIndexOf('-')), table.resolve("snapshots/" + name));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void restore(String keyspace, String name, Path snapshot) {
        manage("StorageService", "truncate", List.of("java.lang.String", "java.lang.String"), keyspace, name);
        List<String> types = new ArrayList<>(List.of("java.util.Set"));
        types.addAll(Collections.nCopies(IMPORT_FLAGS, "boolean"));
        @Nullable Object[] arguments = new Object[1 + IMPORT_FLAGS];
        Arrays.fill(arguments, false);
        arguments[0] = Set.of(snapshot.toString());
        arguments[IMPORT_FLAGS] = true; // the files are copied
        manage("Tables,keyspace=" + keyspace + ",table=" + name, "importNewSSTables", types, arguments);
    }

    /** Refuses writes with a time that is further in the future than this, as {@code 1d}; null takes all. Superusers may write them in any case. */
    public void refuseTimesAfter(@Nullable String future) {
        manage(
                "Guardrails",
                "setMaximumTimestampThreshold",
                List.of("java.lang.String", "java.lang.String"),
                null,
                future);
    }

    /** Refuses reads that ask for pages of more rows; -1 takes all. */
    public void limitPages(int rows) {
        manage("Guardrails", "setPageSizeThreshold", List.of("int", "int"), -1, rows);
    }

    /** Refuses values that are larger than this, as {@code 1MiB}; null takes all. */
    public void limitValues(@Nullable String size) {
        manage(
                "Guardrails",
                "setColumnValueSizeThreshold",
                List.of("java.lang.String", "java.lang.String"),
                null,
                size);
    }

    /** Sets another guardrail, by the name of its attribute. */
    public void guard(String attribute, Object value) {
        connected(attribute, node -> node.setAttribute(bean("Guardrails"), new Attribute(attribute, value)));
    }

    private void manage(String bean, String operation, List<String> types, @Nullable Object... arguments) {
        connected(operation, node -> node.invoke(bean(bean), operation, arguments, types.toArray(String[]::new)));
    }

    private static ObjectName bean(String type) throws JMException {
        return new ObjectName("org.apache.cassandra.db:type=" + type);
    }

    /** Something done with the node's management beans. */
    @FunctionalInterface
    private interface Action {
        void on(MBeanServerConnection node) throws JMException, IOException;
    }

    /** Does something without a port of its own for that. */
    @SuppressWarnings("BanJNDI") // what answers is a process that this one has started
    private void connected(String what, Action action) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
            try (JMXConnector connector =
                    JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
                action.on(connector.getMBeanServerConnection());
            } finally {
                machine.detach();
            }
        } catch (IOException | AttachNotSupportedException | JMException e) {
            throw new IllegalStateException(what + " of a node failed", e);
        }
    }
}
