import { describe, expect, test } from 'vitest';
import { compareKeys, readKey, snapshotKey } from '../../src/capture/keys.ts';

describe('readKey', () => {
  test('walks own enumerable data properties', () => {
    expect(readKey({ a: { b: 7 } }, 'a.b')).toBe(7);
    expect(readKey({ a: 'x', b: { c: 2 } }, ['b.c', 'a'])).toEqual([2, 'x']);
    expect(readKey('itself', '')).toBe('itself');
  });

  test('knows the length of strings and arrays', () => {
    expect(readKey({ a: 'four' }, 'a.length')).toBe(4);
    expect(readKey({ a: [1, 2] }, 'a.length')).toBe(2);
  });

  test('is undefined for what a structured clone would drop or has to compute', () => {
    class Todo {
      get id() {
        return 1;
      }
    }
    const accessor = Object.defineProperty({}, 'id', { get: () => expect.fail('ran'), enumerable: true });
    const concealed = Object.defineProperty({}, 'id', { value: 1, enumerable: false });
    for (const value of [new Todo(), accessor, concealed, {}, null, 5]) expect(readKey(value, 'id')).toBeUndefined();
    expect(readKey({ a: 1 }, ['a', 'b'])).toBeUndefined();
  });
});

describe('compareKeys', () => {
  test('knows snapshots of the same key', () => {
    const keys = [
      1,
      2,
      'a',
      '1',
      new Date(1),
      new Date(2),
      new Uint8Array([1]),
      new Uint8Array([1, 2]),
      [],
      [1],
      [[1]],
      ['1'],
    ];
    const [ones, others] = [keys.map(snapshotKey), keys.map(snapshotKey)] as [IDBValidKey[], IDBValidKey[]];
    ones.forEach((one, i) => {
      expect(others.map((other) => compareKeys(one, other) === 0)).toEqual(keys.map((_, j) => i === j));
    });
  });
});

describe('snapshotKey', () => {
  test('copies everything that can change', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const key: [Date, [Uint8Array<ArrayBuffer>]] = [new Date(5), [bytes.subarray(1)]];
    const snapshot = snapshotKey(key);
    key[0].setTime(6);
    bytes.fill(0);
    expect(snapshot).toEqual([new Date(5), [new Uint8Array([2, 3]).buffer]]);
  });

  test('is undefined for what is no key or runs something, and runs nothing', () => {
    const array = Object.defineProperty([1, 2], 1, { get: () => expect.fail('ran') });
    const object = {
      get time() {
        return expect.fail('ran');
      },
    };
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const detached = new Uint8Array(1);
    structuredClone(detached, { transfer: [detached.buffer] });
    for (const key of [
      undefined,
      null,
      true,
      object,
      array,
      [array],
      [1, {}],
      new Array(2),
      cyclic,
      detached,
      detached.buffer,
    ]) {
      expect(snapshotKey(key)).toBeUndefined();
    }
  });
});
