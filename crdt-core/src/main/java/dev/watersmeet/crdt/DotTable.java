package dev.watersmeet.crdt;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link OrSet} or a delta of one knows: for each element and replica the {@link Dot} of the latest addition.
 *
 * <p>An entry's stamp is the latest dot of its element. Nearly always there is no other, and the content says whether it was removed; otherwise the content holds the others, too.
 * Mutable and not thread-safe.
 *
 * @param <E> the elements
 */
final class DotTable<E> {
    /** The content of an entry whose only dot was removed. That of a live one is null; with several dots it is of {@link Dots}. */
    private static final Object REMOVED = new Object();

    private final StampTable<E> table;
    private int live; // elements that are present

    private DotTable(StampTable<E> table, int live) {
        this.table = table;
        this.live = live;
    }

    static <E> DotTable<E> empty() {
        return new DotTable<>(new StampTable<>(0), 0);
    }

    static <E> DotTable<E> of(E element, long time, ReplicaId replica) {
        return new DotTable<>(new StampTable<>(element, StampTable.hashOf(element), time, replica, null), 1);
    }

    DotTable<E> copy() {
        return new DotTable<>(table.copy(), live);
    }

    boolean isEmpty() {
        return table.size() == 0;
    }

    /** The number of elements that are present. */
    int live() {
        return live;
    }

    /** The greatest time of a dot; 0 if there is none. */
    long latestTime() {
        return table.latestTime();
    }

    boolean has(E element) {
        int entry = table.find(element, StampTable.hashOf(element));
        return entry >= 0 && isLive(table.content(entry));
    }

    private static boolean isLive(@Nullable Object content) {
        return content == null || (content instanceof Dots dots && dots.isLive());
    }

    private static boolean isRemoved(@Nullable Object content) {
        return content == REMOVED || (content instanceof Dots dots && dots.latestRemoved());
    }

    /** The latest dot of an entry. */
    private Dot latest(int entry) {
        return new Dot(table.time(entry), table.replica(entry), isRemoved(table.content(entry)));
    }

    /** Joins a dot that was not removed. */
    void add(E element, long time, ReplicaId replica) {
        joinDot(element, time, replica, false);
    }

    private void joinDot(E element, long time, ReplicaId replica, boolean removed) {
        int hash = StampTable.hashOf(element);
        int entry = table.find(element, hash);
        if (entry < 0) {
            table.add(element, hash, time, replica, removed ? REMOVED : null);
            live += removed ? 0 : 1;
        } else {
            joinDot(entry, time, replica, removed);
        }
    }

    /** Joins what is known of an element, in another table. */
    private boolean join(DotTable<E> theirs, int other) {
        StampTable<E> from = theirs.table;
        int entry = table.find(from.key(other), from.hash(other));
        Object content = from.content(other);
        if (entry < 0) {
            table.addFrom(from, other);
            live += isLive(content) ? 1 : 0;
            return true;
        }
        boolean changed = joinDot(entry, from.time(other), from.replica(other), isRemoved(content));
        if (content instanceof Dots dots) {
            for (Dot dot : dots.others()) {
                changed |= joinDot(entry, dot.time(), dot.replica(), dot.removed());
            }
        }
        return changed;
    }

    private boolean joinDot(int entry, long time, ReplicaId replica, boolean removed) {
        Object content = table.content(entry);
        int order = table.compareStamp(entry, time, replica);
        if (!table.replica(entry).equals(replica)) {
            Dots dots = content instanceof Dots known ? known : Dots.none(isRemoved(content));
            return order < 0
                    ? set(
                            entry,
                            time,
                            replica,
                            dots.without(replica).join(latest(entry)).beside(removed))
                    : set(entry, table.time(entry), table.replica(entry), dots.join(new Dot(time, replica, removed)));
        }
        if (order > 0 || (order == 0 && (!removed || isRemoved(content)))) {
            return false;
        }
        return set(
                entry, time, replica, content instanceof Dots dots ? dots.beside(removed) : removed ? REMOVED : null);
    }

    /** Changes an entry, if it is not so already. */
    private boolean set(int entry, long time, ReplicaId replica, @Nullable Object content) {
        Object before = table.content(entry);
        if (content != before) {
            live += (isLive(content) ? 1 : 0) - (isLive(before) ? 1 : 0);
        } else if (time == table.time(entry)) {
            return false;
        }
        table.set(entry, time, replica, content);
        return true;
    }

    /** Joins another table, and lets a clock observe it. */
    boolean join(DotTable<E> theirs, HybridLogicalClock clock) {
        clock.observeTime(theirs.latestTime());
        return join(theirs);
    }

    private boolean join(DotTable<E> theirs) {
        boolean changed = false;
        for (int i = 0; i < theirs.table.size(); i++) {
            changed |= join(theirs, i);
        }
        return changed;
    }

    /** The joined table of both. */
    DotTable<E> joined(DotTable<E> other) {
        DotTable<E> joined = copy();
        joined.join(other);
        return joined;
    }

    /** The table of dots that were stored or received. */
    static <E> DotTable<E> of(Collection<OrSet.Tag<E>> tags) {
        DotTable<E> table = empty();
        for (OrSet.Tag<E> tag : tags) {
            table.joinDot(tag.element(), tag.stamp().time(), tag.stamp().replica(), tag.removed());
        }
        return table;
    }

    /** Removes every dot of an element, if one is live. What was removed is joined to a delta, too. */
    void remove(E element, DotTable<E> delta) {
        int entry = table.find(element, StampTable.hashOf(element));
        if (entry < 0 || !isLive(table.content(entry))) {
            return;
        }
        Object removed = table.content(entry) instanceof Dots dots ? dots.removed() : REMOVED;
        set(entry, table.time(entry), table.replica(entry), removed);
        delta.join(this, entry);
    }

    /** Calls for each element with its dots. */
    void forEach(BiConsumer<E, List<Dot>> action) {
        for (int i = 0; i < table.size(); i++) {
            action.accept(table.key(i), dots(i));
        }
    }

    private List<Dot> dots(int entry) {
        List<Dot> dots = new ArrayList<>();
        dots.add(latest(entry));
        if (table.content(entry) instanceof Dots known) {
            dots.addAll(known.others());
        }
        return dots;
    }

    /** The elements that are present, in the order of their oldest live dots. */
    Set<E> elements() {
        Map<E, Stamp> oldest = new HashMap<>();
        forEach((element, dots) -> dots.stream()
                .filter(dot -> !dot.removed())
                .map(Dot::stamp)
                .min(Comparator.naturalOrder())
                .ifPresent(stamp -> oldest.put(element, stamp)));
        List<E> sorted = new ArrayList<>(oldest.keySet());
        sorted.sort(Comparator.comparing(oldest::get));
        return new LinkedHashSet<>(sorted);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DotTable<?> dots && table.equals(dots.table);
    }

    @Override
    public int hashCode() {
        return table.hashCode();
    }
}
