import { compareKeys } from '../../capture/keys.ts';
import { NO_LAYERS } from '../../model/index.ts';
import { createKeyMap } from './keys.ts';
import { type StoredRow, unpackRow } from './packing.ts';
import { packsIn } from './packs.ts';
import { type DocumentRow, documentKey, rowsOf } from './rows.ts';
import { resultOf } from './transaction.ts';

/** Fewer are read one by one. */
const LEAST = 4;
/** How many more than were asked for may be read, before they are rather read one by one. */
const WASTE = 2;

/** What a store holds under some keys; undefined where it holds nothing. */
interface Held<T> {
  readonly value: T;
}

/** The rows of documents, as {@link readRow} reads one; in a few requests, if the documents lie close together. */
export async function readRows(side: IDBObjectStore, keys: readonly IDBValidKey[]): Promise<DocumentRow[]> {
  const held = await readTogether<StoredRow>(side, keys.map(documentKey));
  const missing = keys.filter((_, i) => held[i] === undefined);
  const packed = (await packsIn(side).readAll(missing)).values();
  return held.map((row) => (row === undefined ? (packed.next().value ?? NO_LAYERS) : unpackRow(row.value)));
}

/** The documents of a side store that have pending edits, at most so many, if that is given. */
export async function readPendingRows(
  side: IDBObjectStore,
  most?: number,
): Promise<(readonly [IDBValidKey, DocumentRow])[]> {
  const marks = (await resultOf(side.getAllKeys(rowsOf('p'), most))) as [string, IDBValidKey][];
  const keys = marks.map(([, key]) => key);
  const rows = await readRows(side, keys);
  const packed = await packsIn(side).pending(most && most - keys.length);
  return [...keys.map((key, i) => [key, rows[i] as DocumentRow] as const), ...packed];
}

/** What a store holds under each of these keys. */
export async function readTogether<T>(
  store: IDBObjectStore,
  keys: readonly IDBValidKey[],
): Promise<(Held<T> | undefined)[]> {
  const between = keys.length < LEAST ? undefined : await readBetween<T>(store, keys);
  if (between !== undefined) return keys.map((key) => between.get(key));
  return Promise.all(
    keys.map(async (key) => {
      const value = await resultOf<T | undefined>(store.get(key));
      const present = value !== undefined || (await resultOf(store.count(key))) === 1; // undefined can be a record, too
      return present ? { value: value as T } : undefined;
    }),
  );
}

/** All that lies between the least and the greatest of the keys; undefined if that is too much. */
async function readBetween<T>(store: IDBObjectStore, keys: readonly IDBValidKey[]) {
  const sorted = keys.toSorted(compareKeys);
  const range = IDBKeyRange.bound(sorted[0], sorted.at(-1));
  const most = WASTE * keys.length;
  const found = await resultOf(store.getAllKeys(range, most + 1));
  if (found.length > most) return undefined;
  const held = createKeyMap<Held<T>>();
  if (found.length === 0) return held;
  const values = await resultOf<T[]>(store.getAll(range));
  for (const [i, key] of found.entries()) held.set(key, { value: values[i] as T });
  return held;
}
