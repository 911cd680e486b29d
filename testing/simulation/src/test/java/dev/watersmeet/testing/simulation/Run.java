package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run: some devices and servers work for a while, and all kinds of things go wrong; then all is mended, and in the end everybody has to agree. */
final class Run {
    private static final long WORK_MILLIS = 45_000;
    private static final long TIMEOUT_MILLIS = 5_000;
    private static final int MAX_ROUNDS = 30;

    final History history;
    private final Schedule schedule;
    private final Weather weather;
    private final PlantedBug bug;
    private final SharedStore store;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Participant> participants = new ArrayList<>();
    private final List<Integer> busy = new ArrayList<>();
    private boolean mended;
    private int plans;
    private int devices;

    private Run(long seed, PlantedBug bug, boolean tracing) {
        this.schedule = new Schedule(seed, tracing);
        this.weather = Weather.any(schedule);
        this.history = new History(schedule, weather.wrongClocks());
        this.bug = bug;
        this.store = new SharedStore(schedule, history, 1 + schedule.pick(30));
    }

    /**
     * What came of a run.
     *
     * @param faults what was wrong, the first one first
     */
    record Result(List<String> faults, List<String> trace, int happenings, int writes) {}

    static Result of(long seed, PlantedBug bug, boolean tracing) {
        Run run = new Run(seed, bug, tracing);
        try {
            run.work();
            run.mend();
            run.agree();
        } catch (RuntimeException e) {
            run.history.faults.add("it failed: " + e + (e.getCause() == null ? "" : ", " + e.getCause()));
            if (tracing) {
                e.printStackTrace();
            }
        }
        run.participants.forEach(Participant::abandon);
        return new Result(
                run.history.faults, run.schedule.trace(), run.history.happenings.size(), run.history.writes());
    }

    private boolean isFaulty() {
        return !history.faults.isEmpty();
    }

    private void work() {
        schedule.note(weather::toString);
        for (int i = 0; i < weather.nodes(); i++) {
            addNode(i);
        }
        for (int i = 0; i < weather.devices(); i++) {
            addDevice();
        }
        Troubles.plan(this, schedule, weather, WORK_MILLIS);
        long end = schedule.now() + WORK_MILLIS;
        for (long time = schedule.now(); time < end && !isFaulty(); time += 1000) {
            schedule.runUntil(time);
        }
    }

    private void addNode(int number) {
        SimulatedClock clock = new SimulatedClock(schedule);
        if (weather.wrongClocks()) {
            clock.jump(schedule.pick(20_000) - 10_000);
            clock.drift(schedule.pick(10) - 5);
        }
        NodeStore.Faults faults = new NodeStore.Faults() {
            @Override
            public void pause() {
                if (!mended && busy.size() <= nodes.size() && schedule.chance(weather.interruptions())) {
                    schedule.interrupt(busy);
                }
            }

            @Override
            public boolean dies() {
                return !mended && schedule.chance(weather.deaths());
            }

            @Override
            public boolean fails() {
                return !mended && schedule.chance(weather.failures());
            }
        };
        nodes.add(new Node(number, schedule, clock, bug.store(store, faults), bug));
    }

    Participant addDevice() {
        int number = ++devices;
        SimulatedClock clock = new SimulatedClock(schedule);
        if (weather.wrongClocks()) {
            clock.jump(schedule.pick(80_000) - 40_000);
            clock.drift(schedule.pick(100) - 50);
        }
        String name = "device " + number;
        Participant participant = new Participant(name, "somebody", schedule, clock, history, this::send, bug);
        participants.add(participant);
        schedule.after(schedule.delay(0, 500), () -> live(participant));
        return participant;
    }

    /** Edits, exchanges, and goes on with that. */
    private void live(Participant participant) {
        if (mended || !participants.contains(participant)) {
            return;
        }
        if (schedule.chance(0.55)) {
            int edits = 1 + (schedule.chance(0.3) ? schedule.pick(3) : 0);
            for (int i = 0; i < edits; i++) {
                participant.edit(plan());
            }
        } else {
            participant.sync();
        }
        schedule.after(schedule.delay(10, 1500), () -> live(participant));
    }

    Plan plan() {
        return Plan.any(schedule, ++plans);
    }

    List<Participant> participants() {
        return participants;
    }

    List<Node> nodes() {
        return nodes;
    }

    PlantedBug bug() {
        return bug;
    }

    SharedStore store() {
        return store;
    }

    boolean isMended() {
        return mended;
    }

    // The network

    /** A request that somebody waits for. */
    private static final class Call {
        private final Participant caller;
        private final int exchange;
        private boolean open = true;

        Call(Participant caller) {
            this.caller = caller;
            this.exchange = caller.exchangeNumber();
        }
    }

    private void send(Participant caller, Request request) {
        Call call = new Call(caller);
        Node node = schedule.pick(nodes);
        if (!lost(caller)) {
            deliver(call, request, node, delay());
            if (!mended && schedule.chance(weather.duplicates())) {
                deliver(call, request, node, delay() + schedule.delay(0, 4000));
            }
        }
        schedule.after(TIMEOUT_MILLIS, () -> close(call, Answer.NONE));
    }

    private boolean lost(Participant participant) {
        return !mended && (participant.cutOff || schedule.chance(weather.losses()));
    }

    private long delay() {
        return mended ? 10 : schedule.delay(5, schedule.chance(weather.delays()) ? 5000 : 50);
    }

    private void deliver(Call call, Request request, Node node, long delay) {
        schedule.at(node.number, delay, () -> {
            Answer answer = atNode(node, () -> node.handle(request));
            schedule.note(
                    () -> "node " + node.number + " answers " + call.caller.name + ": " + request + " with " + answer);
            if (answer != null && !lost(call.caller)) {
                schedule.after(delay(), () -> close(call, answer));
            }
        });
    }

    /** Does something at a server, which is then in the middle of it, and mends the server if it dies. */
    <T extends @Nullable Object> T atNode(Node node, Supplier<T> action) {
        busy.add(node.number);
        try {
            return action.get();
        } finally {
            busy.remove((Object) node.number);
            if (!node.isUp()) {
                schedule.after(schedule.delay(100, 2000), () -> {
                    if (!node.isUp()) {
                        node.begin();
                    }
                });
            }
        }
    }

    private void close(Call call, Answer answer) {
        if (call.open && call.exchange == call.caller.exchangeNumber()) {
            call.open = false;
            call.caller.answered(answer);
        }
    }

    // The end

    private void mend() {
        if (isFaulty()) {
            return;
        }
        schedule.note(() -> "all is mended");
        mended = true;
        nodes.forEach(node -> node.clock.repair());
        nodes.stream().filter(node -> !node.isUp()).forEach(Node::begin);
        participants.forEach(participant -> {
            participant.clock.repair();
            participant.cutOff = false;
        });
        schedule.runUntil(schedule.now() + 4 * TIMEOUT_MILLIS);
    }

    private void agree() {
        for (int round = 0; round < MAX_ROUNDS && !isFaulty(); round++) {
            boolean settled = true;
            for (Participant participant : List.copyOf(participants)) {
                participant.sync();
                while (participant.isBusy() && schedule.runNext()) {
                    // until it has all its answers
                }
                settled &= participant.pending() == 0;
            }
            if (settled && round > 3) {
                break;
            }
        }
        if (isFaulty()) {
            return;
        }
        participants.forEach(participant -> {
            participant.checkSettled();
            participant.suspect = false;
            participant.check();
        });
        Model.DOCUMENTS.forEach(this::compare);
    }

    private void compare(DocumentId document) {
        Node node = nodes.get(0);
        Optional<Value> shown = node.show(document);
        for (Participant participant : participants) {
            if (!participant.show(document).equals(shown)) {
                history.faults.add("in the end " + participant.name + " shows " + document + " as "
                        + participant.show(document) + ", and the server as " + shown);
            }
        }
        List<Happening> seen = history.seen(document, history.writes(), happening -> happening.acknowledged);
        String fault = new Oracle(Model.byLatestWriter(document), seen).fault(shown);
        if (fault != null) {
            history.faults.add("in the end " + document + " is wrong: " + fault + "; there were "
                    + seen.stream().map(happening -> "\n    " + happening).toList());
        }
    }
}
