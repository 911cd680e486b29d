import {
  type Cells,
  equal,
  isEmpty,
  type Json,
  joinedLayers,
  NO_LAYERS,
  type ReplicaId,
  read,
  replicaOf,
  type Stamp,
} from '../../model/index.ts';
import type { Collection } from '../collection.ts';
import { toRecord, withLocal } from '../merging/records.ts';
import { putRow, type StoredRow, unpackRow, waits } from './packing.ts';
import { packsIn } from './packs.ts';
import { type DocumentRow, documentKey, pendingKey, withheldKey } from './rows.ts';
import { resultOf, type Transaction } from './transaction.ts';

/** The row of a document; one without cells if there is none. */
export async function readRow(transaction: Transaction, store: string, key: IDBValidKey): Promise<DocumentRow> {
  const side = transaction.side(store);
  const stored = await resultOf<StoredRow | undefined>(side.get(documentKey(key)));
  return stored === undefined ? ((await packsIn(side).read(key)) ?? NO_LAYERS) : unpackRow(stored);
}

/**
 * Writes the row of a document, which has been read in this transaction. What stays local is not in the outbox.
 *
 * @param before what was read, if that is at hand: what was not in the outbox need not be taken out of it
 */
export function writeRow(
  transaction: Transaction,
  store: string,
  key: IDBValidKey,
  row: DocumentRow,
  before?: DocumentRow,
): void {
  const side = transaction.side(store);
  packsIn(side).leave(key);
  const nothing = isEmpty(row.delivered) && isEmpty(row.pending);
  if (nothing && row.local === undefined) {
    side.delete(documentKey(key));
    side.delete(pendingKey(key));
  } else if (!putRow(side, key, row) && (before === undefined || waits(before))) {
    side.delete(pendingKey(key));
  }
}

/** Writes the row of a document whose record the store refuses. */
export function writeWithheld(
  transaction: Transaction,
  store: string,
  key: IDBValidKey,
  row: DocumentRow & { readonly withheld: string },
): void {
  writeRow(transaction, store, key, row);
  transaction.side(store).put(1, withheldKey(key));
}

/** The record that a row shows; undefined if the document is not alive. */
export function shown(row: DocumentRow, { schema }: Collection): Json | undefined {
  return read(joinedLayers(row), schema);
}

/** What became of a record: as it was, written anew, or refused by the store for a reason. */
export type Written = 'same' | 'changed' | { readonly refused: string };

/** Brings the record from what a row showed before to what it shows now. Local fields stay as they are. */
export async function writeRecord(
  transaction: Transaction,
  collection: Collection,
  key: IDBValidKey,
  before: Json | undefined,
  after: Json | undefined,
): Promise<Written> {
  const store = transaction.store(collection.name);
  if (after === undefined) {
    if (before === undefined) return 'same';
    await removeRecord(store, key);
    return 'changed';
  }
  if (before !== undefined && equal(before, after)) return 'same';
  try {
    const { local } = collection.schema;
    const merged = toRecord(after, collection.keyPath, key);
    const record = local === undefined ? merged : withLocal(merged, await resultOf(store.get(key)), local);
    const request = collection.keyPath === null ? store.put(record, key) : store.put(record);
    if (!mayRefuse(store)) return 'changed';
    const refused = await refusalOf(request);
    if (refused !== undefined) return { refused };
    written(store);
    return 'changed';
  } catch (error) {
    if (error instanceof DOMException && error.name === 'DataError') return { refused: error.message };
    throw error;
  }
}

async function removeRecord(store: IDBObjectStore, key: IDBValidKey): Promise<void> {
  await resultOf(store.delete(key));
  written(store);
}

const changed = new WeakSet<IDBObjectStore>();

/** A record of the store has changed, in its transaction or just before it. */
export function written(store: IDBObjectStore): void {
  changed.add(store);
}

/** Whether a record of the store has changed, in its transaction or just before it, so that others may be shown now that it refused. */
export function wereWritten(store: IDBObjectStore): boolean {
  return changed.has(store);
}

const refusing = new WeakMap<IDBObjectStore, boolean>();

/** Whether a store may refuse a record when it is written: with a unique index. Whatever else fails aborts the transaction. */
export function mayRefuse(store: IDBObjectStore): boolean {
  const may = refusing.get(store) ?? Array.from(store.indexNames).some((name) => store.index(name).unique);
  refusing.set(store, may);
  return may;
}

/** A unique index that two merged records violate refuses one of them; that must not undo the rest. */
function refusalOf(request: IDBRequest): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(undefined);
    request.onerror = (event) => {
      if (request.error?.name !== 'ConstraintError') return reject(request.error);
      event.preventDefault();
      resolve(request.error.message);
    };
  });
}

/** The greatest stamp among cells; of a replica's own, if one is given. */
export function greatestStamp(cells: Readonly<Cells>, replica?: ReplicaId): Stamp | undefined {
  let greatest: Stamp | undefined;
  for (const path in cells) {
    const stamp = (cells[path] as Cells[string])[0];
    if (replica !== undefined && replicaOf(stamp) !== replica) continue;
    if (greatest === undefined || stamp > greatest) greatest = stamp;
  }
  return greatest;
}

/** The greater one of two stamps. */
export function greater(one: Stamp | undefined, other: Stamp | undefined): Stamp | undefined {
  return one === undefined || (other !== undefined && other > one) ? other : one;
}
