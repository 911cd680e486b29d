import {
  type Cells,
  diff,
  edit,
  equal,
  idOfKey,
  isEmpty,
  type Json,
  joinedLayers,
  type Reading,
  read,
  remove,
  type Stamp,
  TypeMismatchError,
  UnsupportedValueError,
} from '../model/index.ts';
import type { Collection } from './collection.ts';
import { greatestStamp, readRow, writeRecord, writeRow } from './document.ts';
import { toWireRecord } from './records.ts';
import { CLOCK, type NoteRow, noteRows, rowsOf } from './rows.ts';
import type { Stamper } from './stamper.ts';
import { resultOf, type Transaction } from './transaction.ts';

/** How many documents are drained in one transaction: the application's own transactions wait no longer than that. */
const CHUNK = 500;

export interface Drain {
  readonly stamper: Stamper;
  /** A document cannot travel as it stands. */
  readonly onLocal: (collection: string, key: IDBValidKey, reason: string) => void;
}

/**
 * Turns notes of a collection into pending cells: for each document that a note names, the difference between the record as it stands and the
 * document's cells. A note without a difference disappears.
 *
 * @returns the keys of the documents that were edited, and whether there are more notes
 */
export async function drain(
  transaction: Transaction,
  collection: Collection,
  context: Drain,
): Promise<{ edited: IDBValidKey[]; more: boolean }> {
  const side = transaction.side(collection.name);
  const edited: IDBValidKey[] = [];
  let left = CHUNK;
  while (left > 0) {
    const cursor = await resultOf(side.openCursor(noteRows()));
    if (cursor === null) return { edited, more: false };
    const row = cursor.value as RestRow;
    const keys = await keysOf(transaction, collection, row);
    const chunk = keys.slice(0, left);
    const rest = keys.slice(left);
    if (rest.length === 0) {
      side.delete(cursor.primaryKey);
    } else {
      const remaining: RestRow = { at: row.at, notes: rest.map((key) => ['put', key]), distinct: true };
      side.put(remaining, cursor.primaryKey);
    }
    const changed = await Promise.all(chunk.map((key) => drainDocument(transaction, collection, key, row.at, context)));
    edited.push(...chunk.filter((_, i) => changed[i]));
    left -= chunk.length;
    transaction.meta.put(context.stamper.highWater(), CLOCK);
  }
  return { edited, more: true };
}

/** What is left of a row of notes when a part of its documents has been drained. */
interface RestRow extends NoteRow {
  /** No document is named twice. */
  readonly distinct?: true;
}

/** The documents that a row of notes names, each once. */
async function keysOf(transaction: Transaction, collection: Collection, row: RestRow): Promise<IDBValidKey[]> {
  const side = transaction.side(collection.name);
  const known = async (range: (key: IDBValidKey) => boolean) =>
    (await resultOf(side.getAllKeys(rowsOf('d')))).map((key) => (key as [string, IDBValidKey])[1]).filter(range);
  const keys: IDBValidKey[] = [];
  for (const note of row.notes) {
    switch (note[0]) {
      case 'put':
      case 'delete':
        keys.push(note[1]);
        break;
      case 'clear':
        keys.push(...(await known(() => true)));
        break;
      case 'range': {
        const range = rangeOf(note[1], note[2], note[3], note[4]);
        keys.push(...(await known((key) => range.includes(key))));
        break;
      }
      case 'adopt':
        keys.push(...(await resultOf(transaction.store(collection.name).getAllKeys())));
    }
  }
  return row.distinct ? keys : distinct(keys);
}

function rangeOf(
  lower: IDBValidKey | undefined,
  upper: IDBValidKey | undefined,
  lowerOpen: boolean,
  upperOpen: boolean,
): IDBKeyRange {
  if (lower === undefined) return IDBKeyRange.upperBound(upper, upperOpen);
  if (upper === undefined) return IDBKeyRange.lowerBound(lower, lowerOpen);
  return IDBKeyRange.bound(lower, upper, lowerOpen, upperOpen);
}

function distinct(keys: IDBValidKey[]): IDBValidKey[] {
  const plain = new Set<IDBValidKey>();
  const others: IDBValidKey[] = [];
  for (const key of keys) {
    if (typeof key === 'string' || typeof key === 'number') plain.add(key);
    else others.push(key);
  }
  others.sort((one, other) => indexedDB.cmp(one, other));
  return [...plain, ...others.filter((key, i) => i === 0 || indexedDB.cmp(key, others[i - 1]) !== 0)];
}

async function drainDocument(
  transaction: Transaction,
  collection: Collection,
  key: IDBValidKey,
  at: Reading,
  context: Drain,
): Promise<boolean> {
  const store = transaction.store(collection.name);
  const [row, record, present] = await Promise.all([
    readRow(transaction, collection.name, key),
    resultOf(store.get(key)),
    resultOf(store.count(key)),
  ]);
  if (present === 0 && row.withheld !== undefined) return false; // it is not there, but nobody has deleted it
  const stands = joinedLayers(row);
  const stamp = context.stamper.at(at, greatestStamp(stands));
  const { local: _, withheld: __, ...travelling } = row;
  try {
    idOfKey(key); // refuses a key that is too long to travel
    const put = present === 0 ? undefined : toWireRecord(record, collection.keyPath, collection.schema.local);
    const cells = editOf(collection, stamp, stands, put);
    if (isEmpty(cells) && row.local === undefined) return false;
    const changed = { ...travelling, ...edit(row, cells) };
    writeRow(transaction, collection.name, key, changed);
    await normalise(transaction, collection, key, put, joinedLayers(changed));
    return !isEmpty(cells);
  } catch (error) {
    if (!(error instanceof UnsupportedValueError || error instanceof TypeMismatchError)) throw error;
    writeRow(transaction, collection.name, key, { ...row, local: error.message });
    context.onLocal(collection.name, key, error.message);
    return false;
  }
}

function editOf({ schema }: Collection, stamp: Stamp, stands: Readonly<Cells>, put: Json | undefined): Cells {
  return put === undefined ? remove({ schema, stamp, stands }) : diff({ schema, stamp, stands, put });
}

/** The same cells show the same record everywhere: also to the application that wrote it (sets in order, counters that start at 0). */
async function normalise(
  transaction: Transaction,
  collection: Collection,
  key: IDBValidKey,
  put: Json | undefined,
  cells: Readonly<Cells>,
): Promise<void> {
  const after = read(cells, collection.schema);
  if (put !== undefined && after !== undefined && !equal(put, after)) {
    await writeRecord(transaction, collection, key, put, after);
  }
}
