package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Clients, a server and a network that loses requests and answers: in the end all hold the same, and nothing is lost or counted twice. */
class ExchangeTest {
    private static final int CLIENTS = 3;
    private static final DocumentId REFUSED = DocumentId.of("secrets", "s1");
    private static final List<DocumentId> DOCUMENTS = List.of(id("t1"), id("t2"), REFUSED);

    /** What happens next. Numbers are taken modulo what there is to choose from. */
    record Event(Act act, int client, int document, int choice) {}

    enum Act {
        ASSIGN,
        TAKE_AWAY,
        ADD,
        REMOVE,
        COUNT,
        DELETE,
        SYNC,
        REQUEST_LOST,
        ANSWER_LOST,
        FORGET_CURSOR,
        SERVER_EDIT,
        SERVER_DELETE,
        RESTART
    }

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    void allHoldTheSameInTheEnd(@ForAll("events") List<Event> events) {
        Run run = new Run();
        events.forEach(run::take);
        run.settle();
        run.assertConverged();
    }

    @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
    void everyCountCountsOnce(@ForAll("counts") List<Event> events) {
        Run run = new Run();
        events.forEach(run::take);
        run.settle();
        run.assertConverged();
        for (DocumentId document : List.of(id("t1"), id("t2"))) {
            double shown = run.server
                    .documents()
                    .get(document.id())
                    .map(record -> record.fields().get("votes").number())
                    .orElse(0.0);
            assertThat(shown).isEqualTo(run.counted(document));
        }
    }

    @Provide
    Arbitrary<List<Event>> events() {
        return events(Arbitraries.frequency(
                Tuple.of(3, Act.ASSIGN),
                Tuple.of(1, Act.TAKE_AWAY),
                Tuple.of(3, Act.ADD),
                Tuple.of(2, Act.REMOVE),
                Tuple.of(3, Act.COUNT),
                Tuple.of(2, Act.DELETE),
                Tuple.of(8, Act.SYNC),
                Tuple.of(2, Act.REQUEST_LOST),
                Tuple.of(3, Act.ANSWER_LOST),
                Tuple.of(1, Act.FORGET_CURSOR),
                Tuple.of(2, Act.SERVER_EDIT),
                Tuple.of(1, Act.SERVER_DELETE),
                Tuple.of(1, Act.RESTART)));
    }

    @Provide
    Arbitrary<List<Event>> counts() {
        return events(Arbitraries.frequency(
                Tuple.of(6, Act.COUNT),
                Tuple.of(6, Act.SYNC),
                Tuple.of(2, Act.REQUEST_LOST),
                Tuple.of(4, Act.ANSWER_LOST),
                Tuple.of(1, Act.FORGET_CURSOR),
                Tuple.of(1, Act.SERVER_EDIT),
                Tuple.of(1, Act.RESTART)));
    }

    private static Arbitrary<List<Event>> events(Arbitrary<Act> acts) {
        return Combinators.combine(
                        acts,
                        Arbitraries.integers().between(0, CLIENTS - 1),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(0, 9))
                .as(Event::new)
                .list()
                .ofMaxSize(60);
    }

    private static final class Run {
        final ServerUnderTest server = new ServerUnderTest(SyncEngine.Builder::onlyDeclaredCollections);
        private final List<SimulatedClient> clients = new ArrayList<>();
        private final Map<DocumentId, Double> counts = new TreeMap<>();

        Run() {
            for (int i = 0; i < CLIENTS; i++) {
                long skew = (i - 1) * 20_000L; // behind, right, ahead
                clients.add(new SimulatedClient(server, 100L * i - 150, () -> server.millis.get() + skew));
            }
        }

        void take(Event event) {
            server.millis.addAndGet(event.choice() % 3);
            SimulatedClient client = clients.get(event.client());
            DocumentId document = DOCUMENTS.get(Math.min(event.document() / 4, DOCUMENTS.size() - 1));
            switch (event.act()) {
                case SYNC -> client.sync(SimulatedClient.Fate.ANSWERED);
                case REQUEST_LOST -> client.sync(SimulatedClient.Fate.REQUEST_LOST);
                case ANSWER_LOST -> client.sync(SimulatedClient.Fate.ANSWER_LOST);
                case FORGET_CURSOR -> client.forgetCursor();
                case DELETE -> client.edit(document, record -> null);
                case ASSIGN, TAKE_AWAY, ADD, REMOVE -> client.edit(document, change(event));
                case COUNT -> {
                    client.edit(document, change(event));
                    counts.merge(document, (double) by(event), Double::sum);
                }
                case SERVER_EDIT -> {
                    DocumentId own = DOCUMENTS.get(event.document() % 2);
                    server.documents().edit(own.id(), record -> {
                        Object votes = record.getOrDefault("votes", Value.of(0));
                        record.put("votes", votes instanceof Value value ? value.number() + 1 : 1);
                        record.put("title", "by the server " + event.choice());
                    });
                    counts.merge(own, 1.0, Double::sum);
                }
                case SERVER_DELETE ->
                    server.documents()
                            .delete(DOCUMENTS.get(event.document() % 2).id());
                case RESTART -> {
                    server.millis.addAndGet((event.choice() - 5) * 1_000L);
                    server.restart();
                }
            }
        }

        private static int by(Event event) {
            return event.choice() - 4;
        }

        private static UnaryOperator<@Nullable Value> change(Event event) {
            return record -> {
                Map<String, Value> fields =
                        record == null || !record.isRecord() ? new TreeMap<>() : new TreeMap<>(record.fields());
                Set<Value> tags = new LinkedHashSet<>(
                        fields.getOrDefault("tags", Value.of(List.of())).elements());
                Value tag = Value.of("tag " + event.choice() % 3);
                switch (event.act()) {
                    case ASSIGN -> fields.put("title", Value.of("v" + event.choice()));
                    case TAKE_AWAY -> fields.remove("title");
                    case ADD -> tags.add(tag);
                    case REMOVE -> tags.remove(tag);
                    default -> fields.merge("votes", Value.of(by(event)), (a, b) -> Value.of(a.number() + b.number()));
                }
                fields.put("tags", Value.of(List.copyOf(tags)));
                return Value.record(fields);
            };
        }

        double counted(DocumentId document) {
            return counts.getOrDefault(document, 0.0);
        }

        /** The network works again: after a few rounds everybody has pushed everything and read everything. */
        void settle() {
            for (int round = 0; round < 4; round++) {
                clients.forEach(client -> client.sync(SimulatedClient.Fate.ANSWERED));
            }
        }

        void assertConverged() {
            for (DocumentId document : List.of(id("t1"), id("t2"))) {
                DocumentState stored = server.stored(document);
                for (SimulatedClient client : clients) {
                    assertThat(client.isSettled()).isTrue();
                    assertThat(client.record(document))
                            .isEqualTo(server.documents().get(document.id()));
                    assertThat(
                                    client.documents.containsKey(document)
                                            ? client.documents.get(document).joined()
                                            : DocumentState.empty())
                            .isEqualTo(stored);
                }
            }
            assertThat(server.stored(REFUSED)).isEqualTo(DocumentState.empty());
            assertThat(clients)
                    .allSatisfy(client -> assertThat(client.record(REFUSED)).isEmpty());
            assertThat(server.store.count(SPACE)).isLessThanOrEqualTo(2);
        }
    }
}
