import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginningOf,
  counter,
  counterOf,
  isReplicaId,
  isStamp,
  makeStamp,
  millisOf,
  replicaOf,
  sinceOf,
} from '../../src/model/index.ts';
import { counters, millis, replicas } from './arbitraries.ts';

describe('a stamp', () => {
  it('gives back what it was made of', () => {
    fc.assert(
      fc.property(millis, counters, replicas, (m, c, replica) => {
        const stamp = makeStamp(m, c, replica);
        expect(isStamp(stamp)).toBe(true);
        expect([millisOf(stamp), counterOf(stamp), replicaOf(stamp)]).toEqual([m, c, replica]);
      }),
    );
  });

  it('is told by the life of a counter that it begins (M-40)', () => {
    fc.assert(
      fc.property(millis, counters, replicas, (m, c, replica) => {
        const stamp = makeStamp(m, c, replica);
        expect(beginningOf(counter('votes', sinceOf(stamp), replica))).toBe(stamp);
      }),
    );
  });

  it('is ordered by milliseconds, then counter, then replica', () => {
    const parts = fc.tuple(millis, counters, replicas);
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const first = one[0] - other[0] || one[1] - other[1] || (one[2] < other[2] ? -1 : one[2] > other[2] ? 1 : 0);
        const [a, b] = [makeStamp(...one), makeStamp(...other)];
        expect(a < b ? -1 : a > b ? 1 : 0).toBe(Math.sign(first));
      }),
    );
  });

  it.each([
    [-1, 0],
    [2 ** 48, 0],
    [0.5, 0],
    [0, 65536],
    [0, -1],
  ])('refuses milliseconds %d with counter %d', (m, c) => {
    expect(() => makeStamp(m, c, '0000000000001')).toThrow(RangeError);
  });

  it('refuses a replica id that is none', () => {
    expect(() => makeStamp(0, 0, '*000000000001')).toThrow('*000000000001');
    expect(isReplicaId('*')).toBe(false);
  });
});
