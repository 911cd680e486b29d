package dev.watersmeet.store.geode;

import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import dev.watersmeet.store.Subscription;
import dev.watersmeet.testing.forked.ForkedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** Processes that hear of each other's changes from Geode: most of them do not look themselves. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NoticesTest {
    private static final String REGIONS = "told";
    private static final String NEVER = "3600000";

    @TempDir
    Path folder;

    private NodeProcess writer;
    private NodeProcess listener;

    @BeforeEach
    void start() throws IOException {
        writer = node(NEVER, Map.of());
        listener = node(NEVER, Map.of("durable-client-id", "listener", "durable-client-timeout", "3"));
        writer.say("join space first", "joined");
        listener.say("watch space", "watching");
    }

    private NodeProcess node(String pollMillis, Map<String, String> properties) throws IOException {
        return new NodeProcess(folder, Cluster.cluster().locator(), REGIONS, pollMillis, properties);
    }

    @AfterEach
    void stop() {
        writer.close();
        listener.close();
    }

    private void assertHears(String document) throws IOException, InterruptedException {
        listener.drain();
        writer.say("join space " + document, "joined");
        listener.await("changed");
    }

    @Test
    void whatOneWritesTheOtherIsTold() throws Exception {
        assertHears("one");
        assertHears("two");
    }

    @Test
    void aListenerThatWasKilledListensAgainAndHoldsNobodyUp() throws Exception {
        listener.close();
        writer.say("join space meanwhile", "joined");
        listener = node(NEVER, Map.of("durable-client-id", "listener", "durable-client-timeout", "3"));
        listener.say("watch space", "watching");

        assertHears("again");
    }

    @Test
    void itIsToldThoughAServerDies() throws Exception {
        ForkedServer first = Cluster.cluster().servers().get(0);
        first.kill();
        assertHears("without-one");
        first.restart();
        assertHears("with-both");
    }

    /** Its queue was on the server that dies, and is not yet on the one that has just come. */
    @Test
    @EnabledIfEnvironmentVariable(named = "WATERSMEET_LONG", matches = ".+")
    void itHearsByLookingThoughTheOtherServerDiesSoonAfterOneHasCome() throws Exception {
        listener.close();
        listener = node("2000", Map.of());
        listener.say("watch space", "watching");
        ForkedServer first = Cluster.cluster().servers().get(0);
        ForkedServer second = Cluster.cluster().servers().get(1);
        first.kill();
        assertHears("without-the-first");
        first.restart();
        second.kill();
        assertHears("without-the-second");
        second.restart();
    }

    /** Who had the queues of this process is gone, and it has not found anybody else yet: asked to tell, Geode refuses. */
    @Test
    @EnabledIfEnvironmentVariable(named = "WATERSMEET_LONG", matches = ".+")
    @SuppressWarnings("try") // the subscription is held, not used
    void aStoreThatIsOpenedRightAfterAllOfGeodeHasComeBackIsToldSoonerOrLater() throws Exception {
        GeodeOptions options = GeodeOptions.defaults().withRegions(REGIONS);
        GeodeStore.open(Cluster.cache(), options).close();
        Cluster.cluster().restart();
        Semaphore calls = new Semaphore(0);
        SpaceId space = SpaceId.of("late");
        try (Store store = GeodeStore.open(
                        Cluster.cache(), options.withWaiting(options.waiting().withPoll(Duration.ofHours(1))));
                Subscription subscription = store.watch(space, calls::release)) {
            int heard = 0;
            for (int i = 0; heard < 5; i++) { // in a row: it is also called for what may have been missed
                calls.drainPermits();
                writer.say("join late " + i, "joined");
                heard = calls.tryAcquire(2, TimeUnit.SECONDS) ? heard + 1 : 0;
            }
        }
    }

    @Test
    void itIsToldAgainWhenAllOfGeodeHasComeBackWithoutItsQueue() throws Exception {
        assertHears("before");
        Cluster.cluster().restart();
        listener.await("changed");
        assertHears("after");
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "WATERSMEET_LONG", matches = ".+")
    void whatWasMissedWhileTheQueueExpiredIsLookedForWhenItIsBack() throws Exception {
        assertHears("before");
        listener.drain();
        listener.signal("STOP");
        writer.say("join space unheard", "joined");
        Thread.sleep(35_000); // Geode misses the client after 20 seconds, and keeps its queue for 3
        listener.signal("CONT");

        listener.await("changed");
        assertHears("after");
    }
}
