import type { CapturedConnection } from '../capture/index.ts';
import { isSideStore } from '../capture/names.ts';
import { natively } from '../capture/natives.ts';
import type { StoredRow } from './database/packing.ts';
import { packsIn } from './database/packs.ts';
import { ERASED, META, noteRows, rowsOf, sideStoreName } from './database/rows.ts';
import { completion, inspectStores, resultOf } from './database/transaction.ts';
import { SyncError } from './errors.ts';
import type { Attachment } from './tabs/attachment.ts';
import { delay } from './waiting.ts';

/** What becomes of edits that the server has not confirmed, of those that it has refused, and of records that cannot travel, when a database is erased. */
export interface EraseOptions {
  /** `refuse`, the default, erases nothing while there are any; `wipe` takes them along. */
  readonly unsent?: 'refuse' | 'wipe';
}

const DRAINS = 20; // times that somebody who leads is given to take up what was written a moment ago
const DRAIN_MILLIS = 100;
const BLOCKED_MILLIS = 3000;
const READ_AT_ONCE = 1000;

/**
 * Empties a database, all of it at once, so that nothing is left in it whoever has it open; whoever synchronises it finds that at its next step, and stops.
 *
 * @throws SyncError `unsent` where there are edits that would be lost; then nothing has been done
 */
export async function empty(attachment: Attachment, { unsent = 'refuse' }: EraseOptions): Promise<void> {
  const { connection } = attachment;
  if (unsent === 'refuse') await drained(attachment);
  const names = natively(() => Array.from(connection.database.objectStoreNames));
  const transaction = connection.transaction(names, 'readwrite');
  const completed = completion(transaction);
  completed.catch(() => {}); // awaited below, or given up
  const count = unsent === 'refuse' ? await unsentIn(names, (name) => transaction.objectStore(name)) : 0;
  if (count > 0) {
    transaction.abort();
    throw new SyncError(
      'unsent',
      `${count} edits are kept here alone and would be lost: send or export them, put what cannot travel (status.local) elsewhere, or erase with { unsent: 'wipe' }`,
    );
  }
  for (const name of names) transaction.objectStore(name).clear();
  transaction.objectStore(META).put(true, ERASED);
  await completed;
}

/** Finishes an erasure that was interrupted, unless somebody has done so already: what was written since goes, and the mark of it. */
export async function finishErasing(connection: CapturedConnection): Promise<void> {
  const names = natively(() => Array.from(connection.database.objectStoreNames));
  const transaction = connection.transaction(names, 'readwrite');
  const completed = completion(transaction);
  completed.catch(() => {}); // awaited below, or superseded by what the request failed with
  if (await resultOf(transaction.objectStore(META).get(ERASED))) {
    for (const name of names) transaction.objectStore(name).clear();
  }
  await completed;
}

/** Deletes a database whose connections have been told to close. One in a tab that is frozen keeps it, empty, until it thaws. */
export function deleteDatabase(factory: IDBFactory, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = factory.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
    request.onblocked = () => void setTimeout(resolve, BLOCKED_MILLIS);
  });
}

/** Waits a while until the notes of what has been written are taken up, by whichever tab leads. */
export async function drained({ connection, session, tabs }: Attachment): Promise<void> {
  const sides = connection.trackedStores.map(({ name }) => sideStoreName(name));
  if (sides.length === 0) return;
  for (let i = 0; i < DRAINS; i++) {
    const counts = await inspectStores(connection, sides, (store) =>
      Promise.all(sides.map((side) => resultOf(store(side).count(noteRows())))),
    );
    if (counts.every((count) => count === 0)) return;
    session.written();
    tabs.written();
    await delay(DRAIN_MILLIS, new AbortController().signal);
  }
}

/** How many documents are kept here alone, and refused edits: with edits that nobody has taken up yet, that wait, or that cannot travel. */
async function unsentIn(names: readonly string[], store: (name: string) => IDBObjectStore): Promise<number> {
  const counts = names.filter(isSideStore).map(async (name) => {
    const side = store(name);
    const [notes, alone, packed, staying] = await Promise.all([
      resultOf(side.count(noteRows())),
      resultOf(side.count(rowsOf('p'))),
      packsIn(side).countPending(),
      countStaying(side),
    ]);
    return notes + alone + packed + staying;
  });
  const all = await Promise.all([...counts, resultOf(store(META).count(rowsOf('dead')))]);
  return all.reduce((sum, count) => sum + count, 0);
}

/** How many documents of a side store have a record that cannot travel: no marker tells, since they are not in the outbox. */
async function countStaying(side: IDBObjectStore): Promise<number> {
  let count = 0;
  for (let range = rowsOf('d'); ; ) {
    const [keys, rows] = await Promise.all([
      resultOf(side.getAllKeys(range, READ_AT_ONCE)),
      resultOf<StoredRow[]>(side.getAll(range, READ_AT_ONCE)),
    ]);
    count += rows.filter(({ local }) => local !== undefined).length;
    if (rows.length < READ_AT_ONCE) return count;
    range = IDBKeyRange.bound(keys.at(-1), range.upper, true, true);
  }
}
