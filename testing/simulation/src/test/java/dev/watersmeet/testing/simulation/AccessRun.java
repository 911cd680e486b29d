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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run about access by document: people with real clients, over two real engines of which each may come in the middle of what the other does, change documents, give them to other teams, and change teams themselves, while
 * requests and answers are lost, requests arrive twice, and servers die. In the end everybody has to show what they may read, and nothing else. No answer may name what its reader could never read.
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
    private @Nullable Integer busyNode;
    private @Nullable Device busyDevice;
    private boolean nested;
    private boolean mended;
    private int begun;
    private int edits;

    /** Somebody's client. */
    private final class Device {
        final Principal principal;
        final ReplicaClient client;

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
        this.store = new SharedStore(schedule, new History(schedule, false), 1 + schedule.pick(30));
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
        return SyncEngine.on(new NodeStore(store, faults))
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
                    engine.space(SharedStore.SPACE.name())
                            .collection(document.collection())
                            .edit(document.id(), this::change);
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
        if (schedule.chance(0.15)) {
            documents.delete(document.id());
        } else {
            documents.edit(document.id(), this::change);
        }
    }

    private void change(Map<String, @Nullable Object> record) {
        record.putIfAbsent(Teams.FIELD, schedule.pick(Teams.NAMES));
        switch (schedule.pick(3)) {
            case 0 -> record.put(Teams.FIELD, schedule.pick(Teams.NAMES));
            case 1 -> record.put(Model.TITLE, ++edits);
            default -> record.put(Model.TAGS, List.of("t" + ++edits));
        }
    }

    private void sync(Device device) {
        if (device == busyDevice) {
            return;
        }
        Device before = busyDevice;
        busyDevice = device;
        try {
            device.client.sync();
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
        SyncRequest request = MergeFormat.readSyncRequest(body, form);
        if (request.push() != null) {
            request.push().documents().forEach(document -> pushed.add(device.principal.name() + document.id()));
        }
        SyncAnswer answer = engine.sync(device.principal, SharedStore.SPACE, request);
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
        Map<DocumentId, DocumentState> states = new HashMap<>(store.data().read(SharedStore.SPACE, Model.DOCUMENTS));
        return states;
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
        for (Device device : devices) {
            for (DocumentId document : Model.DOCUMENTS) {
                Optional<Value> shown =
                        device.client.collection(document.collection()).get(document.id());
                Optional<Value> expected = Optional.ofNullable(states.get(document))
                        .flatMap(state -> Records.read(state, Model.SCHEMA.collection(document.collection())))
                        .filter(record -> teams.mayRead(device.principal, document, record));
                if (!shown.equals(expected)) {
                    faults.add("in the end " + device.principal.name() + " shows " + document + " as " + shown
                            + ", and not as " + expected);
                }
            }
        }
    }
}
