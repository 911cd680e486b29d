package dev.watersmeet.store.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.watersmeet.crdt.Value;
import dev.watersmeet.store.SpaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A table in a workspace: rows on their way to files, the files, and the views that show them. Not thread-safe. */
final class Table<L extends TableLayout> {
    /** Each makes every query of the table longer. */
    private static final int MAX_FENCES = 100;
    /** How many times what it had it may grow before it is written anew without Drill. */
    private static final int GROWTH = 3;

    final L layout;
    final TableFiles files;
    final StringBuilder pending = new StringBuilder();
    private final Map<SpaceId, Long> fences = new HashMap<>();
    private final Map<String, String> shown = new HashMap<>();
    private long written;
    private boolean changed = true;
    private long pausedUntil;

    Table(L layout, TableFiles files) {
        this.layout = layout;
        this.files = files;
    }

    /** Takes what a {@linkplain #state state} tells of, which has to be done once and first. */
    void resume(Value state) throws IOException {
        files.resume(Json.member(state, "files"));
        Json.member(state, "fences")
                .members()
                .forEach((space, version) ->
                        fences.put(SpaceId.of(space), Long.parseLong(String.valueOf(version.tree()))));
        written = (long) Json.member(state, "written").number();
    }

    /** What has to be known to go on with the table. */
    Map<String, Object> state() {
        Map<String, String> versions = new HashMap<>();
        fences.forEach((space, version) -> versions.put(space.name(), String.valueOf(version)));
        return Map.of(
                "files", files.state(), "fences", versions, "layout", layout.state(), "written", (double) written);
    }

    /** Whether it has something to be written or shown. */
    boolean isChanged() {
        return changed || pending.length() > 0;
    }

    /** Lets rows of a space count only from a version on. */
    void fence(SpaceId space, long version) {
        if (files.fresh().isEmpty() && files.base() == null && pending.length() == 0) {
            return; // there is none
        }
        fences.put(space, version);
        changed = true;
    }

    Sources sources(String schema) {
        return new Sources(schema, files.base(), files.fresh(), fences);
    }

    /** The view first: with the rows a column may have to be read in another way. And afterwards, if it names files that were not there. */
    void publish(Path workspace, String schema, Disk disk) throws IOException {
        show(workspace, schema, disk);
        if (pending.length() > 0) {
            write();
            show(workspace, schema, disk);
        }
        changed = false;
    }

    /** Writes rows that no view shows yet. */
    void write() throws IOException {
        files.add(pending);
        pending.setLength(0);
    }

    private void show(Path workspace, String schema, Disk disk) throws IOException {
        Sources sources = sources(schema);
        if (sources.isEmpty()) {
            return; // Drill refuses empty folders
        }
        for (Map.Entry<String, String> view : layout.views(sources).entrySet()) {
            if (!view.getValue().equals(shown.get(view.getKey()))) {
                Path file = workspace.resolve(View.fileName(view.getKey()));
                if (!Files.exists(file) || !Files.readString(file).equals(view.getValue())) {
                    disk.replace(file, view.getValue().getBytes(UTF_8));
                }
                shown.put(view.getKey(), view.getValue());
            }
        }
    }

    /** Whether so much has come that queries get slow, and reading it once by Drill pays. */
    boolean isLong(long leastBytes) {
        Sources.Part base = files.base();
        return fences.size() > MAX_FENCES || files.freshBytes() > Math.max(leastBytes, base == null ? 0 : base.bytes());
    }

    /** Lets others be compacted first, for this one could not be. */
    void pauseUntil(long millis) {
        pausedUntil = millis;
    }

    boolean isPaused(long millis) {
        return millis < pausedUntil;
    }

    /** Whether it is so much more than when it was written last that it is written anew without Drill. */
    boolean isOutgrown(long leastBytes) {
        return fences.size() > MAX_FENCES || files.freshBytes() > leastBytes + GROWTH * written;
    }

    /** All has been written anew. */
    void complete() {
        written = files.freshBytes();
        changed = true;
    }

    /** Lets what was compacted take the place of what it was made from. */
    void replace(Sources compacted, Sources.Part part) {
        files.replace(compacted.fresh(), part);
        compacted.fences().forEach(fences::remove);
        changed = true;
    }

    void gather() throws IOException {
        files.gather();
        changed = true;
    }
}
