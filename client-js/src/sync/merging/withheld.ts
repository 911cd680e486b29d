import type { CapturedConnection } from '../../capture/index.ts';
import { fromJson } from '../../model/index.ts';
import type { Collection } from '../collection.ts';
import { mayRefuse, readRow, shown, wereWritten } from '../database/document.ts';
import { type StoredRow, unpackRow } from '../database/packing.ts';
import { documentKey, rowsOf, sideStoreName } from '../database/rows.ts';
import { inspectStores, resultOf, type Transaction } from '../database/transaction.ts';
import { change } from './apply.ts';

/**
 * A record that an object store refuses as it has become by merging, mostly for a unique index: two devices gave the same value, each without knowing of the
 * other. The server holds both documents, and so does this device, as cells; its store goes on showing the record as it was before, or none. Once
 * nothing stands in its way any more, it is shown.
 */
export interface Withheld {
  readonly collection: string;
  readonly key: IDBValidKey;
  /** Why the store refuses it, in the browser's words. */
  readonly reason: string;
  /** The record as it has become. Fields that hold the key are left out. */
  readonly record: unknown;
}

/**
 * Tries again to show what a store has refused, where other records of it have changed in this transaction.
 *
 * @returns the keys of the documents that are shown now
 */
export async function showWithheld(transaction: Transaction, collection: Collection): Promise<IDBValidKey[]> {
  const store = transaction.store(collection.name);
  const all: IDBValidKey[] = [];
  if (!wereWritten(store) || !mayRefuse(store)) return all;
  let waiting = await keysOf(transaction.side(collection.name));
  for (let progress = true; progress && waiting.length > 0; ) {
    const left: IDBValidKey[] = [];
    for (const key of waiting) {
      const row = await readRow(transaction, collection.name, key);
      if (await change(transaction, collection, key, row, row)) all.push(key);
      else left.push(key);
    }
    progress = left.length < waiting.length;
    waiting = left;
  }
  return all;
}

/** How many records of the stores are withheld. */
export async function countWithheld(connection: CapturedConnection, stores: Iterable<string>): Promise<number> {
  const names = [...stores].map(sideStoreName);
  if (names.length === 0) return 0;
  const counts = await inspectStores(connection, names, (store) =>
    Promise.all(names.map((name) => resultOf(store(name).count(rowsOf('w'))))),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** All records that are withheld. */
export async function readWithheld(
  connection: CapturedConnection,
  collections: ReadonlyMap<string, Collection>,
): Promise<Withheld[]> {
  const found = [...collections.values()].map((collection) =>
    inspectStores(connection, [sideStoreName(collection.name)], async (store) => {
      const side = store(sideStoreName(collection.name));
      const keys = await keysOf(side);
      const rows = await Promise.all(keys.map((key) => resultOf<StoredRow>(side.get(documentKey(key)))));
      return rows.map((stored, i): Withheld => {
        const row = unpackRow(stored);
        const record = shown(row, collection);
        return {
          collection: collection.name,
          key: keys[i] as IDBValidKey,
          reason: row.withheld as string,
          record: record && fromJson(record),
        };
      });
    }),
  );
  return (await Promise.all(found)).flat();
}

async function keysOf(side: IDBObjectStore): Promise<IDBValidKey[]> {
  return (await resultOf(side.getAllKeys(rowsOf('w')))).map((key) => (key as [string, IDBValidKey])[1]);
}
