package dev.watersmeet.benchmarks;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.DocumentId;
import dev.watersmeet.crdt.DocumentState;
import dev.watersmeet.crdt.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ours: a state for each document. Each edit writes the document's existence, too, as the model asks for. */
final class CellDocuments implements ReplicatedMap {
    private static final Path[] FIELDS = new Path[Keys.FIELDS];

    static {
        for (int field = 0; field < Keys.FIELDS; field++) {
            FIELDS[field] = Path.register(Keys.field(field));
        }
    }

    private final Writer writer = new Writer();
    private final Path existence = Path.existence(writer.replica());
    private final Map<DocumentId, DocumentState> documents;
    private Map<DocumentId, DocumentState> delta = new HashMap<>();

    CellDocuments() {
        this(new HashMap<>());
    }

    private CellDocuments(Map<DocumentId, DocumentState> documents) {
        this.documents = documents;
    }

    private static DocumentId id(int key) {
        return DocumentId.of("todos", Integer.toString(key / Keys.FIELDS));
    }

    @Override
    public void write(int key, String value) {
        Cell cell = writer.cell(value);
        DocumentState state = delta.computeIfAbsent(id(key), absent -> DocumentState.empty());
        state.join(FIELDS[key % Keys.FIELDS], cell);
        state.join(existence, Cell.live(cell.stamp()));
    }

    @Override
    public List<DocumentCells> takeDelta() {
        List<DocumentCells> taken = new ArrayList<>(delta.size());
        delta.forEach((id, cells) -> taken.add(new DocumentCells(id, cells)));
        join(taken);
        delta = new HashMap<>();
        return taken;
    }

    @Override
    @SuppressWarnings("unchecked") // of this class, by contract
    public void mergeDelta(Object delta) {
        join((List<DocumentCells>) delta);
    }

    @Override
    public void merge(ReplicatedMap other) {
        ((CellDocuments) other).documents.forEach(this::join);
    }

    private void join(List<DocumentCells> delta) {
        for (DocumentCells document : delta) {
            join(document.id(), document.cells());
        }
    }

    private void join(DocumentId id, DocumentState cells) {
        documents.computeIfAbsent(id, absent -> DocumentState.empty()).join(cells);
    }

    @Override
    public ReplicatedMap copy() {
        Map<DocumentId, DocumentState> copies = new HashMap<>();
        documents.forEach((id, state) -> copies.put(id, state.copy()));
        return new CellDocuments(copies);
    }

    @Override
    public boolean holds(int key, String value) {
        DocumentState state = documents.get(id(key));
        return state != null && HashedMap.holds(state.get(FIELDS[key % Keys.FIELDS]), value);
    }

    @Override
    public int size() {
        return Math.toIntExact(documents.values().stream()
                .flatMap(state -> state.cells().keySet().stream())
                .filter(path -> !path.hasReplica())
                .count());
    }

    @Override
    public Object held() {
        return documents;
    }
}
