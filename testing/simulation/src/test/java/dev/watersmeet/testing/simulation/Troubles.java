package dev.watersmeet.testing.simulation;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.MessageForm;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SyncRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What goes wrong in a run, besides what the network does: when it happens is settled when the run begins. */
final class Troubles {
    private static final int MAX_DEVICES = 7;

    private final Run run;
    private final Schedule schedule;
    private final long span;

    private Troubles(Run run, Schedule schedule, long span) {
        this.run = run;
        this.schedule = schedule;
        this.span = span;
    }

    static void plan(Run run, Schedule schedule, Weather weather, long span) {
        Troubles troubles = new Troubles(run, schedule, span);
        troubles.some(weather.purges(), Schedule.NOWHERE, troubles::purge);
        troubles.some(weather.restores(), Schedule.ALONE, troubles::backUp);
        troubles.some(weather.twins(), Schedule.ALONE, troubles::twin);
        troubles.some(weather.restarts(), Schedule.ALONE, troubles::restart);
        troubles.some(schedule.pick(5), Schedule.ALONE, troubles::cutOff);
        troubles.some(schedule.pick(3), Schedule.ALONE, troubles::killServer);
        troubles.some(weather.wrongClocks() ? 1 + schedule.pick(6) : 0, Schedule.NOWHERE, troubles::jump);
        int serverEdits = schedule.pick(12);
        for (Node node : run.nodes()) {
            troubles.some(weather.forgeries(), node.number, () -> troubles.forge(node));
            troubles.some(serverEdits, node.number, () -> troubles.edit(node));
        }
    }

    private void some(int times, int server, Runnable trouble) {
        for (int i = 0; i < times; i++) {
            schedule.at(server, schedule.pick((int) span), () -> {
                if (!run.isMended()) {
                    trouble.run();
                }
            });
        }
    }

    private Participant anyone() {
        return schedule.pick(run.participants());
    }

    private void purge() {
        run.store().purge(schedule.now() + 1 - (schedule.chance(0.5) ? 0 : schedule.delay(0, 5000)));
    }

    private void backUp() {
        int size = run.store().size();
        schedule.note(() -> "a backup is made of " + size + " steps");
        schedule.after(schedule.delay(1000, 10_000), () -> {
            if (!run.isMended()) {
                run.nodes().stream().filter(Node::isUp).forEach(Node::die);
                run.store().restore(size, run.bug() != PlantedBug.EPOCH_KEPT);
                run.nodes().forEach(Node::begin);
            }
        });
    }

    private void twin() {
        Participant original = anyone();
        if (schedule.chance(0.4) || run.participants().size() >= MAX_DEVICES) {
            original.putBack();
        } else {
            Participant twin = run.addDevice();
            schedule.note(() -> twin.name + " is a copy of " + original.name);
            twin.copy(original);
        }
    }

    private void restart() {
        Participant device = anyone();
        if (schedule.chance(0.6)) {
            device.restart();
        } else if (schedule.chance(0.5)) {
            device.startAnew();
        } else if (run.participants().size() < MAX_DEVICES) {
            run.addDevice();
        }
    }

    private void cutOff() {
        Participant device = anyone();
        schedule.note(() -> device.name + " is cut off");
        device.cutOff = true;
        schedule.after(schedule.delay(1000, 15_000), () -> device.cutOff = false);
    }

    private void killServer() {
        Node node = schedule.pick(run.nodes());
        run.atNode(node, () -> {
            if (node.isUp()) {
                node.die();
                if (run.bug() == PlantedBug.ACKNOWLEDGED_BEFORE_SYNC) {
                    run.store().lose(schedule.pick(4));
                }
            }
            return node;
        });
    }

    private void jump() {
        List<Long> jumps = List.of(-30_000L, -5_000L, -500L, 2_000L, 25_000L, 45_000L, 300_000L);
        long millis = schedule.pick(jumps);
        if (schedule.chance(0.2)) {
            Node node = schedule.pick(run.nodes());
            schedule.note(() -> "the clock of node " + node.number + " jumps by " + millis + " ms");
            node.clock.jump(Math.min(millis, 30_000) / 3);
        } else {
            Participant device = anyone();
            schedule.note(() -> "the clock of " + device.name + " jumps by " + millis + " ms");
            device.clock.jump(millis);
        }
    }

    /** Somebody pushes an edit that looks like another one's. */
    private void forge(Node node) {
        ReplicaId forger = new ReplicaId(schedule.random.nextLong());
        ReplicaId victim = anyone().replica();
        Stamp stamp = Stamp.of(schedule.now() + 1000, 0, victim);
        DocumentState cells = DocumentState.of(Map.of(
                Path.register(Model.TITLE), Cell.live(stamp, Value.of("forged")),
                Path.existence(victim), Cell.live(stamp),
                Path.existence(forger), Cell.live(Stamp.of(schedule.now() + 1001, 0, forger))));
        PushedDocument document =
                new PushedDocument.Readable(new DocumentCells(schedule.pick(Model.DOCUMENTS), cells), false);
        Push push = new Push(1, stamp.toString(), null, List.of(document));
        SyncRequest message = new SyncRequest(forger, run.store().head().text(), false, push);
        Request request = new Request("forger", forger, message, null, MessageForm.JSON, new Wire(PlantedBug.NONE));
        @Nullable Answer answer = run.atNode(node, () -> node.handle(request));
        schedule.note(() -> "an edit of " + document.id() + " is forged: " + answer);
    }

    private void edit(Node node) {
        run.atNode(node, () -> {
            node.edit(run.plan());
            return node;
        });
    }
}
