import fc from 'fast-check';
import {
  type Cells,
  type CollectionSchema,
  decodeCells,
  type Json,
  makeStamp,
  type ReplicaId,
  randomReplicaId,
  sinceOf,
} from '../../src/model/index.ts';
import { defineMember } from '../../src/model/json.ts';

export const millis = fc.integer({ min: 0, max: 2 ** 48 - 1 });
export const counters = fc.integer({ min: 0, max: 65535 });
export const replicas: fc.Arbitrary<ReplicaId> = fc.uint8Array({ minLength: 8, maxLength: 8 }).map(randomReplicaId);

export const A: ReplicaId = '0000000000001';
export const B: ReplicaId = '0000000000002';
export const C: ReplicaId = '0000000000003';

export const SCHEMA: CollectionSchema = {
  fields: { tags: 'set', votes: 'counter', state: 'multi', place: 'map', done: 'flag' },
  local: ['draft'],
};

/** Values with odd strings and keys; numbers are finite. */
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key(), tie('value'), { maxKeys: 4 }),
  ),
})).value as fc.Arbitrary<Json>;

/** Records with few fields and values, so that edits meet. */
export const records: fc.Arbitrary<Json> = fc.oneof(
  { weight: 9, arbitrary: objects() },
  { weight: 1, arbitrary: fc.constantFrom<Json>(5, null, [1], { $date: 1 }) },
);

/** States of a document with few paths and stamps, so that cells meet. */
export const states: fc.Arbitrary<Cells> = fc.array(cell(), { maxLength: 12 }).map((cells) => decodeCells(cells));

function key(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom('__proto__', 'constructor', '$date', '$set', '$object', '$x', '10', '9', '\ud800'),
  );
}

function objects(): fc.Arbitrary<Json> {
  const elements = fc.constantFrom<Json>('x', 'y', 1, '1', { b: 1, a: [] });
  return fc
    .record(
      {
        a: fc.constantFrom<Json>(1, 2, null, { x: 1 }),
        proto: fc.constantFrom<Json>(1, { a: 1 }),
        $date: fc.constantFrom<Json>(1, 'x'),
        tags: fc.uniqueArray(elements, { maxLength: 4 }),
        votes: fc.integer({ min: -5, max: 5 }),
        done: fc.boolean(),
        draft: fc.constantFrom<Json>(1, 'x'),
        state: fc.constantFrom<Json>('x', 'y', null, { b: 1, a: [] }, { $object: { $conflict: ['y', 'x'] } }),
        place: fc.constantFrom<Json>(
          {},
          { a: 1 },
          { a: { b: 1 } },
          { a: { b: 1, c: [2] } },
          { a: { c: { $date: 1 } }, d: null },
          { a: {} },
          { $object: { $set: { $object: { $set: 1 } } } },
          JSON.parse('{"__proto__":{"a":1}}'),
        ),
      },
      { requiredKeys: [] },
    )
    .map(({ proto, ...fields }) => {
      const record: Record<string, Json> = { ...fields };
      if (proto !== undefined) {
        defineMember(record, '__proto__', proto);
      }
      return record;
    });
}

function cell(): fc.Arbitrary<unknown> {
  const replica = fc.constantFrom(A, B, C);
  const stamp = fc.tuple(fc.integer({ min: 1, max: 4 }), replica).map(([time, by]) => makeStamp(time, 0, by));
  const number = fc.integer({ min: -3, max: 3 });
  const since = fc.constantFrom(1, 2).map((time) => sinceOf(makeStamp(time, 0, A)));
  const field = fc.constantFrom('a', 'tags', 'votes', '__proto__');
  const removed = fc.constantFrom(0, 1);
  const leaf = fc
    .constantFrom(['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'c'], ['$set'], ['$set', '$set'], ['__proto__', 'a'])
    .chain((way) => fc.tuple(fc.constant('n'), fc.constantFrom('a', 'place'), ...way.map((name) => fc.constant(name))));
  return fc.oneof(
    fc.tuple(fc.tuple(fc.constant('e'), replica), stamp, fc.constant(0)),
    fc.tuple(fc.tuple(fc.constant('d'), fc.oneof(replica, fc.constant('*'))), stamp, fc.constant(1)),
    fc.tuple(fc.tuple(fc.constant('r'), field), stamp, fc.constant(0), json),
    fc.tuple(fc.tuple(fc.constant('r'), field), stamp, fc.constant(1)),
    fc.tuple(fc.tuple(fc.constant('s'), field, fc.constantFrom('x', 1, { b: '"],[', a: 1 }), replica), stamp, removed),
    fc.tuple(fc.tuple(fc.constant('s'), fc.constant('done'), fc.constantFrom(true, 'x'), replica), stamp, removed),
    fc.tuple(
      fc.tuple(fc.constant('m'), fc.constantFrom('a', 'state'), fc.constantFrom('x', null), replica),
      stamp,
      removed,
    ),
    fc.tuple(leaf, stamp, fc.constant(0), fc.constantFrom<Json>(1, null, [1], {}, { $date: 1 })),
    fc.tuple(leaf, stamp, fc.constant(1)),
    fc.tuple(fc.tuple(fc.constant('c'), field, since, replica), stamp, fc.constant(0), number),
    fc.tuple(fc.tuple(fc.constant('b'), field, since, replica), stamp, fc.constant(1), number),
    fc.tuple(fc.constant(['v']), stamp, fc.constant(0), number),
    fc.tuple(fc.constant(['v']), stamp, fc.constant(1)),
  );
}
