import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClock, makeStamp, type Reading } from '../../src/model/index.ts';
import { A, B } from './arbitraries.ts';

describe('a clock', () => {
  it('follows the time', () => {
    const clock = createClock({ millis: () => 1000 });
    expect(clock.reading()).toEqual([1000, 0]);
  });

  it('counts while the time stands still or falls back', () => {
    let now = 1000;
    const clock = createClock({ millis: () => now });
    clock.reading();
    now = 500;
    expect(clock.reading()).toEqual([1000, 1]);
    expect(clock.tick(A)).toBe(makeStamp(1000, 2, A));
  });

  it('carries a full counter into the milliseconds', () => {
    const clock = createClock({ millis: () => 1000, after: makeStamp(1000, 65535, A) });
    expect(clock.tick(A)).toBe(makeStamp(1001, 0, A));
  });

  it('goes on above the last stamp before a restart', () => {
    const after = makeStamp(5000, 7, A);
    const clock = createClock({ millis: () => 1000, after });
    expect(clock.tickAt(A, [5000, 7])).toBe(makeStamp(5000, 8, A));
  });

  it('goes on above what it observes', () => {
    const clock = createClock({ millis: () => 1000 });
    clock.observe(makeStamp(9000, 3, B));
    expect(clock.tick(A)).toBe(makeStamp(9000, 4, A));
  });

  it('takes a time beyond the last millisecond of stamps as that millisecond', () => {
    const last = 2 ** 48 - 1;
    const clock = createClock({ millis: () => last + 1 });
    expect(clock.tick(A)).toBe(makeStamp(last, 0, A));
    expect(clock.tick(A)).toBe(makeStamp(last, 1, A));
  });

  it('takes fractions of milliseconds off', () => {
    expect(createClock({ millis: () => 1000.9 }).reading()).toEqual([1000, 0]);
  });
});

describe('a reading that was noted', () => {
  const noted = (): { clock: ReturnType<typeof createClock>; first: Reading; second: Reading } => {
    const clock = createClock({ millis: () => 1000 });
    return { clock, first: clock.reading(), second: clock.reading() };
  };

  it('becomes a stamp although later readings were handed out', () => {
    const { clock, first, second } = noted();
    expect(clock.tickAt(A, first)).toBe(makeStamp(1000, 0, A));
    expect(clock.tickAt(A, second)).toBe(makeStamp(1000, 1, A));
  });

  it('becomes no second stamp', () => {
    const { clock, first } = noted();
    clock.tickAt(A, first);
    expect(clock.tickAt(B, first)).toBe(makeStamp(1000, 2, B));
  });

  it('is passed over after a stamp above it', () => {
    const { clock, first, second } = noted();
    clock.tickAt(A, second);
    expect(clock.tickAt(A, first)).toBe(makeStamp(1000, 2, A));
  });

  it('still counts after stamps of others were observed', () => {
    const { clock, first } = noted();
    clock.observe(makeStamp(2000, 0, B));
    expect(clock.tickAt(A, first)).toBe(makeStamp(1000, 0, A));
    expect(clock.tick(A)).toBe(makeStamp(2000, 1, A));
  });

  it('is passed over if the document holds a stamp above it', () => {
    const { clock, first } = noted();
    expect(clock.tickAt(A, first, makeStamp(2000, 5, B))).toBe(makeStamp(2000, 6, A));
  });

  it('is above a stamp of the document at the same time by a lower replica', () => {
    const { clock, first } = noted();
    expect(clock.tickAt(B, first, makeStamp(1000, 0, A))).toBe(makeStamp(1000, 0, B));
  });
});

it('readings and stamps each rise, whatever happens', () => {
  const steps = fc.array(
    fc.record({
      now: fc.integer({ min: 1, max: 5 }),
      step: fc.constantFrom('reading', 'tick', 'tickAt', 'observe'),
      pick: fc.nat(),
    }),
  );
  fc.assert(
    fc.property(steps, (history) => {
      let now = 1;
      const clock = createClock({ millis: () => now });
      const readings: Reading[] = [];
      const stamps: string[] = [];
      for (const { now: time, step, pick } of history) {
        now = time;
        const reading = readings[pick % (readings.length || 1)];
        if (step === 'observe') {
          clock.observe(makeStamp(time + 2, pick % 3, B));
        } else if (step === 'tick') {
          stamps.push(clock.tick(A));
        } else if (step === 'reading') {
          readings.push(clock.reading());
        } else if (reading !== undefined) {
          stamps.push(clock.tickAt(A, reading));
        }
      }
      const times = readings.map((reading) => makeStamp(...reading, A));
      expect(times).toEqual([...new Set(times)].sort());
      expect(stamps).toEqual([...new Set(stamps)].sort());
    }),
  );
});
