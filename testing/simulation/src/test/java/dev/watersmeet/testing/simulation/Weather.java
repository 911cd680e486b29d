package dev.watersmeet.testing.simulation;

/**
 * How much goes wrong in a run. Probabilities are for each occasion.
 *
 * @param nodes how many servers there are
 * @param devices how many devices there are at first
 * @param losses a request or an answer is lost
 * @param duplicates a request arrives twice
 * @param delays a message takes long
 * @param interruptions something else happens between two steps of a server
 * @param deaths a server dies in the middle of a write
 * @param failures the store cannot be reached
 * @param wrongClocks clocks are wrong, drift and jump
 * @param purges how often the store is purged
 * @param restores how often the store is put back to a backup
 * @param twins how often a device is copied, or put back
 * @param restarts how often a device restarts, or a new one takes its place
 * @param forgeries how often somebody pushes what looks like another one's edit, to each server
 */
record Weather(
        int nodes,
        int devices,
        double losses,
        double duplicates,
        double delays,
        double interruptions,
        double deaths,
        double failures,
        boolean wrongClocks,
        int purges,
        int restores,
        int twins,
        int restarts,
        int forgeries) {
    /** What a rule may be about. */
    enum Trouble {
        ANY,
        PURGES,
        RESTORES,
        PURGES_AND_RESTORES,
        TWINS
    }

    boolean has(Trouble trouble) {
        return switch (trouble) {
            case ANY -> true;
            case PURGES -> purges > 0;
            case RESTORES -> restores > 0;
            case PURGES_AND_RESTORES -> purges > 0 && restores > 0;
            case TWINS -> twins > 0;
        };
    }

    /** The weather of a seed's run. */
    static Weather of(long seed) {
        return any(new Schedule(seed, false));
    }

    static Weather any(Schedule schedule) {
        Weather any = anything(schedule);
        return any.restores == 0
                ? any
                : any.withoutTwins(); // what a copied device and a copied server have lost together is nobody's to know
    }

    private Weather withoutTwins() {
        return new Weather(
                nodes,
                devices,
                losses,
                duplicates,
                delays,
                interruptions,
                deaths,
                failures,
                wrongClocks,
                purges,
                restores,
                0,
                restarts,
                forgeries);
    }

    private static Weather anything(Schedule schedule) {
        return new Weather(
                1 + schedule.pick(2),
                2 + schedule.pick(3),
                some(schedule, 0.25),
                some(schedule, 0.2),
                some(schedule, 0.3),
                some(schedule, 0.2),
                some(schedule, 0.03),
                some(schedule, 0.01),
                schedule.chance(0.5),
                schedule.chance(0.5) ? 1 + schedule.pick(6) : 0,
                schedule.chance(0.15) ? 1 : 0,
                schedule.chance(0.25) ? 1 + schedule.pick(2) : 0,
                schedule.chance(0.4) ? 1 + schedule.pick(3) : 0,
                schedule.chance(0.2) ? 1 : 0);
    }

    private static double some(Schedule schedule, double most) {
        return schedule.chance(0.4) ? 0 : most * schedule.random.nextDouble();
    }
}
