package dev.watersmeet.crdt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watersmeet.crdt.laws.TextbookContract;

/** The flag is on when the textbook's set of one element, which keeps every tag for ever, holds it. */
class EnableWinsFlagTextbookTest extends TextbookContract<EnableWinsFlag, EnableWinsFlag.Delta, TagSet>
        implements ReplicatedTypeAlone<EnableWinsFlag, EnableWinsFlag.Delta> {
    private static final String ON = "on";

    @Override
    public EnableWinsFlag create(HybridLogicalClock clock) {
        return EnableWinsFlag.of(clock);
    }

    @Override
    public boolean mergeAll(EnableWinsFlag replica, EnableWinsFlag other) {
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
    public Change<EnableWinsFlag.Delta, TagSet> change(
            EnableWinsFlag replica, TagSet model, int writer, int choice, int tag) {
        return choice % 2 == 0
                ? new Change<>(replica.enable(), TagSet.of(tag, ON))
                : new Change<>(replica.disable(), model.removal(ON));
    }

    @Override
    public void assertShowsTheSame(EnableWinsFlag replica, TagSet model) {
        assertThat(replica.isEnabled()).isEqualTo(!model.elements().isEmpty());
    }
}
