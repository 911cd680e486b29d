import type { Note } from '../capture/index.ts';
import {
  type Cells,
  diff,
  edit,
  equal,
  idOfKey,
  isEmpty,
  type Json,
  joinedLayers,
  NO_LAYERS,
  type Reading,
  read,
  remove,
  type Stamp,
  TypeMismatchError,
  UnsupportedValueError,
} from '../model/index.ts';
import type { Collection } from './collection.ts';
import { greatestStamp, writeRecord, writeRow } from './document.ts';
import { compareKeys, createKeyMap } from './keys.ts';
import { type Fresh, packsIn } from './packs.ts';
import { readAt, remember } from './past.ts';
import { toWireRecord } from './records.ts';
import { CLOCK, type DocumentRow, type NoteRow, noteRows, rowsOf } from './rows.ts';
import type { Stamper } from './stamper.ts';
import { readRows, readTogether } from './together.ts';
import { resultOf, type Transaction } from './transaction.ts';

/** How many documents are drained in one transaction: the application's own transactions wait no longer than that. */
const CHUNK = 250;
/** How many rows of notes are looked at together, so that all that was put of a document is known. */
const MOST_ROWS = 2000;

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
  const [ids, rows] = await Promise.all([
    resultOf(side.getAllKeys(noteRows(), MOST_ROWS)),
    resultOf<NoteRow[]>(side.getAll(noteRows(), MOST_ROWS)),
  ]);
  if (rows.length === 0) return { edited: [], more: false };

  const notes = await Promise.all(rows.map((row) => puts(transaction, collection, row)));
  const dirty = createKeyMap<Dirty>();
  rows.forEach(({ at }, i) => {
    for (const [key, base] of notes[i] as Put[]) {
      const known = dirty.get(key);
      // Whatever was put in between came from what had been read by then.
      const oldest = known === undefined || base === undefined ? base : Math.min(base, known.base ?? base);
      dirty.set(key, { key, at, base: oldest ?? known?.base });
    }
  });
  // In the order of their keys: they can be read together then.
  const chunk = [...dirty.values()].sort((one, other) => compareKeys(one.key, other.key)).slice(0, CHUNK);
  const drained = createKeyMap<true>();
  for (const { key } of chunk) drained.set(key, true);
  rows.forEach(({ at }, i) => {
    const named = notes[i] as Put[];
    const left = named.filter(([key]) => !drained.get(key));
    const id = ids[i] as IDBValidKey;
    if (left.length === 0) side.delete(id);
    else if (left.length < named.length) putBack(side, id as number, at, left);
  });
  const keys = chunk.map(({ key }) => key);
  const [standing, records] = await Promise.all([
    readRows(transaction, collection.name, keys),
    readTogether(transaction.store(collection.name), keys),
  ]);
  const fresh: Fresh[] = [];
  const changed = await Promise.all(
    chunk.map((document, i) => {
      const row = standing[i] as DocumentRow;
      return drainDocument(transaction, collection, { ...document, row, record: records[i] }, context, fresh);
    }),
  );
  for (const { key, cells } of await packsIn(side).add(fresh)) {
    writeRow(transaction, collection.name, key, { ...NO_LAYERS, pending: cells });
  }
  transaction.meta.put(context.stamper.highWater(), CLOCK);
  const edited = chunk.filter((_, i) => changed[i]).map(({ key }) => key);
  return { edited, more: dirty.size > chunk.length || rows.length === MOST_ROWS };
}

/** Puts what is left of a row in its place, in parts that need not be written again. */
function putBack(side: IDBObjectStore, id: number, at: Reading, left: readonly Put[]): void {
  const parts = Math.ceil(left.length / CHUNK);
  const sorted = left.toSorted(([one], [other]) => compareKeys(one, other)); // as chunks are taken
  for (let i = 0; i < parts; i++) {
    const notes: Note[] = sorted.slice(i * CHUNK, (i + 1) * CHUNK).map(([key, base]) => ['put', key, base]);
    side.put({ at, notes } satisfies NoteRow, id + i / parts);
  }
}

type Put = readonly [key: IDBValidKey, base?: number | undefined];

/** A document that notes name. */
interface Dirty {
  readonly key: IDBValidKey;
  /** When it was last written. */
  readonly at: Reading;
  /** The version at which the record was read that was put, as far as that is known. */
  readonly base: number | undefined;
}

/** The documents that a row of notes names. */
async function puts(transaction: Transaction, collection: Collection, row: NoteRow): Promise<Put[]> {
  const side = transaction.side(collection.name);
  const known = async (range: (key: IDBValidKey) => boolean): Promise<Put[]> =>
    (await allKeys(side)).filter(range).map((key) => [key]);
  const found: Put[] = [];
  for (const note of row.notes) {
    switch (note[0]) {
      case 'put':
      case 'delete':
        found.push([note[1], note[2] as number | undefined]);
        break;
      case 'clear':
        found.push(...(await known(() => true)));
        break;
      case 'range': {
        const range = rangeOf(note[1], note[2], note[3], note[4]);
        found.push(...(await known((key) => range.includes(key))));
        break;
      }
      case 'adopt':
        found.push(...(await resultOf(transaction.store(collection.name).getAllKeys())).map((key): Put => [key]));
    }
  }
  return found;
}

/** The keys of all documents that have cells. */
async function allKeys(side: IDBObjectStore): Promise<IDBValidKey[]> {
  const alone = await resultOf(side.getAllKeys(rowsOf('d')));
  const packed = await packsIn(side).all();
  return [...alone.map((key) => (key as [string, IDBValidKey])[1]), ...packed.map(([key]) => key)];
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

/** A document that notes name, as it stands. */
interface Standing extends Dirty {
  readonly row: DocumentRow;
  /** Undefined if there is none. */
  readonly record: { readonly value: unknown } | undefined;
}

/** @param fresh takes what may be packed, rather than a row of its own */
async function drainDocument(
  transaction: Transaction,
  collection: Collection,
  { key, at, base, row, record }: Standing,
  context: Drain,
  fresh: Fresh[],
): Promise<boolean> {
  if (record === undefined && row.withheld !== undefined) return false; // it is not there, but nobody has deleted it
  const stands = joinedLayers(row);
  const stamp = context.stamper.at(at, greatestStamp(stands));
  const { local: _, withheld: __, ...travelling } = row;
  try {
    idOfKey(key); // refuses a key that is too long to travel
    const put = record && toWireRecord(record.value, collection.keyPath, collection.schema.local);
    const before =
      base === undefined || row.past === undefined
        ? undefined
        : readAt(read(stands, collection.schema), row.past, base);
    const cells = editOf(collection, stamp, stands, put, before);
    if (isEmpty(cells) && row.local === undefined && before === undefined) return false;
    const changed: DocumentRow = { ...travelling, ...edit(row, cells) };
    const shown = await normalise(transaction, collection, key, put, joinedLayers(changed));
    const merged = before !== undefined && shown !== undefined;
    const past = merged
      ? remember(row.past, put, shown, {
          version: await transaction.version(collection.name),
          at: at[0],
          base: base as number,
        })
      : undefined;
    if (row === NO_LAYERS && past === undefined && !isEmpty(cells)) fresh.push({ key, cells: changed.pending });
    else writeRow(transaction, collection.name, key, past === undefined ? changed : { ...changed, past });
    return !isEmpty(cells);
  } catch (error) {
    if (!(error instanceof UnsupportedValueError || error instanceof TypeMismatchError)) throw error;
    writeRow(transaction, collection.name, key, { ...row, local: error.message });
    context.onLocal(collection.name, key, error.message);
    return false;
  }
}

function editOf(
  { schema }: Collection,
  stamp: Stamp,
  stands: Readonly<Cells>,
  put: Json | undefined,
  before: Json | undefined,
): Cells {
  return put === undefined ? remove({ schema, stamp, stands }) : diff({ schema, stamp, stands, put, read: before });
}

/**
 * The same cells show the same record everywhere: also to the application that wrote it (sets in order, counters that start at 0, fields that it put as
 * they were before others changed them). Returns the record, if it is another one.
 */
async function normalise(
  transaction: Transaction,
  collection: Collection,
  key: IDBValidKey,
  put: Json | undefined,
  cells: Readonly<Cells>,
): Promise<Json | undefined> {
  const after = read(cells, collection.schema);
  if (put === undefined || after === undefined || equal(put, after)) return undefined;
  await writeRecord(transaction, collection, key, put, after);
  return after;
}
