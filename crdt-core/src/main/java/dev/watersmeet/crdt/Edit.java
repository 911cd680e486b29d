package dev.watersmeet.crdt;

import java.util.Map;

/**
 * The cells of one edit while they are collected.
 *
 * @param stamp the edit's stamp; its replica is the writer
 * @param cells what the edit writes so far
 */
record Edit(Stamp stamp, DocumentState cells) {
    static Edit of(Stamp stamp) {
        return new Edit(stamp, DocumentState.empty());
    }

    ReplicaId writer() {
        return stamp.replica();
    }

    /**
     * Adds a cell.
     *
     * @throws MalformedException if its value, or the element in its path, is against M-6: what is put is a record, whose members nest as deep as they like
     */
    void write(Path path, Cell cell) {
        if (cell.value() != null) {
            cell.value().checkBounds();
        } else if (path.kind() == Kind.SET || path.kind() == Kind.MULTI) {
            path.element().checkBounds();
        }
        cells.join(path, cell);
    }

    /** Removes what is live at paths that any replica writes: by this edit, against whatever stood there before. */
    void overwrite(Map<Path, Cell> standing) {
        standing.forEach((path, cell) -> {
            if (!cell.removed()) {
                write(path, Cell.removed(stamp));
            }
        });
    }

    /** Removes what is live at paths that one replica writes: only what was observed, by its own stamp. */
    void undo(Map<Path, Cell> standing) {
        standing.forEach((path, cell) -> {
            if (!cell.removed()) {
                write(path, Cell.removed(cell.stamp()));
            }
        });
    }
}
