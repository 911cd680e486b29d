package dev.watersmeet.crdt.example;

import dev.watersmeet.crdt.HybridLogicalClock;
import dev.watersmeet.crdt.ReplicaId;
import dev.watersmeet.crdt.Stamp;
import dev.watersmeet.crdt.example.Maximum.Report;
import dev.watersmeet.crdt.laws.CrdtArbitraries;
import dev.watersmeet.crdt.laws.JoinLaws;
import dev.watersmeet.crdt.laws.ReplicatedContract;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class MaximumTest extends ReplicatedContract<Maximum, Optional<Report>> {
    @Override
    public Maximum create(HybridLogicalClock clock) {
        return new Maximum(clock);
    }

    @Override
    public Maximum create(HybridLogicalClock clock, Optional<Report> snapshot) {
        Maximum maximum = new Maximum(clock);
        maximum.merge(snapshot);
        return maximum;
    }

    @Override
    public Optional<Report> change(Maximum replica, int choice) {
        return replica.report(choice % 5);
    }

    @Override
    public boolean merge(Maximum replica, Optional<Report> delta) {
        return replica.merge(delta);
    }

    @Override
    public Optional<Report> snapshot(Maximum replica) {
        return replica.snapshot();
    }

    @Override
    public Optional<Report> join(Optional<Report> one, Optional<Report> other) {
        return Optional.ofNullable(Report.join(one.orElse(null), other.orElse(null)));
    }

    @Override
    public Optional<Report> rebuilt(Optional<Report> delta) {
        return delta.map(
                report -> new Report(report.number(), Stamp.parse(report.stamp().toString())));
    }

    @Override
    public Object shown(Maximum replica) {
        return replica.snapshot().map(Report::number);
    }

    @Override
    public List<Stamp> stamps(Optional<Report> delta) {
        return delta.map(Report::stamp).stream().toList();
    }

    @Property
    void anyReportsObeyTheLawsOfAJoin(
            @ForAll("reports") Optional<Report> one,
            @ForAll("reports") Optional<Report> two,
            @ForAll("reports") Optional<Report> three) {
        new JoinLaws<Optional<Report>>(this::join).assertHold(one, two, three);
    }

    @Provide
    Arbitrary<Optional<Report>> reports() {
        Arbitrary<Stamp> few = Arbitraries.of(new Stamp(1, new ReplicaId(1)), new Stamp(1, new ReplicaId(-1)));
        return Combinators.combine(Arbitraries.of(1L, 2L), Arbitraries.oneOf(few, CrdtArbitraries.stamps()))
                .as(Report::new)
                .optional();
    }
}
