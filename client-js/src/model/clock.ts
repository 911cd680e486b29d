import {
  counterOf,
  MAX_COUNTER,
  MAX_MILLIS,
  makeStamp,
  millisOf,
  type Reading,
  type ReplicaId,
  type Stamp,
} from './stamp.ts';

/**
 * A hybrid logical clock (Kulkarni et al. 2014, https://cse.buffalo.edu/tech-reports/2014-04.pdf). It keeps two marks:
 *
 * - *high*: the highest time that it handed out or was shown, in whatever form. Readings and ticks are above it.
 * - *issued*: the highest time that it put into a stamp. A reading that was noted earlier may still become a stamp
 *   while it is above this mark, although newer readings have been handed out since.
 */
export interface Clock {
  /** A time for a note, above everything that this clock handed out or observed. It is not a stamp yet. */
  reading(): Reading;
  /** Issues a stamp above everything that this clock handed out or observed (M-3). */
  tick(replica: ReplicaId): Stamp;
  /**
   * Issues a stamp at an earlier reading, if that is above every stamp that this clock issued and above `above`, the
   * highest stamp of the document; otherwise ticks above both.
   */
  tickAt(replica: ReplicaId, reading: Reading, above?: Stamp): Stamp;
  /** Moves the clock above a stamp of somebody else. */
  observe(stamp: Stamp): void;
}

export interface ClockOptions {
  /** Unix milliseconds, for instance `Date.now`. It may stand still or jump; what stamps cannot hold is taken as the end of what they can. */
  readonly millis: () => number;
  /** The highest stamp that was issued before the last stop. */
  readonly after?: Stamp;
}

export function createClock({ millis, after }: ClockOptions): Clock {
  let issued: Reading = after === undefined ? [0, 0] : readingOf(after);
  let high = issued;

  const next = (): Reading => {
    high = later(high, Math.min(Math.floor(millis()), MAX_MILLIS));
    return high;
  };
  const observe = (stamp: Stamp): void => {
    high = max(high, readingOf(stamp));
  };
  const tick = (replica: ReplicaId): Stamp => {
    issued = next();
    return makeStamp(...issued, replica);
  };

  return {
    reading: next,
    tick,
    tickAt(replica, reading, above) {
      if (compare(reading, issued) > 0) {
        const stamp = makeStamp(...reading, replica);
        if (above === undefined || stamp > above) {
          issued = reading;
          high = max(high, reading);
          return stamp;
        }
      }
      if (above !== undefined) {
        observe(above);
      }
      return tick(replica);
    },
    observe,
  };
}

function later([millis, counter]: Reading, now: number): Reading {
  if (now > millis) {
    return [now, 0];
  }
  return counter < MAX_COUNTER ? [millis, counter + 1] : [millis + 1, 0];
}

function max(one: Reading, other: Reading): Reading {
  return compare(one, other) < 0 ? other : one;
}

function compare(one: Reading, other: Reading): number {
  return one[0] - other[0] || one[1] - other[1];
}

function readingOf(stamp: Stamp): Reading {
  return [millisOf(stamp), counterOf(stamp)];
}
