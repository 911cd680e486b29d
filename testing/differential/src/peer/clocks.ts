import { createClock, type ReplicaId, type Stamp } from '../../../../client-js/src/model/index.ts';

interface ClockSteps {
  readonly replica: ReplicaId;
  readonly after: Stamp | null;
  /** A number is what the physical clock shows from then on, before a stamp is issued; a text is a stamp to observe. */
  readonly steps: readonly (number | Stamp)[];
}

/** The stamps that a clock issues; null where it cannot issue any more. */
export function clockOutcomes({ replica, after, steps }: ClockSteps): (Stamp | null)[] {
  let now = 0;
  const clock = createClock({ millis: () => now, ...(after !== null && { after }) });
  const issued: (Stamp | null)[] = [];
  for (const step of steps) {
    if (typeof step === 'string') {
      clock.observe(step);
    } else {
      now = step;
      issued.push(unlessExhausted(() => clock.tick(replica)));
    }
  }
  return issued;
}

/** A stamp, or null after the last one that 128 bits can hold. */
export function unlessExhausted(tick: () => Stamp): Stamp | null {
  try {
    return tick();
  } catch (error) {
    if (error instanceof RangeError) {
      return null;
    }
    throw error;
  }
}
