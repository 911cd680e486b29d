package dev.watersmeet.crdt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place of a cell in a document: a kind and what that kind needs, a field, sub-fields, an element, a replica (M-10).
 *
 * <p>Immutable. The canonical text of the path's array is its identity; what stands behind its kind is held as UTF-8, and the parts are read from that when they are asked for. A state
 * of many cells is mostly paths, so they are small.
 */
public final class Path implements Comparable<Path> {
    /** The longest text of a field, a sub-field, a set's element or a value of a multi-value register, in bytes (M-10). */
    public static final int MAX_SEGMENT_BYTES = 1024;

    /** The longest text of a path, in bytes (M-10). */
    public static final int MAX_BYTES = 4096;

    /** The greatest number of sub-fields of a map's path: as deep as values nest (M-10). */
    public static final int MAX_SUB_FIELDS = Value.MAX_DEPTH;

    /** Where a record that is not an object is kept. */
    public static final Path ROOT = new Path(Kind.ROOT, "");

    /** Where a deletion by the latest writer is kept. */
    public static final Path DELETION_BY_ANY = new Path(Kind.DELETION, "\"*\"");

    private static final int REPLICA_BYTES = 15; // with its quotes
    private static final int SINCE_DIGITS = 13;
    private static final int SINCE_AT =
            2 * REPLICA_BYTES + 1; // from the end: it is as long as a replica, and a comma follows

    private final Kind kind;
    private final byte[] segments; // the members of the array after its kind: canonical texts, with commas between them
    private final int hash;

    private Path(Kind kind, CharSequence segments) {
        this(kind, segments.toString().getBytes(UTF_8));
    }

    private Path(Kind kind, byte[] segments) {
        this.kind = kind;
        this.segments = segments;
        this.hash = SipHash.of(segments, kind.code().charAt(0));
    }

    /** Where the stamp of a replica's latest edit is kept. */
    public static Path existence(ReplicaId replica) {
        return of(Kind.EXISTENCE, null, null, replica);
    }

    /** Where is kept up to which edit of a replica the document is deleted. */
    public static Path deletion(ReplicaId replica) {
        return of(Kind.DELETION, null, null, replica);
    }

    /** Where a register's value is kept. */
    public static Path register(String field) {
        return of(Kind.REGISTER, field, null, null);
    }

    /** Where a replica's addition of an element to a set is kept. */
    public static Path element(String field, Value element, ReplicaId replica) {
        return of(Kind.SET, field, element, replica);
    }

    /**
     * Where a replica's total of a counter is kept.
     *
     * @param life the stamp of the edit with which the replica began to count here: totals of different lives are different cells (M-40)
     */
    public static Path counter(String field, Stamp life) {
        return counting(Kind.COUNTER, field, life);
    }

    /** Where is kept at which total a life of a counter was reset. */
    public static Path counterBase(String field, Stamp life) {
        return counting(Kind.COUNTER_BASE, field, life);
    }

    private static Path counting(Kind kind, String field, Stamp life) {
        StringBuilder segments = new StringBuilder();
        field(field, segments);
        segments.append(",\"").append(Base32.format(0, life.time(), SINCE_DIGITS));
        segments.append("\",\"").append(life.replica()).append('"');
        return new Path(kind, segments);
    }

    /** Where a replica's assignment of a value to a multi-value register is kept. */
    public static Path multi(String field, Value value, ReplicaId replica) {
        return of(Kind.MULTI, field, value, replica);
    }

    /**
     * Where a leaf of a nested object is kept.
     *
     * @param subFields the way from the field to the leaf, at least one
     */
    public static Path leaf(String field, List<String> subFields) {
        if (subFields.isEmpty() || subFields.size() > MAX_SUB_FIELDS) {
            throw MalformedException.of(
                    "a leaf of a map is one to " + MAX_SUB_FIELDS + " levels deep", String.join(".", subFields));
        }
        StringBuilder segments = new StringBuilder();
        field(field, segments);
        subFields.forEach(subField -> field(subField, segments.append(',')));
        Path path = new Path(Kind.MAP, segments);
        if (path.bytes() > MAX_BYTES) {
            throw MalformedException.of("a path has at most " + MAX_BYTES + " bytes of canonical text", path.text());
        }
        return path;
    }

    private static Path of(Kind kind, @Nullable String field, @Nullable Value element, @Nullable ReplicaId replica) {
        StringBuilder segments = new StringBuilder();
        if (field != null) {
            field(field, segments);
        }
        if (element != null) {
            segments.append(',').append(element.text());
            checkLength(kind == Kind.SET ? "set element" : "multi-value register's value", element.text());
        }
        if (replica != null) {
            segments.append(field == null ? "\"" : ",\"").append(replica).append('"');
        }
        return new Path(kind, segments);
    }

    /** Where a server marks whether an audience may read the document (P-24). */
    public static Path access(String audience) {
        return of(Kind.ACCESS, audience, null, null);
    }

    /** The path that ends with another replica. */
    Path of(ReplicaId replica) {
        byte[] moved = segments.clone();
        byte[] text = replica.toString().getBytes(UTF_8);
        System.arraycopy(text, 0, moved, moved.length - REPLICA_BYTES + 1, text.length);
        return new Path(kind, moved);
    }

    /** The path of another kind that has the same segments. */
    Path as(Kind other) {
        return new Path(other, segments);
    }

    private static void field(String name, StringBuilder segments) {
        int start = segments.length();
        CanonicalWriter.string(name, segments);
        if (name.length() > MAX_SEGMENT_BYTES / 6 - 2) { // no character has more than six bytes
            checkLength("field", segments.substring(start));
        }
    }

    private static void checkLength(String what, String segment) {
        if (segment.length() > MAX_SEGMENT_BYTES / 3
                && Value.ofCanonical(segment).bytes() > MAX_SEGMENT_BYTES) {
            throw MalformedException.of(
                    "a " + what + " has at most " + MAX_SEGMENT_BYTES + " bytes of canonical text", segment);
        }
    }

    /**
     * Parses the text of a path.
     *
     * @throws MalformedException if it is not a path, or its text is not canonical
     */
    public static Path parse(String text) {
        JsonReader reader = JsonReader.of(text);
        Path path = reader.path();
        reader.end();
        if (!path.text().equals(text)) {
            throw MalformedException.of("the text of a path is canonical", text);
        }
        return path;
    }

    /**
     * The path that an array describes.
     *
     * @throws MalformedException if the value is no array of a form that M-10 lists
     */
    public static Path of(Value array) {
        if (!(array.tree() instanceof List<?> members)
                || members.isEmpty()
                || !(members.get(0) instanceof String code)) {
            throw MalformedException.of("a path is an array that starts with its kind", array.text());
        }
        Kind kind = Kind.parse(code);
        if (kind == Kind.MAP ? members.size() < length(kind) : members.size() != length(kind)) {
            throw unlike(array);
        }
        return switch (kind) {
            case ROOT -> ROOT;
            case DELETION ->
                "*".equals(members.get(1)) ? DELETION_BY_ANY : of(kind, null, null, replica(members.get(1), array));
            case EXISTENCE -> of(kind, null, null, replica(members.get(1), array));
            case REGISTER, ACCESS -> of(kind, field(members.get(1), array), null, null);
            case COUNTER, COUNTER_BASE ->
                counting(
                        kind,
                        field(members.get(1), array),
                        new Stamp(since(members.get(2), array), replica(members.get(3), array)));
            case SET, MULTI ->
                of(kind, field(members.get(1), array), Value.of(members.get(2)), replica(members.get(3), array));
            case MAP ->
                leaf(
                        field(members.get(1), array),
                        members.stream()
                                .skip(2)
                                .map(member -> field(member, array))
                                .toList());
        };
    }

    private static int length(Kind kind) {
        return switch (kind) {
            case ROOT -> 1;
            case EXISTENCE, DELETION, REGISTER, ACCESS -> 2;
            case MAP -> 3; // or more
            case SET, COUNTER, COUNTER_BASE, MULTI -> 4;
        };
    }

    private static String field(@Nullable Object member, Value array) {
        if (member instanceof String field) {
            return field;
        }
        throw unlike(array);
    }

    private static ReplicaId replica(@Nullable Object member, Value array) {
        if (member instanceof String replica) {
            return ReplicaId.parse(replica);
        }
        throw unlike(array);
    }

    private static long since(@Nullable Object member, Value array) {
        if (member instanceof String since) {
            if (Base32.matches(since, SINCE_DIGITS, Base32.GREATEST_FIRST_OF_64_BITS)) {
                return Base32.parse(since);
            }
            throw MalformedException.of(
                    "the time since which is counted is 13 characters of Crockford base32 that hold 64 bits", since);
        }
        throw unlike(array);
    }

    private static MalformedException unlike(Value array) {
        return MalformedException.of("a path has the form that its kind asks for (M-10)", array.text());
    }

    /** What the path is for. */
    public Kind kind() {
        return kind;
    }

    /**
     * The field's name.
     *
     * @throws IllegalStateException if this kind of path has none
     */
    public String field() {
        if (!kind.hasField()) {
            throw lacks("field");
        }
        return string(0, endOfField());
    }

    /**
     * The audience that a mark is about.
     *
     * @throws IllegalStateException if this is no mark
     */
    public String audience() {
        if (kind != Kind.ACCESS) {
            throw lacks("audience");
        }
        return string(0, endOfField());
    }

    /**
     * The way from the field of a map to the leaf.
     *
     * @throws IllegalStateException if this is no leaf of a map
     */
    public List<String> subFields() {
        if (kind != Kind.MAP) {
            throw lacks("sub-fields");
        }
        List<?> members = (List<?>) requireNonNull(Value.ofCanonical(text()).tree());
        return members.stream().skip(2).map(String.class::cast).toList();
    }

    /**
     * The element of the set, or the value of the multi-value register.
     *
     * @throws IllegalStateException if this kind of path has none
     */
    public Value element() {
        if (kind != Kind.SET && kind != Kind.MULTI) {
            throw lacks("element");
        }
        return Value.ofCanonical(text(endOfField() + 1, segments.length - REPLICA_BYTES - 1));
    }

    /**
     * The replica at the path's end.
     *
     * @throws IllegalStateException if the path ends with none
     */
    public ReplicaId replica() {
        if (!hasReplica()) {
            throw lacks("replica");
        }
        return ReplicaId.parse(text(segments.length - REPLICA_BYTES + 1, segments.length - 1));
    }

    /**
     * The stamp of the edit with which the replica began to count.
     *
     * @throws IllegalStateException if this is no path of a counter
     */
    public Stamp life() {
        if (kind != Kind.COUNTER && kind != Kind.COUNTER_BASE) {
            throw lacks("life");
        }
        int start = segments.length - SINCE_AT + 1;
        return new Stamp(Base32.parse(text(start, start + SINCE_DIGITS)), replica());
    }

    /** Whether the path ends with a replica. */
    public boolean hasReplica() {
        return switch (kind) {
            case EXISTENCE, SET, COUNTER, COUNTER_BASE, MULTI -> true;
            case DELETION -> segments.length == REPLICA_BYTES;
            case REGISTER, MAP, ROOT, ACCESS -> false;
        };
    }

    private IllegalStateException lacks(String segment) {
        return new IllegalStateException("the path " + this + " has no " + segment);
    }

    private int endOfField() {
        int end = 1;
        while (segments[end] != '"') {
            end += segments[end] == '\\' ? 2 : 1;
        }
        return end + 1;
    }

    /** The string whose canonical text lies between two offsets. */
    private String string(int start, int end) {
        for (int i = start; i < end; i++) {
            if (segments[i] == '\\') {
                return JsonReader.of(text(start, end)).string();
            }
        }
        return text(start + 1, end - 1);
    }

    private String text(int start, int end) {
        return new String(segments, start, end - start, UTF_8);
    }

    /** The canonical text of the path's array. */
    public String text() {
        String head = "[\"" + kind.code();
        return segments.length == 0 ? head + "\"]" : head + "\"," + text(0, segments.length) + "]";
    }

    /** The length of the text in bytes of UTF-8. */
    public int bytes() {
        return segments.length == 0 ? "[\"v\"]".length() : "[\"v\",]".length() + segments.length;
    }

    /** The text in UTF-8. */
    public byte[] utf8() {
        byte[] utf8 = new byte[bytes()];
        int end = utf8.length - 1;
        utf8[0] = '[';
        utf8[1] = '"';
        utf8[2] = (byte) kind.code().charAt(0);
        utf8[3] = '"';
        if (segments.length > 0) {
            utf8[4] = ',';
            System.arraycopy(segments, 0, utf8, end - segments.length, segments.length);
        }
        utf8[end] = ']';
        return utf8;
    }

    /** By the UTF-16 code units of the text. */
    @Override
    public int compareTo(Path other) {
        return text().compareTo(other.text());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Path path
                        && hash == path.hash
                        && kind == path.kind
                        && Arrays.equals(segments, path.segments));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The canonical text of the path's array. */
    @Override
    public String toString() {
        return text();
    }
}
