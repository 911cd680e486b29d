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
    private long drops;
    private long since;
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
        drops = Long.parseLong(String.valueOf(Json.member(state, "drops").tree()));
        since = (long) Json.member(state, "since").number();
    }

    /** What has to be known to go on with the table. */
    Map<String, Object> state() {
        Map<String, String> versions = new HashMap<>();
        fences.forEach((space, version) -> versions.put(space.name(), String.valueOf(version)));
        return Map.of(
                "files",
                files.state(),
                "fences",
                versions,
                "drops",
                String.valueOf(drops),
                "layout",
                layout.state(),
                "written",
                (double) written,
                "since",
                (double) since);
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

    /** A row of this version drops earlier ones. */
    void drops(long version) {
        drops = version;
    }

    /** Sees that there is a folder to which rows are added, and that it is known since when there is something to compact. */
    void begin(long millis) {
        files.begin();
        if (since == 0 && hasNew()) {
            since = millis;
        }
    }

    private boolean hasNew() {
        return pending.length() > 0 || files.freshFiles() > 0 || !fences.isEmpty();
    }

    Sources sources(String schema) {
        return new Sources(schema, files.base(), files.fresh(), fences, drops);
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
        return hasManyFences() || files.freshBytes() > Math.max(leastBytes, base == null ? 0 : base.bytes());
    }

    /** Whether the first of what has come has waited for so long that what is not to be kept has to go from the files. */
    boolean isOld(long millis, long maxMillis) {
        return since > 0 && millis - since >= maxMillis;
    }

    private boolean hasManyFences() {
        return fences.size() > MAX_FENCES;
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
        return hasManyFences() || files.freshBytes() > leastBytes + GROWTH * written;
    }

    /** All has been written anew. */
    void complete() {
        written = files.freshBytes();
        changed = true;
    }

    /**
     * Lets what was compacted take the place of what it was made from.
     *
     * @param all whether that was all there was: otherwise there are rows elsewhere that are hidden as before
     */
    void replace(Sources compacted, Sources.Part part, boolean all) {
        files.replace(compacted.fresh(), part);
        if (all) {
            compacted.fences().forEach(fences::remove);
            drops = drops == compacted.drops() ? 0 : drops;
        }
        since = 0;
        changed = true;
    }

    /** Whether its files are too many, or, where nobody compacts it, too many of its rows are hidden by fences. */
    boolean isScattered(int maxFiles, boolean compacted) {
        return files.freshFiles() > maxFiles || (!compacted && files.base() == null && hasManyFences());
    }

    /** Writes the rows of JSON anew, but for those that are fenced. */
    void gather() throws IOException {
        files.gather(row -> !isFenced(row));
        if (files.base() == null) {
            fences.clear();
        }
        changed = true;
    }

    private boolean isFenced(String row) {
        return fences.entrySet().stream()
                .anyMatch(fence ->
                        row.startsWith("{\"s\":" + Json.quote(fence.getKey().name()) + ",")
                                && version(row) < fence.getValue());
    }

    private long version(String row) {
        String name = ",\"" + layout.version() + "\":"; // which no text in a row has: quotes are escaped there
        int start = row.indexOf(name) + name.length();
        int end = start;
        while (Character.isDigit(row.charAt(end))) {
            end++;
        }
        return Long.parseLong(row, start, end, 10);
    }
}
