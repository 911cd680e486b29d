package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.laws.TextbookContract;
import java.util.List;

/** The set shows what the textbook's does, which keeps every tag for ever. */
class OrSetTextbookTest extends TextbookContract<OrSet<String>, OrSet.Delta<String>, TagSet>
        implements ReplicatedTypeAlone<OrSet<String>, OrSet.Delta<String>> {
    private static final List<String> ELEMENTS = List.of("eggs", "milk");

    @Override
    public OrSet<String> create(HybridLogicalClock clock) {
        return OrSet.of(clock);
    }

    @Override
    public boolean mergeAll(OrSet<String> replica, OrSet<String> other) {
        return replica.merge(other);
    }

    @Override
    public TagSet none() {
        return TagSet.NONE;
    }

    @Override
    public TagSet merged(TagSet one, TagSet other) {
        return one.merged(other);
    }

    @Override
    public Change<OrSet.Delta<String>, TagSet> change(
            OrSet<String> replica, TagSet model, int writer, int choice, int tag) {
        String element = ELEMENTS.get(choice % ELEMENTS.size());
        return choice / ELEMENTS.size() % 3 < 2
                ? new Change<>(replica.add(element), TagSet.of(tag, element))
                : new Change<>(replica.remove(element), model.removal(element));
    }

    @Override
    public void assertShowsTheSame(OrSet<String> replica, TagSet model) {
        assertThat(replica.elements()).containsExactlyInAnyOrderElementsOf(model.elements());
    }
}
