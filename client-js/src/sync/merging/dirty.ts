import { compareKeys } from '../../capture/keys.ts';
import type { Collection } from '../collection.ts';
import { createKeyMap } from '../database/keys.ts';
import { packsIn } from '../database/packs.ts';
import { type LeftRow, leftRows, type NoteRow, newNoteRows, noteRows, rowsOf } from '../database/rows.ts';
import { resultOf, type Transaction } from '../database/transaction.ts';

/** How many rows of notes are looked at together, so that all that was put of a document is known. */
const MOST_ROWS = 2000;
/** How many documents a row of what is left names: they are taken by whole rows. */
const LEFT_SIZE = 125;

/** A document that notes name. */
export interface Dirty {
  readonly key: IDBValidKey;
  /** When it was last written. */
  readonly at: NoteRow['at'];
  /** The version at which the record was read that was put, as far as that is known. */
  readonly base: number | undefined;
  /** The tab that wrote it last, as far as that is known. */
  readonly by: string | undefined;
}

/**
 * Takes documents out of the notes of a collection, in the order of their keys, all notes of each together. What is left is written once more, in the order
 * in which it will be taken, and then not again.
 *
 * @param most about how many to take
 * @returns the documents, and whether there are more notes
 */
export async function takeDirty(
  transaction: Transaction,
  collection: Collection,
  most: number,
): Promise<{ taken: Dirty[]; more: boolean }> {
  const side = transaction.side(collection.name);
  const wanted = Math.max(1, Math.round(most / LEFT_SIZE));
  const [leftKeys, left, keys, rows] = await Promise.all([
    resultOf(side.getAllKeys(leftRows())),
    resultOf<LeftRow[]>(side.getAll(leftRows(), wanted)),
    resultOf(side.getAllKeys(newNoteRows(), MOST_ROWS)),
    resultOf<NoteRow[]>(side.getAll(newNoteRows(), MOST_ROWS)),
  ]);
  const more = rows.length === MOST_ROWS;
  const noted = await Promise.all(rows.map((row) => puts(transaction, collection, row)));

  const taken = createKeyMap<Dirty>();
  for (const [key, at, base, by] of left.flatMap((row) => row.left)) taken.set(key, { key, at, base, by });
  const isApart = noted.every((row) => row.every(([key]) => taken.get(key) === undefined));
  if (left.length > 0 && isApart) {
    for (const key of leftKeys.slice(0, left.length)) side.delete(key);
    return { taken: [...taken.values()], more: more || leftKeys.length > left.length || rows.length > 0 };
  }

  const others = left.length < leftKeys.length ? await resultOf<LeftRow[]>(side.getAll(leftRows())) : [];
  for (const [key, at, base, by] of others.flatMap((row) => row.left)) taken.set(key, { key, at, base, by });
  rows.forEach(({ at, by }, i) => {
    for (const [key, base] of noted[i] as Put[]) {
      const known = taken.get(key);
      // Whatever was put in between came from what had been read by then.
      const oldest = known === undefined || base === undefined ? base : Math.min(base, known.base ?? base);
      taken.set(key, { key, at, base: oldest ?? known?.base, by });
    }
  });
  // In the order of their keys: they can be read together then.
  const sorted = [...taken.values()].sort((one, other) => compareKeys(one.key, other.key));
  const rest = sorted.splice(wanted * LEFT_SIZE);
  if (leftKeys.length + keys.length > 0) side.delete(more ? upTo(keys) : noteRows());
  putLeft(side, rest);
  return { taken: sorted, more: more || rest.length > 0 };
}

function upTo(keys: readonly IDBValidKey[]): IDBKeyRange {
  return IDBKeyRange.bound(0, keys.at(-1));
}

function putLeft(side: IDBObjectStore, rest: readonly Dirty[]): void {
  const rows = Math.ceil(rest.length / LEFT_SIZE);
  for (let i = 0; i < rows; i++) {
    const left = rest
      .slice(i * LEFT_SIZE, (i + 1) * LEFT_SIZE)
      .map(({ key, at, base, by }): LeftRow['left'][number] =>
        by !== undefined ? [key, at, base, by] : base === undefined ? [key, at] : [key, at, base],
      );
    side.put({ left } satisfies LeftRow, i / rows);
  }
}

type Put = readonly [key: IDBValidKey, base?: number | undefined];

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
