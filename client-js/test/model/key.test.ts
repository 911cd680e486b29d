import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { canonical, idOfKey, keyOfId, UnsupportedValueError } from '../../src/model/index.ts';

describe('the id of a key', () => {
  it.each<[IDBValidKey, string]>([
    ['1', '"1"'],
    [1, '1'],
    [-0, '0'],
    [Number.POSITIVE_INFINITY, '{"$number":"Infinity"}'],
    [new Date(5), '{"$date":5}'],
    [Uint8Array.of(1, 2, 3).buffer, '{"$binary":["ArrayBuffer","AQID"]}'],
    [['a', [1, new Date(5)]], '["a",[1,{"$date":5}]]'],
  ])('of %j', (key, text) => {
    expect(canonical(idOfKey(key))).toBe(text);
    expect(indexedDB.cmp(keyOfId(idOfKey(key)), key)).toBe(0);
  });

  it('is the same for all binaries with the same bytes, as in IndexedDB', () => {
    const bytes = Uint8Array.of(1, 2, 3, 0);
    expect(idOfKey(bytes)).toEqual(idOfKey(bytes.buffer));
    expect(idOfKey(new DataView(bytes.buffer, 0, 3))).toEqual({ $binary: ['ArrayBuffer', 'AQID'] });
  });

  it.each([[Number.NaN], [new Date(Number.NaN)], [null], [true], [{}], [[undefined]]])('refuses %j', (key) => {
    expect(() => idOfKey(key as IDBValidKey)).toThrow('not a valid key');
  });

  it('refuses a key that contains itself', () => {
    const key: unknown[] = [];
    key.push(key);
    expect(() => idOfKey(key as IDBValidKey)).toThrow('not a valid key');
  });

  it('refuses a key of more than 1,024 bytes', () => {
    expect(() => idOfKey('x'.repeat(1022))).not.toThrow();
    expect(() => idOfKey('x'.repeat(1023))).toThrow('1024 bytes');
    expect(() => idOfKey('x'.repeat(1024 * 1024))).toThrow(UnsupportedValueError);
  });
});
