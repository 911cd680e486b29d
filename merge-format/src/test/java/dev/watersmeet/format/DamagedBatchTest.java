package dev.watersmeet.format;

import static dev.watersmeet.format.MessageForm.BATCH;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Whatever bytes come, they are read or refused: nothing else happens, and nothing is read that is not in its one form. */
class DamagedBatchTest {
    private static final int TRIES = 1_000;

    @Property(tries = TRIES)
    void aDamagedPageIsRefusedOrRead(
            @ForAll("pages") Page page, @ForAll("damages") List<Tuple2<Integer, Byte>> damages) {
        byte[] bytes = damaged(MergeFormat.writePage(page, BATCH), damages);
        refusedOr(() -> MergeFormat.readPage(bytes, BATCH)).ifPresent(read -> {
            byte[] again = MergeFormat.writePage(read, BATCH);
            assertThat(MergeFormat.readPage(again, BATCH)).isEqualTo(read);
        });
    }

    @Property(tries = TRIES)
    void aDamagedRequestIsRefusedOrIsAnotherInItsOneForm(
            @ForAll("requests") SyncRequest request, @ForAll("damages") List<Tuple2<Integer, Byte>> damages) {
        byte[] bytes = damaged(MergeFormat.writeSyncRequest(request, BATCH), damages);
        refusedOr(() -> MergeFormat.readSyncRequest(bytes, BATCH))
                .filter(DamagedBatchTest::canBeWritten)
                .ifPresent(read -> assertThat(batch(MergeFormat.writeSyncRequest(read, BATCH)))
                        .isEqualTo(batch(bytes)));
    }

    /** Whether there are documents, and nothing is lost of them. Pages lose what is whole, so requests are written again. */
    private static boolean canBeWritten(SyncRequest request) {
        Push push = request.push();
        return push != null
                && !push.documents().isEmpty()
                && push.documents().stream().allMatch(PushedDocument.Readable.class::isInstance);
    }

    @Property(tries = TRIES)
    void anyBytesAreRefusedOrRead(@ForAll byte[] bytes) {
        refusedOr(() -> MergeFormat.readPage(bytes, BATCH));
        refusedOr(() -> MergeFormat.readSyncRequest(bytes, BATCH));
        refusedOr(() -> MergeFormat.readSyncAnswer(bytes, BATCH));
        refusedOr(() -> MergeFormat.readSnapshotPage(bytes, BATCH));
    }

    private static <T> Optional<T> refusedOr(Supplier<T> read) {
        try {
            return Optional.of(read.get());
        } catch (ProblemException e) {
            assertThat(e.problem().code().retry()).isEqualTo(ProblemCode.Retry.NEVER);
            return Optional.empty();
        }
    }

    private static byte[] damaged(byte[] bytes, List<Tuple2<Integer, Byte>> damages) {
        damages.forEach(damage -> bytes[damage.get1() % bytes.length] = damage.get2());
        return bytes;
    }

    /** What follows the envelope, which is JSON and has many forms. */
    private static String batch(byte[] message) {
        ColumnReader input = ColumnReader.of(message, "message");
        input.octet();
        input.text();
        StringBuilder rest = new StringBuilder();
        while (!input.atEnd()) {
            rest.append(input.octet()).append(' ');
        }
        return rest.toString();
    }

    @Provide
    Arbitrary<List<Tuple2<Integer, Byte>>> damages() {
        Arbitrary<Integer> places = Arbitraries.integers().between(0, 1 << 20);
        return places.flatMap(place -> Arbitraries.bytes().map(value -> Tuple.of(place, value)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<Page> pages() {
        return Messages.pages();
    }

    @Provide
    Arbitrary<SyncRequest> requests() {
        return Messages.requests();
    }
}
