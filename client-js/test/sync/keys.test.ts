import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { compareKeys } from '../../src/capture/keys.ts';
import { createKeyMap } from '../../src/sync/database/keys.ts';

const bytes = (...values: number[]) => new Uint8Array(values).buffer;
const KEYS: IDBValidKey[] = [
  ...[
    Number.NEGATIVE_INFINITY,
    -1,
    0,
    1.5,
    new Date(-1),
    new Date(2),
    '',
    '1',
    'a',
    'a\0',
    'aa',
    '\uD83D\uDE00',
    '\uFFFF',
  ],
  ...[bytes(0), bytes(0, 255), bytes(1), [], [-1], [0, 'x'], [[]], [[], 1]],
];

test('compareKeys orders keys as IndexedDB does', () => {
  for (const one of KEYS) {
    for (const other of KEYS) expect(Math.sign(compareKeys(one, other))).toBe(indexedDB.cmp(one, other));
  }
});

test('a map by keys tells keys apart by what they are', () => {
  const map = createKeyMap<number>();
  KEYS.forEach((key, i) => {
    map.set(structuredClone(key), i);
  });
  expect(map.size).toBe(KEYS.length);
  expect(KEYS.map((key) => map.get(key))).toEqual(KEYS.map((_, i) => i));
  map.set(new Uint8Array([0, 9, 9]).subarray(0, 1), 99);
  expect(map.get(bytes(0))).toBe(99);
});
