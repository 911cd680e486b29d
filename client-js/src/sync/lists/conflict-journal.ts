import type { CapturedConnection } from '../../capture/index.ts';
import { CONFLICTS, conflictKey, META, rowsOf } from '../database/rows.ts';
import { completion, inspectStores, resultOf, type Transaction } from '../database/transaction.ts';
import type { Conflict, FoundConflict } from './conflicts.ts';

/** How many conflicts are kept, if an application does not say. */
export const MOST_CONFLICTS = 1000;

/** Keeps conflicts in the transaction that finds them, and forgets the oldest ones that are too many. */
export async function keepConflicts(
  { meta }: Transaction,
  found: readonly FoundConflict[],
  most: number,
  at: number,
): Promise<Conflict[]> {
  if (found.length === 0) return [];
  const last = (await resultOf<number | undefined>(meta.get(CONFLICTS))) ?? 0;
  const conflicts: Conflict[] = found.map((conflict, i) => ({ ...conflict, number: last + 1 + i, at }));
  meta.put(last + found.length, CONFLICTS);
  for (const conflict of conflicts.slice(-most)) if (most > 0) meta.put(conflict, conflictKey(conflict.number));
  const excess = (await resultOf(meta.count(rowsOf('conflict')))) - most;
  if (excess > 0) {
    const keys = await resultOf(meta.getAllKeys(rowsOf('conflict'), excess));
    meta.delete(IDBKeyRange.bound(keys[0], keys.at(-1)));
  }
  return conflicts;
}

/** The conflicts that are kept, the newest first. */
export async function readConflicts(connection: CapturedConnection): Promise<Conflict[]> {
  const kept = await inspectStores(connection, [META], (store) =>
    resultOf<Conflict[]>(store(META).getAll(rowsOf('conflict'))),
  );
  return kept.reverse();
}

/** Forgets a conflict, or all of them. */
export async function dismissConflict(connection: CapturedConnection, number?: number): Promise<void> {
  const transaction = connection.transaction([META], 'readwrite');
  const completed = completion(transaction);
  transaction.objectStore(META).delete(number === undefined ? rowsOf('conflict') : conflictKey(number));
  await completed;
}
