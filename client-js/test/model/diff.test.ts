import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alive,
  type Cells,
  canonical,
  diff,
  fromJson,
  type Json,
  type JsonObject,
  join,
  joined,
  makeStamp,
  read,
  remove,
  TypeMismatchError,
  toJson,
  UnsupportedValueError,
} from '../../src/model/index.ts';
import { valuesOf } from '../../src/model/multi.ts';
import { formOf, memberOf, recordOf } from '../../src/model/record.ts';
import { A, B, C, records, SCHEMA, states } from './arbitraries.ts';

const schema = SCHEMA;
const writers = fc.constantFrom(A, B, C);

describe('a put', () => {
  it('reads back as it was put, whatever stood before', () => {
    fc.assert(
      fc.property(states, records, writers, (stands, put, writer) => {
        const after = joined(stands, diff({ schema, stamp: makeStamp(9, 0, writer), stands, put }));
        expect(canonical(unordered(read(after, schema) as Json))).toBe(canonical(unordered(put)));
      }),
      { numRuns: 1000 },
    );
  });

  it('is no edit when it is put again', () => {
    fc.assert(
      fc.property(states, records, writers, (stands, put, writer) => {
        const after = joined(stands, diff({ schema, stamp: makeStamp(9, 0, writer), stands, put }));
        expect(diff({ schema, stamp: makeStamp(10, 0, writer), stands: after, put })).toEqual({});
      }),
    );
  });

  it('that changes nothing of what was read is no edit, whatever happened since', () => {
    fc.assert(
      fc.property(states, states, writers, (before, since, writer) => {
        const stands = joined(before, since);
        const put = read(before, schema);
        fc.pre(put !== undefined && alive(stands));
        expect(diff({ schema, stamp: makeStamp(9, 0, writer), stands, put: put as Json, read: put })).toEqual({});
      }),
    );
  });

  it('writes only cells that win', () => {
    fc.assert(
      fc.property(states, states, records, writers, (before, since, put, writer) => {
        const stands = joined(before, since);
        const cells = diff({ schema, stamp: makeStamp(9, 0, writer), stands, put, read: read(before, schema) });
        for (const [path, cell] of Object.entries(cells)) {
          expect(join({ ...stands }, { [path]: cell })).toBe(true);
        }
      }),
    );
  });

  it('leaves what stands as it is', () => {
    const stands: Cells = Object.freeze({});
    const put = toJson({ title: 'x', tags: ['a'], votes: 1 });
    expect(Object.keys(diff({ schema, stamp: makeStamp(1, 0, A), stands, put }))).toHaveLength(4);
  });
});

describe('a conflict', () => {
  it('is shown as an object of the values, and resolved by putting one of them', () => {
    const stands: Cells = {};
    const put = (state: Json, by: string, from: Readonly<Cells>) =>
      diff({ schema, stamp: makeStamp(1, 0, by), stands: from, put: { state } });
    const one = put('x', A, {});
    join(stands, put('y', B, {}));
    join(stands, one);
    const shown = fromJson(read(stands, schema) as Json) as { state: unknown };
    expect(shown.state).toEqual({ $conflict: ['x', 'y'] });
    const again = toJson({ ...shown });
    expect(diff({ schema, stamp: makeStamp(2, 0, C), stands, put: again })).toEqual({});
    join(stands, diff({ schema, stamp: makeStamp(2, 0, C), stands, put: { ...(again as JsonObject), state: 'x' } }));
    expect(read(stands, schema)).toMatchObject({ state: 'x' });
  });

  it('that two resolve differently stays one', () => {
    const of = (state: Json, by: string, millis: number, stands: Readonly<Cells>) =>
      joined(stands, diff({ schema, stamp: makeStamp(millis, 0, by), stands, put: { state } }));
    const conflict = joined(of('x', A, 1, {}), of('y', B, 1, {}));
    const both = joined(of('x', A, 2, conflict), of('y', B, 2, conflict));
    expect(read(both, schema)).toMatchObject({ state: { $object: { $conflict: ['x', 'y'] } } });
  });
});

describe('a deletion', () => {
  it('makes any document dead that it saw, and is no edit when it is repeated', () => {
    fc.assert(
      fc.property(states, fc.constantFrom('add-wins' as const, 'last-writer-wins' as const), (stands, deletion) => {
        const policy = { ...schema, deletion };
        const after = joined(stands, remove({ schema: policy, stamp: makeStamp(9, 0, A), stands }));
        expect(read(after, schema)).toBeUndefined();
        expect(remove({ schema: policy, stamp: makeStamp(10, 0, A), stands: after })).toEqual({});
      }),
    );
  });

  it('keeps no edit from reviving the document', () => {
    fc.assert(
      fc.property(states, records, (stands, put) => {
        const deleted = joined(stands, remove({ schema, stamp: makeStamp(9, 0, A), stands }));
        const after = joined(deleted, diff({ schema, stamp: makeStamp(10, 0, B), stands: deleted, put }));
        expect(canonical(unordered(read(after, schema) as Json))).toBe(canonical(unordered(put)));
      }),
    );
  });
});

describe('an error', () => {
  it('names the field and its type', () => {
    const put = { tags: 'red' };
    expect(() => diff({ schema, stamp: makeStamp(1, 0, A), stands: {}, put })).toThrow(
      new TypeMismatchError('tags', 'set', 'a string'),
    );
    expect(() => diff({ schema, stamp: makeStamp(1, 0, A), stands: {}, put })).toThrow(
      expect.objectContaining({ code: 'type-mismatch', field: 'tags', type: 'set' }),
    );
  });

  it('names the map and the leaf', () => {
    const stands: Cells = {};
    const stamp = makeStamp(1, 0, A);
    expect(() => diff({ schema, stamp, stands, put: { place: [1] } })).toThrow(
      new TypeMismatchError('place', 'map', 'an array'),
    );
    expect(() => diff({ schema, stamp, stands, put: { place: { a: { ['y'.repeat(1100)]: 1 } } } })).toThrow(
      /^place\.a\.y+: a sub-field's name is longer than 1024 bytes/,
    );
    expect(() => diff({ schema, stamp, stands, put: { state: 'y'.repeat(1100) } })).toThrow(
      new UnsupportedValueError(['state'], 'a value of a multi is longer than 1024 bytes'),
    );
  });

  it('names the element that is too long', () => {
    const put = { tags: ['x', 'y'.repeat(2000)] };
    expect(() => diff({ schema, stamp: makeStamp(1, 0, A), stands: {}, put })).toThrow(
      new UnsupportedValueError(['tags', 1], 'the element of a set is longer than 1024 bytes'),
    );
  });

  it('names the field whose value is too long', () => {
    const put = { a: ['y'.repeat(1024 * 1024)] };
    expect(() => diff({ schema, stamp: makeStamp(1, 0, A), stands: {}, put })).toThrow(/^a: .*1048576 bytes/);
  });
});

/** A record with its declared fields filled in, without local ones, and its sets and conflicts sorted: these do not keep the order of a put. */
function unordered(record: Json): Json {
  const form = formOf(record);
  if (!('fields' in form)) {
    return record;
  }
  const fields = new Map(Object.entries(form.fields as JsonObject) as [string, Json][]);
  const tags = (memberOf(form.fields, 'tags') ?? []) as readonly Json[];
  fields.set('tags', tags.map(canonical).sort());
  fields.set('votes', memberOf(form.fields, 'votes') ?? 0);
  fields.set('state', valuesOf(memberOf(form.fields, 'state')).map(canonical).sort());
  fields.set('place', memberOf(form.fields, 'place') ?? {});
  fields.set('done', memberOf(form.fields, 'done') ?? false);
  fields.delete('draft');
  return recordOf(fields);
}
