package dev.watersmeet.store.tck;

import dev.watersmeet.crdt.DocumentCells;
import dev.watersmeet.store.Changes;
import dev.watersmeet.store.Cursor;
import dev.watersmeet.store.Scan;
import dev.watersmeet.store.SpaceId;
import dev.watersmeet.store.Store;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store that fills its pages until they have enough cells, however large these are. */
final class BoundedByCellsOnly extends Handle {
    BoundedByCellsOnly(Store data) {
        super(data);
    }

    @Override
    public Changes changes(SpaceId space, Cursor after, int limit) {
        List<DocumentCells> documents = new ArrayList<>();
        Changes part = super.changes(space, after, limit);
        documents.addAll(part.documents());
        while (part.more() && cells(documents) < limit) {
            part = super.changes(space, part.cursor(), limit);
            documents.addAll(part.documents());
        }
        return Changes.written(documents, part.cursor(), part.more());
    }

    @Override
    public Scan scan(SpaceId space, @Nullable Cursor position, int limit) {
        List<DocumentCells> documents = new ArrayList<>();
        Scan part = super.scan(space, position, limit);
        documents.addAll(part.documents());
        while (part.position() != null && cells(documents) < limit) {
            part = super.scan(space, part.position(), limit);
            documents.addAll(part.documents());
        }
        return new Scan(documents, part.position());
    }

    private static int cells(List<DocumentCells> documents) {
        return documents.stream().mapToInt(document -> document.cells().size()).sum();
    }
}
