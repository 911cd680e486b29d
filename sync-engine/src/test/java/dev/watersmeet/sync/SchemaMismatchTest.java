package dev.watersmeet.sync;

import static dev.watersmeet.sync.ServerUnderTest.ADA;
import static dev.watersmeet.sync.ServerUnderTest.NOW;
import static dev.watersmeet.sync.ServerUnderTest.SPACE;
import static dev.watersmeet.sync.ServerUnderTest.edit;
import static dev.watersmeet.sync.ServerUnderTest.id;
import static dev.watersmeet.sync.ServerUnderTest.pushed;
import static dev.watersmeet.sync.ServerUnderTest.stamp;
import static dev.watersmeet.sync.ServerUnderTest.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.CollectionSchema;
import dev.watersmeet.crdt.DeletionPolicy;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.FieldType;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.Value;
import dev.watersmeet.format.ProblemCode;
import dev.watersmeet.format.PushedDocument;
import dev.watersmeet.format.Rejection;
import dev.watersmeet.format.RejectionCode;
import dev.watersmeet.format.SyncRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Cells that the schema of the server does not read (P-25). */
class SchemaMismatchTest {
    private static final CollectionSchema TYPES = new CollectionSchema(
            Map.of(
                    "text", FieldType.REGISTER,
                    "tags", FieldType.SET,
                    "votes", FieldType.COUNTER,
                    "owner", FieldType.MULTI,
                    "place", FieldType.MAP,
                    "done", FieldType.FLAG),
            DeletionPolicy.ADD_WINS,
            Set.of("draft"));

    private final ServerUnderTest server = new ServerUnderTest(builder -> builder.collection("todos", TYPES));
    private final Pusher ada = new Pusher(server, ADA, 1);
    private final Stamp now = stamp(NOW, ada.id);

    /** A live cell of each type at a field. */
    private Map<String, DocumentState> cells(String field) {
        return Map.of(
                "register", edit(now, field, 1),
                "set", with(Path.element(field, Value.of("a"), ada.id), Cell.live(now)),
                "counter", with(Path.counter(field, now), Cell.live(now, Value.of(1))),
                "multi", with(Path.multi(field, Value.of("a"), ada.id), Cell.live(now)),
                "map", with(Path.leaf(field, List.of("sub")), Cell.live(now, Value.of(1))),
                "flag", with(Path.element(field, Value.of(true), ada.id), Cell.live(now)));
    }

    private DocumentState with(Path path, Cell cell) {
        return DocumentState.of(Map.of(path, cell, Path.existence(ada.id), Cell.live(now)));
    }

    private List<Rejection> push(PushedDocument... documents) {
        return ada.push(documents).rejected();
    }

    @Test
    @Tag("P-25")
    void aCellOfAnotherTypeThanTheDeclaredOneIsRefusedAndNamed() {
        TYPES.fields().forEach((field, type) -> cells(field).forEach((kind, cells) -> {
            List<Rejection> rejected = push(pushed(field + "-" + kind, cells), pushed("good", edit(now, "text", 1)));
            if (type.text().equals(kind) || Set.of(type.text(), kind).equals(Set.of("set", "flag"))) {
                assertThat(rejected).as(field + " as " + kind).isEmpty();
            } else {
                assertThat(rejected).singleElement().satisfies(rejection -> {
                    assertThat(rejection.id()).isEqualTo(id(field + "-" + kind));
                    assertThat(rejection.code()).isEqualTo(RejectionCode.SCHEMA_MISMATCH);
                    assertThat(rejection.detail()).contains(field, type.text(), kind.equals("flag") ? "set" : kind);
                });
                assertThat(server.stored(id(field + "-" + kind)).isEmpty()).isTrue();
            }
        }));
    }

    @Test
    @Tag("M-37")
    void aCellOfALocalFieldIsRefusedWhateverItsType() {
        cells("draft").forEach((kind, cells) -> assertThat(push(pushed(kind, cells)))
                .singleElement()
                .satisfies(rejection -> {
                    assertThat(rejection.code()).isEqualTo(RejectionCode.SCHEMA_MISMATCH);
                    assertThat(rejection.detail()).contains("draft", "local");
                }));
    }

    @Test
    @Tag("P-25")
    void fieldsThatAreNotDeclaredTakeEveryType() {
        cells("new")
                .forEach((kind, cells) ->
                        assertThat(push(pushed(kind, cells))).as(kind).isEmpty());
    }

    @Test
    @Tag("P-25")
    void removalsAndWholeUploadsMayBeOfAFormerType() {
        DocumentState removal = with(Path.register("tags"), Cell.removed(now));
        assertThat(push(pushed("1", removal))).isEmpty();
        assertThat(push(whole("2", edit(now, "tags", 1)))).isEmpty();
    }

    @Test
    @Tag("P-25")
    void answersBearTheFingerprintAndWhoMayReadGetsTheSchema() {
        String fingerprint = server.engine.schema().fingerprint();
        assertThat(server.engine
                        .sync(ADA, SPACE, new SyncRequest(ada.id, null, false, null))
                        .schema())
                .isEqualTo(fingerprint);
        assertThat(server.engine.snapshot(ADA, SPACE, ada.id, null).schema()).isEqualTo(fingerprint);
        assertThat(server.engine.schema(ADA, SPACE).collection("todos")).isEqualTo(TYPES);
        Principal nobody = new Principal("nobody", Grants.of(Map.of()));
        assertThat(ServerUnderTest.problem(() -> server.engine.schema(nobody, SPACE))
                        .code())
                .isEqualTo(ProblemCode.FORBIDDEN);
    }
}
