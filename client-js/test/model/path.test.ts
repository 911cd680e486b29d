import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonical,
  counter,
  counterBase,
  deletion,
  elementOf,
  existence,
  fieldOf,
  kindOf,
  makeStamp,
  mapLeaf,
  multiValue,
  parsePath,
  pathText,
  register,
  replicaOfPath,
  root,
  setElement,
  sinceOf,
  subFieldsOf,
} from '../../src/model/index.ts';
import { baseOf, lifeOf, totalOf } from '../../src/model/path.ts';
import { json, replicas } from './arbitraries.ts';

const fields = fc.string({ unit: 'binary', maxLength: 20 });
const SINCE = sinceOf(makeStamp(1, 0, '0000000000001'));

describe('a path', () => {
  it('is taken apart as it was put together', () => {
    fc.assert(
      fc.property(fields, json, replicas, (field, element, replica) => {
        const text = canonical(element);
        const path = setElement(field, text, replica);
        expect([kindOf(path), fieldOf(path), elementOf(path), replicaOfPath(path)]).toEqual([
          's',
          field,
          text,
          replica,
        ]);
        expect(fieldOf(register(field))).toBe(field);
        const value = multiValue(field, text, replica);
        expect([fieldOf(value), elementOf(value), replicaOfPath(value)]).toEqual([field, text, replica]);
        const leaf = mapLeaf(field, [field, 'a']);
        expect([kindOf(leaf), fieldOf(leaf), subFieldsOf(leaf)]).toEqual(['n', field, [field, 'a']]);
        const total = counter(field, SINCE, replica);
        const base = counterBase(field, SINCE, replica);
        expect([fieldOf(total), lifeOf(total), replicaOfPath(total)]).toEqual([
          field,
          `${SINCE}","${replica}`,
          replica,
        ]);
        expect([baseOf(total), totalOf(base), lifeOf(base)]).toEqual([base, total, lifeOf(total)]);
      }),
    );
  });

  it('is read back from its text', () => {
    fc.assert(
      fc.property(fields, fc.constantFrom(1, 'x', { a: [] }), replicas, (field, element, replica) => {
        for (const path of [
          existence(replica),
          deletion(replica),
          deletion('*'),
          register(field),
          setElement(field, canonical(element), replica),
          counter(field, SINCE, replica),
          counterBase(field, SINCE, replica),
          multiValue(field, canonical(element), replica),
          mapLeaf(field, [field, 'a']),
          root,
        ]) {
          expect(pathText(parsePath(path))).toBe(path);
          expect(pathText(parsePath(JSON.parse(path)))).toBe(path);
        }
      }),
    );
  });

  it.each(['["r","a"', '["r", "a"]', '["r","\\u0061"]', '["s","t",{"b":1,"a":2},"0000000000001"]'])(
    'is refused as a text that is not canonical: %s',
    (text) => {
      expect(() => parsePath(text)).toThrow('path: is not');
    },
  );
});
