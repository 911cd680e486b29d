import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cells, canonical, compareCells, join, joined, read, readHidden } from '../../src/model/index.ts';
import { SCHEMA, states } from './arbitraries.ts';
import { text, wired } from './vectors.ts';

describe('merging', () => {
  it('is commutative', () => {
    fc.assert(
      fc.property(states, states, (one, other) => {
        expect(wired(joined(one, other))).toEqual(wired(joined(other, one)));
      }),
    );
  });

  it('is associative', () => {
    fc.assert(
      fc.property(states, states, states, (one, two, three) => {
        expect(wired(joined(joined(one, two), three))).toEqual(wired(joined(one, joined(two, three))));
      }),
    );
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(states, states, (one, other) => {
        const merged = joined(one, other);
        expect(joined(merged, other)).toBe(merged);
        expect(joined(merged, one)).toBe(merged);
      }),
    );
  });

  it('says whether it changed anything', () => {
    fc.assert(
      fc.property(states, states, (one, other) => {
        const into = { ...one };
        expect(join(into, other)).toBe(text(wired(into)) !== text(wired(one)));
      }),
    );
  });

  it('leaves what it merges as it is', () => {
    fc.assert(
      fc.property(states, states, (one, other) => {
        const before = [text(wired(one)), text(wired(other))];
        joined(one, other);
        expect([text(wired(one)), text(wired(other))]).toEqual(before);
      }),
    );
  });

  it('is the same for any partition, repetition and order of the cells', () => {
    fc.assert(
      fc.property(states, fc.array(fc.nat(), { minLength: 20, maxLength: 20 }), (state, order) => {
        const parts: Cells[] = Object.entries(state).map(([path, cell]) => ({ [path]: cell }));
        const shuffled = [...parts, ...parts].sort((a, b) => rank(order, parts, a) - rank(order, parts, b));
        expect(wired(shuffled.reduce<Cells>((all, part) => ({ ...joined(all, part) }), {}))).toEqual(wired(state));
      }),
    );
  });
});

describe('the order of cells', () => {
  it('is total', () => {
    fc.assert(
      fc.property(states, states, states, (...three) => {
        const cells = three.flatMap((state) => Object.values(state));
        const sorted = [...cells].sort(compareCells);
        for (const [i, cell] of sorted.entries()) {
          for (const later of sorted.slice(i)) {
            expect(compareCells(cell, later)).toBeLessThanOrEqual(0);
          }
        }
      }),
    );
  });
});

describe('reading', () => {
  it('takes any state', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(canonical(readHidden(state, SCHEMA))).toBeDefined();
      }),
    );
  });

  it('does not depend on the order in which cells arrived', () => {
    fc.assert(
      fc.property(states, (state) => {
        const reversed = Object.fromEntries(Object.entries(state).reverse());
        expect(read(reversed, SCHEMA)).toEqual(read(state, SCHEMA));
      }),
    );
  });
});

function rank(order: readonly number[], parts: readonly Cells[], part: Cells): number {
  return order[parts.indexOf(part)] ?? 0;
}
