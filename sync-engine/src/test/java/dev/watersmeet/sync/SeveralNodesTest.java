package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.ADA;
import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.edit;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static dev.watersmeet.sync.ServerUnderTest.problem;
import static dev.watersmeet.sync.ServerUnderTest.pushed;
import static dev.watersmeet.sync.ServerUnderTest.stamp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.format.Problem;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.Push;
import dev.watersmeet.format.PushOutcome;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.SyncRequest;
import dev.watersmeet.store.Mark;
import dev.watersmeet.store.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A node that pauses between its checks of a push and the join, while another node of the same store takes pushes of that replica (S-24). */
class SeveralNodesTest {
    private final ServerUnderTest server = new ServerUnderTest();
    private final Pusher ada = new Pusher(server, ADA, 1);
    private Runnable pause = () -> {};
    private final SyncEngine slow = SyncEngine.on(pausing(server.store))
            .access(Access.writeEverywhere())
            .node("slow")
            .time(server.millis::get)
            .open();

    /** A store that does something once before it joins. */
    private Store pausing(Store store) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("join")) {
                        Runnable once = pause;
                        pause = () -> {};
                        once.run();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private PushedDocument title(String id) {
        return pushed(id, edit(stamp(NOW, ada.id), "title", id));
    }

    private PushOutcome sendToTheSlowNode(Push push) {
        SyncRequest request = new SyncRequest(ada.id, server.head(), false, push);
        return Objects.requireNonNull(slow.sync(ADA, SPACE, request).push());
    }

    @Test
    void aPushThatAnotherNodeHasTakenMeanwhileIsAnsweredFromItsRecord() {
        ada.push(title("before"));
        Push push = ada.next(title("once"));
        pause = () -> ada.push(title("once"));

        assertThat(sendToTheSlowNode(push)).isEqualTo(new PushOutcome(2, push.nonce(), List.of()));

        assertThat(server.stored(id("once"))).isNotEqualTo(DocumentState.empty());
    }

    @Test
    void aLateNodeDoesNotSetThePushesBack() {
        ada.push(title("before"));
        Push push = ada.next(title("second"));
        pause = () -> {
            ada.push(title("second"));
            ada.push(title("third"));
        };

        Problem problem = problem(() -> sendToTheSlowNode(push));

        assertThat(problem.code()).isEqualTo(ProblemCode.PUSH_OUT_OF_ORDER);
        assertThat(problem.last()).isEqualTo(new PushOutcome(3, Pusher.nonce(3), List.of()));
        assertThat(server.store.mark(SPACE, ada.id).map(Mark::number)).contains(3L);
    }

    @Test
    void aTwinWhoComesByAnotherNodeIsAClone() {
        Push push = ada.next(title("twin"));
        pause = () -> ada.push(title("first"));
        Push twin = new Push(1, Pusher.nonce(77), null, push.documents());

        assertThat(problem(() -> sendToTheSlowNode(twin)).code()).isEqualTo(ProblemCode.REPLICA_CLONED);

        assertThat(server.stored(id("twin"))).isEqualTo(DocumentState.empty());
    }
}
