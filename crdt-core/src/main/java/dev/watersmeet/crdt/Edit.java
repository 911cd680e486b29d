package dev.watersmeet.crdt;

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

    void write(Path path, Cell cell) {
        cells.join(path, cell);
    }
}
