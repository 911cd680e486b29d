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
  read,
  remove,
  type Stamp,
  TypeMismatchError,
  UnsupportedValueError,
} from '../../model/index.ts';
import type { Collection } from '../collection.ts';
import { greatestStamp, writeRecord, writeRow, writeWithheld, written } from '../database/document.ts';
import { type Fresh, packsIn } from '../database/packs.ts';
import { CLOCK, type DocumentRow, withheldKey } from '../database/rows.ts';
import type { Slices } from '../database/slices.ts';
import { readRows, readTogether } from '../database/together.ts';
import type { Transaction } from '../database/transaction.ts';
import type { Stamper } from '../outgoing/stamper.ts';
import { type Dirty, takeDirty } from './dirty.ts';
import { readAt, remember } from './past.ts';
import { toWireRecord } from './records.ts';

export interface Drain {
  readonly stamper: Stamper;
  readonly slices: Slices;
  /** A document cannot travel as it stands. */
  readonly onLocal: (collection: string, key: IDBValidKey, reason: string) => void;
}

/** Documents that one tab has edited. */
export interface Edited {
  readonly keys: readonly IDBValidKey[];
  /** Undefined if it is not known. */
  readonly by: string | undefined;
}

export interface Drained {
  readonly edited: readonly Edited[];
  /** The keys of records that are not as the application put them, for instance as they keep what others have changed. */
  readonly rewritten: readonly IDBValidKey[];
  readonly more: boolean;
}

/**
 * Turns notes of a collection into pending cells: for each document that a note names, the difference between the record as it stands and the
 * document's cells. A note without a difference disappears.
 *
 * @returns what was edited, which records were written anew, and whether there are more notes
 */
export async function drain(transaction: Transaction, collection: Collection, context: Drain): Promise<Drained> {
  const { taken, more } = await takeDirty(transaction, collection, context.slices.size());
  if (taken.length === 0) return { edited: [], rewritten: [], more };
  written(transaction.store(collection.name));
  const keys = taken.map(({ key }) => key);
  const [standing, records] = await Promise.all([
    readRows(transaction.side(collection.name), keys),
    readTogether(transaction.store(collection.name), keys),
  ]);
  const took = context.slices.begin();
  const fresh: Fresh[] = [];
  const rewritten: IDBValidKey[] = [];
  const changed = await Promise.all(
    taken.map((document, i) => {
      const row = standing[i] as DocumentRow;
      return drainDocument(
        transaction,
        collection,
        { ...document, row, record: records[i] },
        context,
        fresh,
        rewritten,
      );
    }),
  );
  for (const { key, cells } of await packsIn(transaction.side(collection.name)).add(fresh)) {
    writeRow(transaction, collection.name, key, { ...NO_LAYERS, pending: cells });
  }
  transaction.meta.put(context.stamper.highWater(), CLOCK);
  took(taken.length);
  return { edited: byWriter(taken.filter((_, i) => changed[i])), rewritten, more };
}

function byWriter(documents: readonly Dirty[]): Edited[] {
  const groups = new Map<string | undefined, IDBValidKey[]>();
  for (const { key, by } of documents) {
    const group = groups.get(by);
    if (group === undefined) groups.set(by, [key]);
    else group.push(key);
  }
  return Array.from(groups, ([by, keys]) => ({ keys, by }));
}

/** A document that notes name, as it stands. */
interface Standing extends Dirty {
  readonly row: DocumentRow;
  /** Undefined if there is none. */
  readonly record: { readonly value: unknown } | undefined;
}

/**
 * @param fresh takes what may be packed, rather than a row of its own
 * @param rewritten takes the keys of records that are not as the application put them
 */
async function drainDocument(
  transaction: Transaction,
  collection: Collection,
  { key, at, base, row, record }: Standing,
  context: Drain,
  fresh: Fresh[],
  rewritten: IDBValidKey[],
): Promise<boolean> {
  if (record === undefined && row.withheld !== undefined && row.stood === undefined) return false; // it is not there, but nobody has deleted it
  const stands = joinedLayers(row);
  const stamp = context.stamper.at(at, greatestStamp(stands));
  const { local: _, withheld, stood, ...travelling } = row;
  try {
    idOfKey(key); // refuses a key that is too long to travel
    const put = record && toWireRecord(record.value, collection.keyPath, collection.schema.local);
    const former =
      base === undefined || row.past === undefined
        ? undefined
        : readAt(stood ?? read(stands, collection.schema), row.past, base);
    const before = former ?? stood; // a withheld record has not been read as its cells show it
    const cells = editOf(collection, stamp, stands, put, before);
    if (isEmpty(cells) && row.local === undefined && before === undefined) return false;
    const changed: DocumentRow = { ...travelling, ...edit(row, cells) };
    const { shown, refused } = await normalise(transaction, collection, key, put, joinedLayers(changed));
    if (withheld !== undefined) transaction.side(collection.name).delete(withheldKey(key));
    if (refused !== undefined) {
      writeWithheld(transaction, collection.name, key, {
        ...changed,
        withheld: refused,
        ...(put !== undefined && { stood: put }),
      });
      return !isEmpty(cells);
    }
    if (shown !== undefined) rewritten.push(key);
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
 * they were before others changed them). Tells the record, if it is another one, or why the store refuses it.
 */
async function normalise(
  transaction: Transaction,
  collection: Collection,
  key: IDBValidKey,
  put: Json | undefined,
  cells: Readonly<Cells>,
): Promise<{ readonly shown?: Json; readonly refused?: string }> {
  const after = read(cells, collection.schema);
  if (put === undefined || after === undefined || equal(put, after)) return {};
  const outcome = await writeRecord(transaction, collection, key, put, after);
  return typeof outcome === 'object' ? outcome : { shown: after };
}
