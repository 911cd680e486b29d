import {
  alive,
  type CellConflict,
  type Cells,
  conflicts as conflictsOf,
  type DocumentName,
  holds,
  isEmpty,
  joined,
  joinedLayers,
  keyOfId,
  NO_LAYERS,
  receive,
  replaceDelivered,
  type WireDocument,
  without,
} from '../../model/index.ts';
import type { Collection } from '../collection.ts';
import { type Arrived, mayArrive } from '../database/arrivals.ts';
import { greatestStamp, readRow, shown, writeRecord, writeRow, writeWithheld } from '../database/document.ts';
import { packsIn } from '../database/packs.ts';
import { type DocumentRow, withheldKey } from '../database/rows.ts';
import { inSlices } from '../database/slices.ts';
import { readRows } from '../database/together.ts';
import { anotherTask, type Transaction } from '../database/transaction.ts';
import { conflictOf, type FoundConflict } from '../lists/conflicts.ts';
import type { Stamper } from '../outgoing/stamper.ts';
import { remember } from './past.ts';

/** How the cells of a page meet what a document holds as delivered: `keep` replaces it, but for what the server has lost (P-23). */
export type Meeting = 'join' | 'replace' | 'keep';

/** What documents from the server did. */
export interface Applied {
  /** The keys of the documents whose records have changed. */
  readonly changed: IDBValidKey[];
  /** The pending edits that met others (M-38). */
  readonly conflicts: FoundConflict[];
}

/**
 * Applies documents from the server to a collection whose notes have been drained in the same transaction.
 *
 * @param snapshot the snapshot that shows them, if it is one
 */
export async function apply(
  transaction: Transaction,
  collection: Collection,
  documents: readonly WireDocument[],
  meeting: Meeting,
  stamper: Stamper,
  snapshot?: string,
): Promise<Applied> {
  const conflicts: FoundConflict[] = [];
  const keys = documents.map(({ id }) => keyOfId(id));
  const rows = await readRows(transaction.side(collection.name), keys);
  const arrived: Arrived[] = [];
  const changed = await inSlices(
    documents,
    async ({ cells, complete }, i) => {
      const greatest = greatestStamp(cells);
      if (greatest !== undefined) stamper.observe(greatest);
      const key = keys[i] as IDBValidKey;
      const stored = rows[i] as DocumentRow;
      const met = (found: CellConflict) => conflicts.push(conflictOf(collection.name, key, found));
      const how = complete === true ? 'complete' : meeting;
      const write = (row: DocumentRow) => {
        if (snapshot !== undefined && stored === NO_LAYERS && mayArrive(row)) arrived.push({ key, row });
        else writeRow(transaction, collection.name, key, row, stored);
      };
      const changed = await applyDocument(transaction, collection, key, stored, cells, how, snapshot, met, write);
      return changed ? key : undefined;
    },
    () => anotherTask(transaction),
  );
  if (snapshot !== undefined) {
    for (const { key, row } of await packsIn(transaction.side(collection.name)).arrive(arrived, snapshot)) {
      writeRow(transaction, collection.name, key, row, NO_LAYERS);
    }
  }
  return { changed: changed.filter((key) => key !== undefined), conflicts };
}

async function applyDocument(
  transaction: Transaction,
  collection: Collection,
  key: IDBValidKey,
  stored: DocumentRow,
  cells: Cells,
  meeting: Meeting | 'complete',
  snapshot: string | undefined,
  met: (conflict: CellConflict) => void,
  write: (row: DocumentRow) => void,
): Promise<boolean> {
  const row = meeting === 'complete' ? given(stored) : stored;
  conflictsOf(row, cells).forEach(met);
  const together = meet(row, cells, meeting);
  if (together === stored && snapshot === undefined) return false;
  const after: DocumentRow = { ...together, ...(snapshot !== undefined && { seen: snapshot }) };
  return change(transaction, collection, key, stored, after, write);
}

/**
 * What a document is, all of whose cells come with a page (P-22): nothing that was held before counts where the server was thought to have lost it. Otherwise what is held is of the same history, and what was
 * acknowledged while the page was on its way stays.
 */
function given({ withdrawn: _, ...row }: DocumentRow): DocumentRow {
  if (row.whole === undefined || row.sent !== undefined) return row;
  const { whole: __, remainder: ___, ...rest } = row;
  return { ...rest, delivered: {} };
}

/** Takes away what the server has withdrawn (P-22). What is pending stays, and is judged when it is pushed. Returns the keys of the documents whose records have changed. */
export async function withdraw(
  transaction: Transaction,
  collection: Collection,
  names: readonly DocumentName[],
): Promise<IDBValidKey[]> {
  const changed = await Promise.all(
    names.map(async ({ id }) => {
      const key = keyOfId(id);
      const row = await readRow(transaction, collection.name, key);
      const { whole: _, remainder: __, ...left } = row;
      const onItsWay: DocumentRow = { ...row, withdrawn: true }; // it is sent again as it was (P-4)
      const after: DocumentRow = {
        ...(row.sent === undefined ? left : onItsWay),
        ...replaceDelivered(row, {}, row.sent),
      };
      return (await change(transaction, collection, key, row, after)) ? key : undefined;
    }),
  );
  return changed.filter((key) => key !== undefined);
}

function meet(row: DocumentRow, cells: Cells, meeting: Meeting | 'complete'): DocumentRow {
  if (meeting === 'join' || meeting === 'complete') {
    const layers = receive(row, cells, row.sent);
    if (layers === row && row.remainder === undefined) return row;
    return { ...row, ...layers, ...(row.remainder && { remainder: joined(row.remainder, cells) }) };
  }
  if (meeting === 'keep' && !holds(cells, row.delivered)) {
    return { ...row, ...receive(row, cells, row.sent), whole: true, remainder: cells };
  }
  const { whole: _, remainder: __, ...rest } = row;
  return { ...rest, ...replaceDelivered(row, cells, row.sent) };
}

/**
 * Drops what a purge has dropped from a collection whose notes have been drained in the same transaction (P-21).
 *
 * @param settle settles what can be seen to have arrived, before it is dropped
 * @returns the keys of the documents whose records have changed
 */
export async function drop(
  transaction: Transaction,
  collection: Collection,
  documents: readonly WireDocument[],
  settle: (row: DocumentRow, dropped: Cells) => DocumentRow = (row) => row,
): Promise<IDBValidKey[]> {
  const changed = await Promise.all(
    documents.map(async ({ id, cells }) => {
      const key = keyOfId(id);
      const row = await readRow(transaction, collection.name, key);
      if (isEmpty(row.delivered)) return undefined;
      return (await change(transaction, collection, key, row, left(settle(row, cells), cells))) ? key : undefined;
    }),
  );
  return changed.filter((key) => key !== undefined);
}

/** What is left of a document after a purge. */
function left(row: DocumentRow, dropped: Cells): DocumentRow {
  const rest = without(row.remainder ?? row.delivered, dropped);
  if (row.remainder !== undefined) {
    return !isEmpty(rest) || alive(joinedLayers(row)) ? { ...row, remainder: rest } : NO_LAYERS;
  }
  return isEmpty(rest)
    ? { ...abandoned(row), ...(row.local && { local: row.local }) }
    : { ...row, ...replaceDelivered(row, rest, row.sent) };
}

/**
 * Takes a document from what its row was to what it is now, the record included.
 *
 * @param write writes the row of what is not withheld
 * @returns whether the record has changed
 */
export async function change(
  transaction: Transaction,
  collection: Collection,
  key: IDBValidKey,
  before: DocumentRow,
  after: DocumentRow,
  write = (row: DocumentRow) => writeRow(transaction, collection.name, key, row, before),
): Promise<boolean> {
  const { withheld: _, stood: __, ...shownRow } = after;
  const wasWithheld = before.withheld !== undefined;
  if (wasWithheld) transaction.side(collection.name).delete(withheldKey(key));
  if (after.local !== undefined) {
    writeRow(transaction, collection.name, key, shownRow);
    return false; // the application's own record stays until it can travel
  }
  const standing = wasWithheld ? before.stood : shown(before, collection);
  const now = shown(after, collection);
  const written = await writeRecord(transaction, collection, key, standing, now);
  const refused = typeof written === 'object' ? written.refused : undefined;
  if (refused !== undefined && !wasWithheld)
    console.warn(`Watersmeet: a record of ${collection.name} is withheld:`, key, refused);
  const { past: ___, ...rest } = shownRow;
  const past =
    written === 'changed' && standing !== undefined
      ? remember(before.past, standing, now, { version: await transaction.version(collection.name), at: Date.now() })
      : before.past;
  const row: DocumentRow = past === undefined ? rest : { ...rest, past };
  if (refused === undefined) {
    write(row);
  } else {
    const stood = standing === undefined ? {} : { stood: standing };
    writeWithheld(transaction, collection.name, key, { ...row, withheld: refused, ...stood });
  }
  return written === 'changed';
}

/**
 * What is left of a document that the server no longer has: nothing, unless an edit is pending that no pending deletion covers. Then all of it is uploaded
 * again (P-9), and its cells stay in their layers: another replica may upload them, too, and they must not count twice.
 */
export function abandoned(row: DocumentRow): DocumentRow {
  return alive(row.pending) ? { ...row, whole: true, remainder: {} } : NO_LAYERS;
}

/** A document that a server that was put back to an older copy does not have: it is offered again. */
export function lost(row: DocumentRow): DocumentRow {
  return { ...row, whole: true, remainder: {} };
}
