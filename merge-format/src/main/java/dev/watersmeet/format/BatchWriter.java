package dev.watersmeet.format;

import dev.watersmeet.crdt.Cell;
import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.crdt.Path;
import dev.watersmeet.crdt.ReplicaId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers documents and writes them as a batch (M-28 to M-34). The same documents in the same order give the same bytes, in whatever order their states hold the cells. Not thread-safe, and of use
 * once.
 */
final class BatchWriter {
    private final BatchDictionary<String> collections = new BatchDictionary<>();
    private final BatchDictionary<String> paths = new BatchDictionary<>();
    private final BatchDictionary<ReplicaId> replicas = new BatchDictionary<>();
    private final Map<Path, BatchRow.Place> places = new HashMap<>();
    private final ImpliedExistences existences = new ImpliedExistences();
    private final List<Gathered> documents = new ArrayList<>();

    /** A document while the places of the dictionaries' entries are not known. */
    private record Gathered(BatchDictionary.Entry<String> collection, String id, int flags, List<BatchRow> rows) {}

    /**
     * Adds a document.
     *
     * @param marks what of its flags the cells do not tell: {@link BatchReader#WHOLE}, {@link BatchReader#COMPLETE}
     */
    void add(DocumentCells document, int marks) {
        existences.look(document.cells());
        List<BatchRow> rows = new ArrayList<>(document.cells().size());
        document.cells().forEach((path, cell) -> {
            if (!existences.implied(path, cell)) {
                rows.add(row(path, cell));
            }
        });
        int flags = marks | (existences.bare() ? BatchReader.BARE : 0);
        documents.add(new Gathered(
                collections.add(document.id().collection()), document.id().id().text(), flags, rows));
    }

    private BatchRow row(Path path, Cell cell) {
        JsonOutput.requireTravels(path);
        BatchRow.Place place = places.computeIfAbsent(
                path,
                added -> new BatchRow.Place(
                        paths.add(BatchPaths.entry(added)), added.hasReplica() ? replicas.add(added.replica()) : null));
        return new BatchRow(place, cell, replicas.add(cell.stamp().replica()));
    }

    boolean isEmpty() {
        return documents.isEmpty();
    }

    /** Writes the batch. */
    void writeTo(ColumnWriter out) {
        BatchColumns columns = new BatchColumns();
        collections.ordered().forEach(columns::collection);
        replicas.ordered().forEach(columns::replica);
        paths.ordered().forEach(columns::path);
        for (Gathered document : documents) {
            columns.document(document.flags, document.collection.index(), document.id, document.rows.size());
            document.rows.sort(BatchRow.ORDER);
            int lastPath = 0;
            for (BatchRow row : document.rows) {
                columns.cell(row, row.place().entry().index() - lastPath);
                lastPath = row.place().entry().index();
            }
        }
        columns.writeTo(out);
    }
}
