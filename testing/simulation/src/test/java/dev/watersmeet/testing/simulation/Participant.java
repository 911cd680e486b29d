package dev.watersmeet.testing.simulation;

import static java.util.Objects.requireNonNull;

import dev.watersmeet.client.Documents;
import dev.watersmeet.client.ReplicaClient;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MergeFormat;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.ProblemException;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.format.SyncRequest;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A device with a real client. All that goes into the client is kept: given to another one again, in the same order, it makes the same client. So the device can be put back to what it was, or copied.
 */
final class Participant {
    final String name;
    final SimulatedClock clock;
    final String principal;

    /** It has a twin, or was put back: what it does with its own writes until that is found out is not defined. */
    boolean suspect;

    /** It cannot reach any server. */
    boolean cutOff;

    private final Schedule schedule;
    private final History history;
    private final BiConsumer<Participant, Request> network;
    private final List<Step> journal = new ArrayList<>();
    private final PlantedBug bug;
    private Wire wire;
    private View view;
    private ReplicaClient client;
    private Random chance = new Random(0);
    private Offers offers = new Offers();

    /** The id that the client was last known by. */
    private ReplicaId known;

    private int exchanges;
    private @Nullable Fiber<Answer> exchange;
    private @Nullable Replay replay;
    private @Nullable String settled;

    /** The documents of which the stamps were refused as from the future. */
    private final Set<DocumentId> corrected = new HashSet<>();

    /** What a restored server has lost and this device has read, and is to give back. */
    private final Set<Happening> owed = new LinkedHashSet<>();

    /** What it had read before a snapshot that replaced it: a document that is uploaded whole brings it. */
    private final Set<Happening> replaced = new HashSet<>();

    /** What went into the client, at what time by its clock: an edit, the begin of an exchange, an answer, or fresh randomness. */
    private record Step(
            long time,
            @Nullable Plan plan,
            @Nullable Happening happening,
            @Nullable Answer answer,
            @Nullable Long seed) {
        static Step begin(long time) {
            return new Step(time, null, null, null, null);
        }

        static Step edit(long time, Plan plan, @Nullable Happening happening) {
            return new Step(time, plan, happening, null, null);
        }

        static Step answer(long time, Answer answer) {
            return new Step(time, null, null, answer, null);
        }

        static Step seed(long time, long seed) {
            return new Step(time, null, null, null, seed);
        }
    }

    /** A journal that is gone through again. */
    private static final class Replay {
        private final List<Step> steps;
        private int next;
        private long time;
        private boolean brokenOff;

        Replay(List<Step> steps) {
            this.steps = List.copyOf(steps);
        }

        @Nullable
        Step step() {
            Step step = next < steps.size() ? steps.get(next++) : null;
            if (step != null) {
                time = step.time;
            }
            return step;
        }
    }

    Participant(
            String name,
            String principal,
            Schedule schedule,
            SimulatedClock clock,
            History history,
            BiConsumer<Participant, Request> network,
            PlantedBug bug) {
        this.name = name;
        this.principal = principal;
        this.schedule = schedule;
        this.clock = clock;
        this.history = history;
        this.network = network;
        this.bug = bug;
        this.wire = new Wire(bug);
        this.view = new View(history);
        reseed();
        this.client = open();
        this.known = client.replica();
    }

    private void reseed() {
        long seed = schedule.random.nextLong();
        journal.add(Step.seed(clock.millis(), seed));
        chance = new Random(seed);
    }

    private ReplicaClient open() {
        RandomGenerator random = () -> chance.nextLong();
        return ReplicaClient.of(URI.create("http://simulated/v1"), SharedStore.SPACE.name(), () -> "token")
                .schema(Model.SCHEMA)
                .httpClient(new SimulatedHttp(this::ask))
                .time(() -> replay == null ? clock.millis() : replay.time)
                .random(random)
                .open();
    }

    /** The number of its exchange: who was asked in an earlier one is not listened to any more. */
    int exchangeNumber() {
        return exchanges;
    }

    boolean isBusy() {
        return exchange != null;
    }

    int pending() {
        return client.pending();
    }

    ReplicaId replica() {
        return client.replica();
    }

    // What its application does

    void edit(Plan plan) {
        List<Happening> seen = view.seen(plan.document());
        Done done = perform(plan);
        Happening happening = history.happened(name, plan, seen, done.existed, done.effects);
        journal.add(Step.edit(clock.millis(), plan, happening));
        if (happening != null) {
            view.own.add(happening);
            schedule.note(() -> name + " does " + happening);
        }
    }

    private record Done(boolean existed, List<Effect> effects) {}

    private Done perform(Plan plan) {
        Documents documents = client.collection(plan.document().collection());
        Value id = plan.document().id();
        if (plan.kind() == Plan.Kind.DELETE) {
            boolean existed = documents.get(id).isPresent();
            documents.delete(id);
            return new Done(true, existed ? List.of(Effect.delete()) : List.of());
        }
        List<Done> done = new ArrayList<>();
        documents.edit(id, record -> {
            boolean existed = !record.isEmpty();
            done.add(new Done(existed, plan.edit(record)));
        });
        return done.get(0);
    }

    Optional<Value> show(DocumentId document) {
        return client.collection(document.collection()).get(document.id());
    }

    // The exchange

    /** Begins to exchange with a server. */
    void sync() {
        if (exchange != null) {
            return;
        }
        journal.add(Step.begin(clock.millis()));
        Fiber<Answer> fiber = new Fiber<>();
        exchange = fiber;
        exchanges++;
        fiber.start(this::exchange);
        finish(fiber);
    }

    private void exchange() {
        try {
            client.sync();
        } catch (UncheckedIOException e) {
            if (replay == null) {
                schedule.note(() -> name + " gets no answer");
            }
        } catch (ProblemException e) {
            if (replay != null) {
                return;
            }
            schedule.note(() -> name + " is refused: " + e.getMessage());
            if (e.problem().code() == ProblemCode.MALFORMED || e.problem().code() == ProblemCode.REPLICA_CLONED) {
                history.faults.add(name + " is refused: " + e.getMessage());
            }
        }
    }

    private void finish(Fiber<Answer> fiber) {
        if (fiber.isDone() && exchange == fiber) {
            exchange = null;
        }
    }

    /** The client has found its twin and taken a new id, under which what it had not settled goes on. */
    private void goOnUnderAnotherId() {
        ReplicaId former = known;
        known = client.replica();
        if (replay == null) {
            schedule.note(() -> name + " goes on as " + known);
            offers.judge(view.own, history.acceptedOf(former), history.wrongClocks);
            suspect = false;
        }
        offers = new Offers();
    }

    /** The client asks: on its fiber, or while it is made anew. */
    private Answer ask(HttpRequest http, byte[] body) {
        Replay again = replay;
        if (again != null) {
            offer(read(http, body));
            for (Step step = again.step(); step != null; step = again.step()) {
                if (step.answer != null) {
                    if (step.answer.outcome() != null) {
                        offers.settle(step.answer.outcome());
                    }
                    return step.answer;
                }
                perform(requireNonNull(step.plan));
            }
            again.brokenOff = true;
            return Answer.NONE;
        }
        Fiber<Answer> fiber = requireNonNull(exchange);
        Request request = read(http, body);
        offer(request);
        network.accept(this, request);
        return fiber.await();
    }

    /** Takes note of what the client says under which id. */
    private void offer(Request request) {
        if (!client.replica().equals(known)) {
            goOnUnderAnotherId();
        }
        SyncRequest message = request.message();
        if (message != null && message.push() != null) {
            List<Happening> own = List.copyOf(view.own); // what is said again carries what it carried
            offers.sent(
                    message.push(), Set.copyOf(history.sent(message.push(), message.replica(), own, owed, replaced)));
        }
    }

    private Request read(HttpRequest http, byte[] body) {
        boolean batch = http.headers().allValues("Accept").toString().contains(MessageForm.BATCH.mediaType());
        MessageForm answers = batch ? MessageForm.BATCH : MessageForm.JSON;
        if (http.uri().getPath().endsWith("/sync")) {
            MessageForm form = MessageForm.ofMediaType(
                            http.headers().firstValue("Content-Type").orElseThrow())
                    .orElseThrow();
            SyncRequest message = MergeFormat.readSyncRequest(body, form);
            return new Request(principal, message.replica(), message, null, answers, wire);
        }
        String position = null;
        for (String parameter : http.uri().getRawQuery().split("&", -1)) {
            if (parameter.startsWith("position=")) {
                position = URLDecoder.decode(parameter.substring(9), StandardCharsets.UTF_8);
            }
        }
        return new Request(principal, client.replica(), null, position, answers, wire);
    }

    /** An answer arrives, or is no longer waited for. */
    void answered(Answer answer) {
        Fiber<Answer> fiber = exchange;
        if (fiber == null) {
            return;
        }
        journal.add(Step.answer(clock.millis(), answer));
        if (answer.coverage() != null) {
            view.read(answer.coverage());
        }
        if (answer.outcome() != null) {
            settle(answer.outcome());
        }
        heard(answer);
        fiber.resume(answer);
        finish(fiber);
        check();
    }

    /** Takes note of what is to be given back. */
    private void heard(Answer answer) {
        if (answer.problem() == ProblemCode.RESTORED) {
            Model.DOCUMENTS.forEach(document -> view.read(document).stream()
                    .filter(happening -> happening.lostAt >= 0)
                    .forEach(view.kept::add));
            owed.clear();
            view.kept.stream().filter(happening -> happening.lost).forEach(owed::add);
        } else if (answer.problem() == ProblemCode.RESYNC) {
            Model.DOCUMENTS.forEach(this::replace);
            owed.clear();
            view.kept.clear();
        }
    }

    /** Takes note of what a snapshot replaces: where some of it is lost, what is pending may have given way to it already. */
    private void replace(DocumentId document) {
        List<Happening> read = view.read(document);
        replaced.addAll(read);
        boolean overLost = read.stream().anyMatch(happening -> happening.lost);
        view.own.stream()
                .filter(happening -> happening.document.equals(document) && happening.accepted == Happening.NEVER)
                .forEach(happening -> happening.doubtful |= overLost);
    }

    private void settle(PushOutcome outcome) {
        if (outcome.nonce().equals(settled)) {
            return;
        }
        Set<DocumentId> accepted = history.answered(outcome);
        if (!offers.settle(outcome)) {
            return; // it is the twin's
        }
        settled = outcome.nonce();
        Set<DocumentId> rejected = refused(outcome, accepted);
        owed.removeIf(happening -> rejected.contains(happening.document));
        view.kept.removeIf(happening -> rejected.contains(happening.document));
        for (Happening happening : view.own) {
            if (rejected.contains(happening.document) && happening.accepted == Happening.NEVER) {
                happening.withdrawn = true;
                schedule.note(() -> name + " takes back " + happening);
            }
        }
    }

    /** The documents whose edits are taken back: what is refused as from the future goes once more, with other stamps (P-28). */
    private Set<DocumentId> refused(PushOutcome outcome, Set<DocumentId> accepted) {
        corrected.removeAll(accepted);
        Set<DocumentId> refused = new HashSet<>();
        for (Rejection rejection : outcome.rejected()) {
            boolean goesAgain = rejection.code() == RejectionCode.STAMP_FROM_FUTURE && corrected.add(rejection.id());
            if (!goesAgain) {
                corrected.remove(rejection.id());
                refused.add(rejection.id());
            }
        }
        return refused;
    }

    /** What it shows is what those must see who have seen the same. */
    void check() {
        if (suspect) {
            return;
        }
        for (DocumentId document : Model.DOCUMENTS.stream().filter(view::isSure).toList()) {
            List<Happening> seen = view.seen(document);
            String fault = new Oracle(Model.byLatestWriter(document), seen).fault(show(document));
            if (fault != null) {
                history.faults.add(name + " shows " + document + " wrongly: " + fault + "; it has seen "
                        + seen.stream().map(happening -> "\n    " + happening).toList());
            }
        }
    }

    /** Everything it did is settled; what was neither accepted nor refused is lost. */
    void checkSettled() {
        if (client.pending() > 0) {
            history.faults.add(name + " does not come to an end: " + client.pending() + " documents are pending");
        }
        for (Happening happening : owed) {
            boolean anybodys = happening.isDeletion(); // somebody else may have made the same, and given it back
            if (happening.lost && !happening.forgotten && !suspect && !anybodys) {
                history.faults.add(name + " had read what the server lost, and has not given it back: " + happening);
            }
        }
        for (Happening happening : view.own) {
            boolean settled = happening.accepted != Happening.NEVER || happening.withdrawn || happening.forgotten;
            if (!settled
                    && !happening.doubtful
                    && !happening.isDeletion()) { // somebody else may have made the same deletion
                history.faults.add(name + " has lost " + happening);
            }
        }
    }

    // What happens to the device

    /** Nobody waits for the answer any more. */
    void abandon() {
        if (exchange != null) {
            Fiber<Answer> fiber = exchange;
            journal.add(Step.answer(clock.millis(), Answer.NONE));
            exchange = null;
            fiber.resume(Answer.NONE);
        }
    }

    /** A new client takes the place of the old one, whose pending edits are lost. */
    void startAnew() {
        schedule.note(() -> name + " starts anew");
        abandon();
        view.own.forEach(Happening::abandon);
        owed.clear();
        replaced.clear();
        journal.clear();
        wire = new Wire(bug);
        view = new View(history);
        offers = new Offers();
        settled = null;
        corrected.clear();
        suspect = false;
        reseed();
        client = open();
        known = client.replica();
    }

    /** The process ends and begins anew, with what it had. */
    void restart() {
        schedule.note(() -> name + " restarts");
        abandon();
        become(List.copyOf(journal));
    }

    /** The device is put back to an older copy of itself. */
    void putBack() {
        abandon();
        int steps = 1 + schedule.pick(journal.size());
        schedule.note(() -> name + " is put back by " + (journal.size() - steps) + " steps");
        List<Step> kept = List.copyOf(journal.subList(0, steps));
        journal.subList(steps, journal.size()).forEach(step -> {
            if (step.happening != null) {
                step.happening.abandon();
            }
        });
        become(kept);
        view.own.forEach(happening -> happening.copied += offers.isSettled(happening) ? 0 : 1);
        suspect = true;
    }

    /** Becomes a copy of another device. */
    void copy(Participant other) {
        become(List.copyOf(other.journal));
        view.own.forEach(happening -> {
            happening.copies++;
            happening.copied += offers.isSettled(happening) ? 0 : 1;
        });
        suspect = true;
        other.suspect = true;
    }

    private void become(List<Step> steps) {
        journal.clear();
        journal.addAll(steps);
        view = new View(history);
        offers = new Offers();
        owed.clear();
        replaced.clear();
        settled = null;
        corrected.clear();
        Replay again = new Replay(steps);
        replay = again;
        chance = new Random(requireNonNull(requireNonNull(again.step()).seed));
        client = open();
        known = client.replica();
        for (Step step = again.step(); step != null; step = again.step()) {
            if (step.seed != null) {
                chance = new Random(step.seed);
            } else if (step.plan != null) {
                perform(step.plan);
            } else {
                exchange();
            }
        }
        replay = null;
        steps.forEach(this::recall);
        if (again.brokenOff) {
            journal.add(Step.answer(clock.millis(), Answer.NONE));
        }
        reseed();
    }

    private void recall(Step step) {
        if (step.happening != null) {
            view.own.add(step.happening);
        }
        Answer answer = step.answer;
        if (answer == null) {
            return;
        }
        if (answer.coverage() != null) {
            view.read(answer.coverage());
        }
        PushOutcome outcome = answer.outcome();
        if (outcome != null && !outcome.nonce().equals(settled) && offers.knows(outcome)) {
            settled = outcome.nonce();
            refused(outcome, history.answered(outcome));
        }
        heard(answer);
    }
}
