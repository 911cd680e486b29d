package dev.watersmeet.testing.simulation;

import dev.watersmeet.client.ReplicaClient;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Records;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Page;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SnapshotPage;
import dev.watersmeet.format.SyncAnswer;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.StoreException;
import dev.watersmeet.sync.Access;
import dev.watersmeet.sync.Principal;
import dev.watersmeet.sync.SyncEngine;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run about access by document: people with real clients, over two real engines of which each may come in the middle of what the other does, change documents, give them to other teams, and change teams themselves, while
 * requests and answers are lost, requests arrive twice, and servers die. No answer may name what its reader could never read, nobody changes what they may not read, and whoever shows an edit shows what came before it and with it. In the end
 * everybody has to show what they may read, and nothing else, and no accepted work is lost.
 */
final class AccessRun {
    private static final int STEPS = 150;
    private static final int ROUNDS = 40;
    private static final List<String> PEOPLE = List.of("ada", "bob", "cid");

    private final List<String> faults = new ArrayList<>();
    private final Schedule schedule;
    private final Teams teams = new Teams();
    private final SharedStore store;
    private final AccessBug bug;
    private final double trouble;
    private final List<SyncEngine> nodes = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private final List<Runnable> late = new ArrayList<>();
    private final Set<String> pushed = new HashSet<>();
    private final Set<String> nonces = new HashSet<>();
    private @Nullable Integer busyNode;
    private @Nullable Device busyDevice;
    private boolean nested;
    private boolean mended;
    private final Numbers numbers = new Numbers();
    private final History history;
    private final boolean deletions;
    private int begun;
    private int edits;
    private int moment;

    /** What was last looked at: how much was written, and how often teams had changed. */
    private List<Integer> observed = List.of();

    /** Since which moment somebody reads a document without a break. */
    private final Map<String, Map<DocumentId, Integer>> since = new HashMap<>();

    /** When somebody was last seen to read a document. */
    private final Map<String, Integer> lastRead = new HashMap<>();

    /** Somebody's client. */
    private final class Device {
        final Principal principal;
        final ReplicaClient client;

        /** When it last began to ask a server for changes. */
        int asked;

        Device(String person) {
            principal = new Principal(person);
            SimulatedClock clock = new SimulatedClock(schedule);
            clock.jump(schedule.pick(20_000) - 10_000);
            client = ReplicaClient.of(URI.create("http://simulated/v1"), SharedStore.SPACE.name(), () -> "token")
                    .schema(Model.SCHEMA)
                    .httpClient(new SimulatedHttp((request, body) -> ask(this, request, body)))
                    .time(clock)
                    .random(new Random(schedule.random.nextLong()))
                    .open();
        }
    }

    private AccessRun(long seed, AccessBug bug) {
        this.schedule = new Schedule(seed, false);
        this.bug = bug;
        this.history = new History(schedule, false);
        this.store = new SharedStore(schedule, history, 1 + schedule.pick(30));
        this.deletions = schedule.chance(0.5);
        this.trouble = schedule.chance(0.3) ? 0 : schedule.random.nextDouble() * 0.2;
        PEOPLE.forEach(person -> teams.change(person, Set.of(schedule.pick(Teams.NAMES))));
        nodes.add(node(0));
        nodes.add(node(1));
        PEOPLE.forEach(person -> devices.add(new Device(person)));
        devices.add(new Device(PEOPLE.get(0)));
    }

    /** What was wrong in a run. */
    static List<String> faults(long seed, AccessBug bug) {
        AccessRun run = new AccessRun(seed, bug);
        for (int i = 0; i < STEPS && run.faults.isEmpty(); i++) {
            run.step();
        }
        run.agree();
        return run.faults;
    }

    private SyncEngine node(int number) {
        NodeStore.Faults faults = new NodeStore.Faults() {
            @Override
            public void pause() {
                observe();
                if (!mended && !nested && busyNode != null && schedule.chance(0.1)) {
                    nested = true;
                    step();
                    nested = false;
                }
            }

            @Override
            public boolean dies() {
                return !mended && !nested && schedule.chance(trouble / 10);
            }

            @Override
            public boolean fails() {
                return !mended && schedule.chance(trouble / 30);
            }
        };
        return SyncEngine.on(bug.store(store, faults))
                .access(Access.writeEverywhere().withDocuments(teams))
                .schema(Model.SCHEMA)
                .node("node-" + number)
                .time(schedule::now)
                .random(new Random(number * 1000L + ++begun))
                .open();
    }

    private void step() {
        schedule.runUntil(schedule.now() + schedule.delay(1, 300));
        switch (schedule.pick(16)) {
            case 0, 1, 2, 3 -> edit(schedule.pick(devices));
            case 4 ->
                atSomeNode((node, engine) -> {
                    DocumentId document = schedule.pick(Model.DOCUMENTS);
                    AtomicInteger last = new AtomicInteger(); // it begins again where another edit came in
                    try {
                        engine.space(SharedStore.SPACE.name())
                                .collection(document.collection())
                                .edit(document.id(), record -> last.set(change(document, record, Map.of())));
                        accepted(Set.of(last.get()));
                    } finally {
                        numbers.sent(numbered(Set.of(last.get()))); // it may be written though the server has died
                    }
                    return Answer.NONE;
                });
            case 5 -> {
                if (!nested) {
                    teams.change(schedule.pick(PEOPLE), some(Teams.NAMES));
                }
            }
            case 6 -> {
                if (!nested && schedule.chance(0.1)) {
                    teams.renew();
                }
            }
            case 7 -> {
                if (schedule.chance(0.3)) {
                    store.purge(schedule.now() - schedule.delay(0, 5_000));
                }
            }
            case 8 -> {
                if (!late.isEmpty()) {
                    late.remove(schedule.pick(late.size())).run();
                }
            }
            default -> sync(schedule.pick(devices));
        }
    }

    private Set<String> some(List<String> names) {
        Set<String> some = new HashSet<>();
        names.forEach(name -> {
            if (schedule.chance(0.4)) {
                some.add(name);
            }
        });
        return some;
    }

    private void edit(Device device) {
        DocumentId document = schedule.pick(Model.DOCUMENTS);
        dev.watersmeet.client.Documents documents = device.client.collection(document.collection());
        if (deletions && schedule.chance(0.15)) {
            numbers.deletes(document);
            documents.delete(document.id());
        } else {
            Map<DocumentId, Integer> others = Numbers.titles(shown(device));
            others.remove(document);
            documents.edit(document.id(), record -> change(document, record, others));
        }
    }

    /**
     * Changes a record.
     *
     * @param others what its writer sees of the others
     * @return the number of the change; 0 if it has none
     */
    private int change(DocumentId document, Map<String, @Nullable Object> record, Map<DocumentId, Integer> others) {
        Value before = Value.of(record);
        record.putIfAbsent(Teams.FIELD, schedule.pick(Teams.NAMES));
        switch (schedule.pick(3)) {
            case 0 -> {
                record.put(Teams.FIELD, schedule.pick(Teams.NAMES));
                return 0;
            }
            case 1 -> {
                record.put(Model.TITLE, ++edits);
                numbers.writesTitle(edits, document, Numbers.title(before), others);
            }
            default -> {
                record.put(Model.TAGS, List.of(Numbers.tag(++edits)));
                numbers.writesTag(edits, document, Numbers.tags(before), others);
            }
        }
        return edits;
    }

    private void accepted(Set<Integer> accepted) {
        numbers.accepted(numbered(accepted), ++moment);
    }

    private static Set<Integer> numbered(Set<Integer> changes) {
        return changes.stream().filter(number -> number > 0).collect(Collectors.toSet());
    }

    private static Map<DocumentId, Value> shown(Device device) {
        Map<DocumentId, Value> shown = new HashMap<>();
        for (DocumentId document : Model.DOCUMENTS) {
            device.client
                    .collection(document.collection())
                    .get(document.id())
                    .ifPresent(record -> shown.put(document, record));
        }
        return shown;
    }

    /** Takes note of who reads what by now. */
    private void observe() {
        List<Integer> now = List.of(history.writes(), teams.changes());
        if (now.equals(observed)) {
            return;
        }
        observed = now;
        moment++;
        Map<DocumentId, DocumentState> states = states();
        for (String person : PEOPLE) {
            Map<DocumentId, Integer> read = since.computeIfAbsent(person, name -> new HashMap<>());
            for (DocumentId document : Model.DOCUMENTS) {
                if (readable(states, document, new Principal(person)).isPresent()) {
                    read.putIfAbsent(document, moment);
                    lastRead.put(person + document, moment);
                } else {
                    read.remove(document);
                }
            }
        }
    }

    /** A record, if somebody may read it. */
    private Optional<Value> readable(Map<DocumentId, DocumentState> states, DocumentId document, Principal principal) {
        return record(states, document).filter(record -> teams.mayRead(principal, record));
    }

    private static Optional<Value> record(Map<DocumentId, DocumentState> states, DocumentId document) {
        return Optional.ofNullable(states.get(document))
                .flatMap(state -> Records.read(state, Model.SCHEMA.collection(document.collection())));
    }

    private void sync(Device device) {
        if (device == busyDevice) {
            return;
        }
        Device before = busyDevice;
        busyDevice = device;
        try {
            device.client.sync();
            observe();
            Map<DocumentId, Integer> read = since.getOrDefault(device.principal.name(), Map.of());
            numbers.torn(shown(device), document -> read.getOrDefault(document, moment) < device.asked)
                    .forEach(torn -> faults.add(device.principal.name() + " shows " + torn));
        } catch (UncheckedIOException | ProblemException e) {
            if (mended) {
                faults.add("in the end " + device.principal.name() + " cannot exchange: " + e);
            }
        } finally {
            busyDevice = before;
        }
    }

    // The network and the servers

    private interface Work {
        Answer at(int node, SyncEngine engine);
    }

    private Answer ask(Device device, HttpRequest http, byte[] body) {
        Work work = (node, engine) -> http.uri().getPath().endsWith("/sync")
                ? exchange(device, engine, http, body)
                : snapshot(device, engine, http);
        if (lost()) {
            return Answer.NONE;
        }
        if (lost()) {
            late.add(() -> atSomeNode(work));
        }
        Answer answer = atSomeNode(work);
        return lost() ? Answer.NONE : answer;
    }

    private boolean lost() {
        return !mended && schedule.chance(trouble);
    }

    /** Does something at a server that is not in the middle of something else. */
    private Answer atSomeNode(Work work) {
        Integer before = busyNode;
        int node = before == null ? schedule.pick(nodes.size()) : 1 - before;
        busyNode = node;
        try {
            return work.at(node, nodes.get(node));
        } catch (NodeStore.Death e) {
            nodes.set(node, node(node));
            return Answer.NONE;
        } catch (ProblemException e) {
            return Answer.problem(e.problem());
        } catch (StoreException e) {
            return Answer.problem(Problem.of(ProblemCode.STORE_UNAVAILABLE, String.valueOf(e.getMessage())));
        } finally {
            busyNode = before;
        }
    }

    private Answer exchange(Device device, SyncEngine engine, HttpRequest http, byte[] body) {
        MessageForm form = MessageForm.ofMediaType(
                        http.headers().firstValue("Content-Type").orElseThrow())
                .orElseThrow();
        SyncRequest sent = MergeFormat.readSyncRequest(body, form);
        SyncRequest request = bug.on(sent, engine, device.principal);
        Push push = sent.push();
        if (push != null) {
            push.documents().forEach(document -> pushed.add(device.principal.name() + document.id()));
            numbers.sent(numbers(push, Set.of()));
        }
        observe();
        device.asked = ++moment;
        Set<DocumentId> barred = push == null ? Set.of() : barred(device.principal, push);
        SyncAnswer answer = bug.on(
                engine.sync(device.principal, SharedStore.SPACE, request), request, batch -> store.join(batch, null));
        if (push != null) {
            taken(device, push, answer, barred);
        }
        Page page = answer.changes();
        SyncAnswer heard =
                page == null ? answer : new SyncAnswer(answer.time(), answer.push(), bug.on(page, states().keySet()));
        Page told = heard.changes();
        if (told != null) {
            check(
                    device.principal,
                    Stream.of(told.documents().stream(), told.dropped().stream())
                            .flatMap(part -> part.map(DocumentCells::id)));
            check(device.principal, told.withdrawn().stream());
        }
        return new Answer(200, MessageForm.BATCH, to -> MergeFormat.writeSyncAnswer(heard, to), null, null);
    }

    /** Documents that somebody may not read, and would change. */
    private Set<DocumentId> barred(Principal principal, Push push) {
        Map<DocumentId, DocumentState> states = states();
        Set<DocumentId> barred = new HashSet<>();
        for (PushedDocument document : push.documents()) {
            DocumentState state = states.get(document.id());
            boolean changes = state != null
                    && !state.holds(
                            ((PushedDocument.Readable) document).document().cells());
            if (changes
                    && record(states, document.id()).isPresent()
                    && readable(states, document.id(), principal).isEmpty()) {
                barred.add(document.id());
            }
        }
        return barred;
    }

    /**
     * A push was answered.
     *
     * @param barred what its sender was not to change when it came
     */
    private void taken(Device device, Push push, SyncAnswer answer, Set<DocumentId> barred) {
        Principal principal = device.principal;
        Set<DocumentId> rejected = new HashSet<>();
        if (answer.push() != null) {
            answer.push().rejected().forEach(rejection -> rejected.add(rejection.id()));
        }
        accepted(numbers(push, rejected));
        if (nonces.add(push.nonce())) { // otherwise it was answered from the record
            observe();
            Set<DocumentId> still = new HashSet<>(barred);
            still.removeIf(document -> lastRead.getOrDefault(principal.name() + document, 0) >= device.asked);
            still.removeAll(rejected);
            still.forEach(document -> faults.add(principal.name() + " changes " + document + ", not theirs to read"));
        }
    }

    /** The numbers in some documents of a push. */
    private static Set<Integer> numbers(Push push, Set<DocumentId> but) {
        Set<Integer> numbers = new HashSet<>();
        for (PushedDocument document : push.documents()) {
            if (!but.contains(document.id())) {
                DocumentState cells =
                        ((PushedDocument.Readable) document).document().cells();
                Records.read(cells, Model.SCHEMA.collection(document.id().collection()))
                        .ifPresent(record -> numbers.addAll(Numbers.of(record)));
            }
        }
        return numbers;
    }

    private Answer snapshot(Device device, SyncEngine engine, HttpRequest http) {
        Map<String, String> query = Stream.of(http.uri().getRawQuery().split("&", -1))
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(
                        parameter -> parameter[0],
                        parameter -> URLDecoder.decode(parameter[1], StandardCharsets.UTF_8)));
        SnapshotPage page = engine.snapshot(
                device.principal,
                SharedStore.SPACE,
                ReplicaId.parse(query.getOrDefault("replica", "")),
                query.get("position"));
        check(device.principal, page.documents().stream().map(DocumentCells::id));
        return new Answer(200, MessageForm.JSON, to -> MergeFormat.writeSnapshotPage(page, to), null, null);
    }

    private void check(Principal principal, Stream<DocumentId> named) {
        named.filter(document -> !teams.mayKnow(principal, document))
                .filter(document -> !pushed.contains(principal.name() + document))
                .forEach(document ->
                        faults.add(principal.name() + " is told of " + document + ", never theirs to read"));
    }

    // The end

    private Map<DocumentId, DocumentState> states() {
        return store.data().read(SharedStore.SPACE, Model.DOCUMENTS);
    }

    private void agree() {
        mended = true;
        for (int round = 0; round < ROUNDS && faults.isEmpty(); round++) {
            devices.forEach(this::sync);
            if (round > 4 && devices.stream().allMatch(device -> device.client.pending() == 0)) {
                break;
            }
        }
        if (!faults.isEmpty()) {
            return;
        }
        Map<DocumentId, DocumentState> states = states();
        Model.DOCUMENTS.forEach(document ->
                faults.addAll(numbers.lost(document, record(states, document).orElse(null))));
        for (Device device : devices) {
            for (DocumentId document : Model.DOCUMENTS) {
                Optional<Value> shown =
                        device.client.collection(document.collection()).get(document.id());
                Optional<Value> expected = readable(states, document, device.principal);
                if (!shown.equals(expected)) {
                    faults.add("in the end " + device.principal.name() + " shows " + document + " as " + shown
                            + ", and not as " + expected);
                }
            }
        }
    }
}
