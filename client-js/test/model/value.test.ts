import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical, fromJson, type Json, recordToJson, toJson, UnsupportedValueError } from '../../src/model/index.ts';
import { json } from './arbitraries.ts';

const bytes = Uint8Array.of(0, 1, 2, 3, 255);

describe('toJson and fromJson', () => {
  it.each<[string, unknown, string]>([
    ['minus zero', -0, '0'],
    ['NaN', Number.NaN, '{"$number":"NaN"}'],
    ['infinity', Number.NEGATIVE_INFINITY, '{"$number":"-Infinity"}'],
    ['undefined', undefined, '{"$undefined":true}'],
    ['a big integer', -12n, '{"$bigint":"-12"}'],
    ['a date', new Date(1700000000000), '{"$date":1700000000000}'],
    ['an invalid date', new Date(Number.NaN), '{"$date":null}'],
    ['bytes', Uint8Array.of(1, 2, 3), '{"$binary":["Uint8Array","AQID"]}'],
    ['a part of a buffer', bytes.subarray(1, 4), '{"$binary":["Uint8Array","AQID"]}'],
    ['a buffer', bytes.slice(1, 4).buffer, '{"$binary":["ArrayBuffer","AQID"]}'],
    ['a data view', new DataView(bytes.buffer, 1, 3), '{"$binary":["DataView","AQID"]}'],
    ['doubles', Float64Array.of(1), '{"$binary":["Float64Array","AAAAAAAA8D8="]}'],
    [
      'a map',
      new Map<unknown, unknown>([
        ['b', 1],
        [{}, new Set([2, 'x'])],
      ]),
      '{"$map":[["b",1],[{},{"$set":[2,"x"]}]]}',
    ],
    ['an object that looks like a date', { $date: 1 }, '{"$object":{"$date":1}}'],
    ['an object that looks escaped', { $object: { $x: 1 } }, '{"$object":{"$object":{"$object":{"$x":1}}}}'],
    ['an object with two such keys', { $date: 1, $set: [] }, '{"$date":1,"$set":[]}'],
    ['an object whose only key is a dollar', { $: 1 }, '{"$object":{"$":1}}'],
    ['a field that is undefined', { a: undefined }, '{"a":{"$undefined":true}}'],
  ])('carry %s', (_, value, text) => {
    expect(canonical(toJson(value))).toBe(text);
    expect(fromJson(toJson(value))).toEqual(value === 0 ? 0 : value);
  });

  it('give back what a structured clone gives', () => {
    const values = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withNullPrototype: true,
    });
    fc.assert(
      fc.property(values, (value) => {
        const tree = toJson(value);
        const clone = fromJson(tree);
        expect(canonical(toJson(clone))).toBe(canonical(tree));
        expect(canonical(toJson(structuredClone(value)))).toBe(canonical(tree));
      }),
    );
  });

  it('take the plain object that a structured clone makes of a class instance', () => {
    class Point {
      x = 1;
      get double() {
        return this.x * 2;
      }
    }
    expect(toJson(new Point())).toEqual({ x: 1 });
  });

  it('carry a value that stands at two places', () => {
    const shared = { a: 1 };
    expect(toJson([shared, shared])).toEqual([{ a: 1 }, { a: 1 }]);
  });

  it('carry large binaries', () => {
    const large = new Uint8Array(100_000).fill(7);
    expect(fromJson(toJson(large))).toEqual(large);
  });
});

describe('a key named __proto__', () => {
  it('is a member and sets no prototype', () => {
    const value = JSON.parse('{"__proto__":{"polluted":true},"a":1}');
    const clone = fromJson(toJson(value)) as Record<string, unknown>;
    expect(Object.keys(clone)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(clone)).toBe(Object.prototype);
    expect(clone.polluted).toBeUndefined();
  });
});

describe('what cannot travel is refused with its path:', () => {
  const cyclic: { self?: unknown } = {};
  cyclic.self = [cyclic];
  it.each<[string, unknown, (string | number)[], RegExp]>([
    ['a function', { a: [0, () => 0] }, ['a', 1], /function/],
    ['a symbol', { a: Symbol() }, ['a'], /symbol/],
    ['a blob', { photo: new Blob([]) }, ['photo'], /Blob/],
    ['an error', { a: new Error() }, ['a'], /Error/],
    ['a regular expression', { a: /x/ }, ['a'], /RegExp/],
    ['a boxed number', { a: Object(1) }, ['a'], /Number/],
    ['a boxed big integer', { a: Object(1n) }, ['a'], /BigInt/],
    ['a weak map', { a: new WeakMap() }, ['a'], /WeakMap/],
    ['a promise', { a: Promise.resolve() }, ['a'], /Promise/],
    ['a cyclic value', cyclic, ['self', 0], /cyclic/],
    // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
    ['an array with a hole', { a: [1, , 2] }, ['a'], /holes/],
    ['an array with a hole and a name', { a: Object.assign([1, 2].concat(new Array(1)), { x: 1 }) }, ['a', 2], /holes/],
    ['an array with a named property', { a: Object.assign([1], { x: 1 }) }, ['a'], /named/],
    ['what a map holds', new Map([['k', () => 0]]), [0, 1], /function/],
  ])('%s', (_, value, path, reason) => {
    const error = refusal(value);
    expect(error.path).toEqual(path);
    expect(error.message).toMatch(reason);
  });

  it('an accessor, which does not run', () => {
    const value = {
      get a(): number {
        throw new Error('ran');
      },
    };
    expect(refusal(value).reason).toMatch(/accessor/);
  });

  it('more than 64 levels', () => {
    expect(() => toJson(nested(64))).not.toThrow();
    expect(refusal(nested(65)).reason).toMatch(/64 levels/);
  });

  it('no empty map whose text nests 64 levels', () => {
    expect(() => toJson(nested(62, new Map()))).not.toThrow();
    expect(refusal(nested(63, new Map())).reason).toMatch(/64 levels/);
    expect(refusal(nested(62, new Map([[1, 2]]))).reason).toMatch(/64 levels/);
  });
});

describe('recordToJson', () => {
  it('lets each field nest as deep as a value may', () => {
    expect(() => recordToJson({ a: nested(64) })).not.toThrow();
    expect(() => recordToJson({ $a: nested(64) })).not.toThrow();
  });
});

describe('fromJson', () => {
  it.each<[Json]>([
    [{ $later: 1 }],
    [{ $date: 'x' }],
    [{ $date: 8.64e15 + 1 }],
    [{ $binary: ['Uint8Array', 'AQ'] }],
    [{ $binary: ['Uint16Array', 'AQ=='] }],
    [{ $binary: ['Object', 'AQ=='] }],
    [{ $bigint: '1.5' }],
    [{ $number: '1' }],
    [{ $undefined: false }],
    [{ $map: [['a']] }],
    [{ $set: 1 }],
    [{ $object: [] }],
  ])('takes a tag that it does not understand as an object: %j', (tree) => {
    expect(fromJson(tree)).toEqual(tree);
  });

  it('takes any tree', () => {
    fc.assert(fc.property(json, (tree) => void fromJson(tree)));
  });
});

function nested(levels: number, inside: unknown = 1): unknown {
  return levels === 0 ? inside : [nested(levels - 1, inside)];
}

function refusal(value: unknown): UnsupportedValueError {
  try {
    toJson(value);
  } catch (error) {
    expect(error).toBeInstanceOf(UnsupportedValueError);
    return error as UnsupportedValueError;
  }
  throw new Error('was not refused');
}
