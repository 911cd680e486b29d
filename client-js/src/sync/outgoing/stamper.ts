import { type Clock, createClock, makeStamp, type Reading, type ReplicaId, type Stamp } from '../../model/index.ts';

/** Issues the stamps of this database's replica. */
export interface Stamper {
  /** Whose stamps they are. */
  replica(): ReplicaId;
  /** Goes on as another replica. */
  rename(replica: ReplicaId): void;
  /**
   * The stamp of an edit that was noted at a reading of the device's clock: at that time if it may be, else later. Documents that were written
   * together share a stamp; no document gets one twice.
   *
   * @param above the greatest stamp of the document
   */
  at(reading: Reading, above: Stamp | undefined): Stamp;
  /** A stamp of now. */
  now(): Stamp;
  observe(stamp: Stamp): void;
  /** Above everything that was issued: what to go on from after a restart. */
  highWater(): Stamp;
  /** Sets how far the device's clock is behind the server's, in milliseconds. */
  correct(offset: number): void;
  /** Forgets what was issued: only where all of it is being taken back. */
  restart(after: Stamp | undefined): void;
}

export interface StamperOptions {
  readonly replica: string;
  readonly millis: () => number;
  readonly offset: number;
  readonly after?: Stamp | undefined;
}

export function createStamper({ replica: first, millis, offset: known, after }: StamperOptions): Stamper {
  let replica = first;
  let offset = known;
  let shared: Stamp | undefined;
  const clockAfter = (stamp: Stamp | undefined): Clock =>
    createClock({ millis: () => millis() + offset, ...(stamp !== undefined && { after: stamp }) });
  let clock = clockAfter(after);

  return {
    replica: () => replica,
    rename(another) {
      replica = another;
      shared = undefined;
    },
    at([noted, counter], above) {
      const reading: Reading = [Math.max(0, Math.round(noted + offset)), counter];
      const stamp = makeStamp(...reading, replica);
      if (stamp === shared && (above === undefined || stamp > above)) return stamp;
      const issued = clock.tickAt(replica, reading, above);
      shared = issued === stamp ? stamp : undefined;
      return issued;
    },
    now: () => clock.tick(replica),
    observe: (stamp) => clock.observe(stamp),
    highWater: () => clock.tick(replica),
    correct(measured) {
      offset = measured;
    },
    restart(stamp) {
      shared = undefined;
      clock = clockAfter(stamp);
    },
  };
}
