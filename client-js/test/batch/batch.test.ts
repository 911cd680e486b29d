import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBatch, readMessage, writeBatch } from '../../src/batch/index.ts';
import { canonical, MalformedError, type WireDocument } from '../../src/model/index.ts';
import { json, states } from '../model/arbitraries.ts';

const documents: fc.Arbitrary<WireDocument[]> = fc.array(
  fc.record({
    collection: fc.constantFrom('todos', 'notes', 'ü😀'),
    id: fc.oneof(fc.string({ unit: 'binary', maxLength: 5 }), fc.integer(), fc.constant([1, 'a'])),
    cells: fc.tuple(states, json, fc.boolean()).map(([cells, value, bare]) => ({
      ...cells,
      '["r","odd"]': ['00000000010000000000000001', 0, value] as const,
      ...(!bare && { '["e","0000000000001"]': ['00000000010000000000000001', 0] as const }),
    })),
    whole: fc.boolean(),
    complete: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

describe('a batch', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(documents, (given) => {
        expect(texts(readBatch(writeBatch(given)))).toEqual(texts(given));
      }),
    );
  });

  it('has one form, in whatever order states hold their cells', () => {
    fc.assert(
      fc.property(documents, (given) => {
        const reversed = given.map((document) => ({
          ...document,
          cells: Object.fromEntries(Object.entries(document.cells).reverse()),
        }));
        expect(writeBatch(reversed)).toEqual(writeBatch(given));
      }),
    );
  });

  it('that is damaged is refused, or is another batch in its one form', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(documents, damage, (given, changes) => {
        const bytes = writeBatch(given);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const read = refusedOr(() => readBatch(bytes));
        if (read !== undefined) expect(writeBatch(read)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('of random bytes is refused, or is read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        refusedOr(() => readBatch(bytes));
        refusedOr(() => readMessage(bytes));
      }),
      { numRuns: 500 },
    );
  });
});

/** What is read; undefined if it is refused as it should be. */
function refusedOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    return undefined;
  }
}

function texts(documents: readonly WireDocument[]): unknown {
  return documents.map(({ collection, id, cells, whole, complete = false }) => ({
    collection,
    whole,
    complete,
    id: canonical(id),
    cells: Object.entries(cells)
      .map(([path, [stamp, removed, value]]) => [path, stamp, removed, value === undefined ? '' : canonical(value)])
      .sort(),
  }));
}
