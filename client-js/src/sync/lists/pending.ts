import type { CapturedConnection } from '../../capture/index.ts';
import { type Cells, idOfKey, isEmpty, type Json, joined, millisOf, type Stamp } from '../../model/index.ts';
import type { Collection } from '../collection.ts';
import { shown } from '../database/document.ts';
import { type DocumentRow, sideStoreName } from '../database/rows.ts';
import { readPendingRows } from '../database/together.ts';
import { inspectStores } from '../database/transaction.ts';
import type { AnyCollections, CollectionName } from '../typed.ts';

/** A document with edits that the server has not confirmed. */
export type PendingEdit<C extends object = AnyCollections> = {
  [Name in CollectionName<C>]: PendingIn<Name>;
}[CollectionName<C>];

interface PendingIn<Name extends string> {
  readonly collection: Name;
  readonly key: IDBValidKey;
  /** When the oldest of these edits was made, Unix milliseconds. */
  readonly since: number;
}

/** Edits that the server has not confirmed, as plain JSON: what they are, and the records as they stand with them. */
export interface PendingExport {
  readonly format: 'watersmeet-pending';
  readonly space: string;
  /** When it was made, ISO 8601. */
  readonly exported: string;
  readonly edits: readonly ExportedEdit[];
}

/** The edits of a document as plain JSON. */
export interface ExportedEdit {
  readonly collection: string;
  /** The document's id: its key as it travels. */
  readonly id: Json;
  /** When the oldest of them was made, ISO 8601. */
  readonly since: string;
  /** Null if it is deleted. Fields that hold the key are left out. */
  readonly record: Json;
  /** The edits themselves, by path. */
  readonly cells: Cells;
}

/** How many documents are listed at most; their number stands in the status. */
const MOST_LISTED = 1000;

/** Documents that wait to be confirmed, the one that has waited longest first: of each collection the first ones in the order of their keys. */
export async function readPending(
  connection: CapturedConnection,
  collections: Iterable<string>,
): Promise<PendingEdit[]> {
  const listed = (await readWaiting(connection, collections, MOST_LISTED)).map(({ collection, key, oldest }) => ({
    collection,
    key,
    since: millisOf(oldest),
  }));
  return listed.sort((one, other) => one.since - other.since).slice(0, MOST_LISTED);
}

/** All edits that wait to be confirmed, as plain JSON. */
export async function exportPending(
  connection: CapturedConnection,
  collections: ReadonlyMap<string, Collection>,
): Promise<ExportedEdit[]> {
  return (await readWaiting(connection, collections.keys())).map(({ collection, key, oldest, row }) => ({
    collection,
    id: idOfKey(key),
    since: new Date(millisOf(oldest)).toISOString(),
    record: shown(row, collections.get(collection) as Collection) ?? null,
    cells: row.pending,
  }));
}

/** How many are read at first where one is looked for. */
const FIRST_READ = 16;

/** Whether something that waits to be confirmed was written by a time. Mostly the first ones tell; more are read only where they do not. */
export async function waitsFrom(
  connection: CapturedConnection,
  collections: Iterable<string>,
  mark: Stamp,
): Promise<boolean> {
  const names = [...collections];
  for (let most = FIRST_READ; ; most *= 8) {
    const waiting = await readWaiting(connection, names, most);
    if (waiting.some(({ oldest }) => oldest <= mark)) return true;
    if (waiting.length < most) return false; // these were all
  }
}

interface Waiting {
  readonly collection: string;
  readonly key: IDBValidKey;
  readonly oldest: Stamp;
  readonly row: DocumentRow;
}

/** @param most of each collection */
async function readWaiting(
  connection: CapturedConnection,
  collections: Iterable<string>,
  most?: number,
): Promise<Waiting[]> {
  const names = [...collections];
  if (names.length === 0) return [];
  return inspectStores(connection, names.map(sideStoreName), async (store) => {
    const found = names.map(async (collection) => {
      const all = await readPendingRows(store(sideStoreName(collection)), most);
      return all.map(([key, row]) => ({ collection, key, row, oldest: oldestOf(row) }));
    });
    return (await Promise.all(found)).flat();
  });
}

/** The least stamp of what is to be sent: of all cells, where the whole document is. */
function oldestOf({ pending, delivered }: DocumentRow): Stamp {
  const cells = isEmpty(pending) ? joined(delivered, pending) : pending;
  const stamps = Object.values(cells).map(([stamp]) => stamp);
  return stamps.sort()[0] as Stamp;
}
