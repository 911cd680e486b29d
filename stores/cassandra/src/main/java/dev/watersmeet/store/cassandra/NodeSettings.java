package dev.watersmeet.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import com.datastax.oss.driver.api.core.servererrors.QueryValidationException;
import dev.watersmeet.store.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings of the nodes that a server sends its statements to, each of which checks them by its own: guardrails, and what it takes at once. */
final class NodeSettings {
    private static final Logger LOG = LoggerFactory.getLogger(NodeSettings.class);

    private static final String SETTINGS = "SELECT name, value FROM system_views.settings";

    /** What an entry of a log may have, with its mark: 5 MiB of text, of which a character takes up to three bytes. */
    private static final long LARGEST_WRITE_BYTES = 16L << 20;
    /** The driver's own, which the store leaves as it is. */
    private static final int LARGEST_PAGE_ROWS = 5000;

    private static final Pattern SIZE = Pattern.compile("(\\d+) ?(B|KiB|MiB|GiB)");
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB");

    private final CqlSession session;
    private final List<Requirement> requirements;

    /** What a setting has to be; one that a node does not have is right. */
    private record Requirement(String name, Predicate<String> right, String reason) {}

    NodeSettings(CqlSession session, CassandraOptions options) {
        this.session = session;
        String times = "cells are written at the times of their stamps, which are far ahead of the node's clock";
        String sizes = "a batch is written at once, and may take 16 MiB";
        String consistency =
                "reads and writes are " + options.consistency() + ", conditional ones " + options.conditions() + "";
        Predicate<String> allows =
                levels -> !levels(levels).contains(options.consistency().name())
                        && !levels(levels).contains(options.conditions().name());
        this.requirements = List.of(
                new Requirement("maximum_timestamp_fail_threshold", NodeSettings::isUnset, times),
                new Requirement("minimum_timestamp_fail_threshold", NodeSettings::isUnset, times),
                new Requirement("user_timestamps_enabled", "true"::equals, times),
                new Requirement("read_consistency_levels_disallowed", allows, consistency),
                new Requirement("write_consistency_levels_disallowed", allows, consistency),
                new Requirement("group_by_enabled", "true"::equals, "documents are counted by GROUP BY"),
                new Requirement(
                        "page_size_fail_threshold",
                        rows -> rows.startsWith("-") || Long.parseLong(rows) >= LARGEST_PAGE_ROWS,
                        "reads ask for " + LARGEST_PAGE_ROWS + " rows at a time"),
                new Requirement("column_value_size_fail_threshold", NodeSettings::isUnsetOrLarge, sizes),
                new Requirement("max_mutation_size", NodeSettings::isUnsetOrLarge, sizes),
                new Requirement("native_transport_max_frame_size", NodeSettings::isUnsetOrLarge, sizes));
    }

    private static List<String> levels(String list) {
        return List.of(list.toUpperCase(Locale.ROOT).split("[^A-Z_]+"));
    }

    private static boolean isUnset(String value) {
        return value.isEmpty() || value.equals("null");
    }

    private static boolean isUnsetOrLarge(String value) {
        Matcher size = SIZE.matcher(value);
        return !size.matches()
                || Long.parseLong(size.group(1)) << (10 * UNITS.indexOf(size.group(2))) >= LARGEST_WRITE_BYTES;
    }

    /** Refuses a cluster of which a node is set otherwise. Of nodes that do not answer it is said that they were not looked at; those of other data centres get no statements of this server. */
    void check() {
        for (Node node : session.getMetadata().getNodes().values()) {
            if (node.getDistance() == NodeDistance.LOCAL) {
                Map<String, String> settings = of(node);
                requirements.forEach(requirement -> check(node, requirement, settings.get(requirement.name)));
            }
        }
    }

    private Map<String, String> of(Node node) {
        Map<String, String> settings = new HashMap<>();
        if (node.getState() == NodeState.DOWN) {
            LOG.warn("{} is down: its settings were not looked at", node.getEndPoint());
            return settings;
        }
        try {
            for (Row row : session.execute(SimpleStatement.newInstance(SETTINGS).setNode(node))) {
                settings.put(String.valueOf(row.getString("name")), String.valueOf(row.getString("value")));
            }
        } catch (QueryValidationException e) {
            LOG.warn(
                    "the role may not read system_views.settings of {}: make sure that no guardrail on timestamps is set",
                    node.getEndPoint(),
                    e);
        } catch (DriverException e) {
            LOG.warn("{} does not answer: its settings were not looked at", node.getEndPoint(), e);
        }
        return settings;
    }

    private static void check(Node node, Requirement requirement, @Nullable String value) {
        if (value != null && !requirement.right.test(value)) {
            throw new StoreException(
                    StoreException.Kind.UNUSABLE,
                    requirement.name + " is set to " + value + " on " + node.getEndPoint() + ", and "
                            + requirement.reason + "; change it in cassandra.yaml of that node");
        }
    }
}
