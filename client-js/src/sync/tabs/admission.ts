import type { CapturedConnection } from '../../capture/index.ts';
import { ERASED, META, REPLICA, type ReplicaRow } from '../database/rows.ts';
import { inspectStores, resultOf } from '../database/transaction.ts';
import { finishErasing } from '../erasing.ts';
import { SyncError } from '../errors.ts';
import { backOff, delay } from '../waiting.ts';
import { checkOwner, NotOwnError, type Owner } from './leader.ts';

/**
 * Finds out whether a database is this client's to synchronise, whichever tab leads; what the application writes waits for the answer, if this is called as the
 * connection opens, before the application sees it. An erasure that was interrupted is finished: the connection was opened after it.
 *
 * @throws NotOwnError if it is somebody else's; what the application writes is refused then
 */
export async function admit(connection: CapturedConnection, owner: Owner): Promise<void> {
  for (let failures = 0; ; failures++) {
    try {
      return await look(connection, owner);
    } catch (error) {
      if (error instanceof NotOwnError) refuse(connection, error);
      if (connection.closed || error instanceof NotOwnError) throw error;
      await delay(backOff(failures, Math.random), new AbortController().signal); // the browser aborts for reasons of its own, or its disk fails
    }
  }
}

/** Has the application's writes throw why the database is not this client's: whoever leads would send them as another one's. */
export function refuse(connection: CapturedConnection, { code, message }: NotOwnError): void {
  connection.refuseWrites(new SyncError(code, message));
}

async function look(connection: CapturedConnection, owner: Owner): Promise<void> {
  // Over all stores, though it reads one: what writes into the others comes after it.
  const names = [META, ...connection.trackedStores.map(({ name }) => name)];
  const erased = await inspectStores(connection, names, async (store) => {
    const [known, erased] = await Promise.all([
      resultOf<ReplicaRow | undefined>(store(META).get(REPLICA)),
      resultOf<true | undefined>(store(META).get(ERASED)),
    ]);
    if (!erased) checkOwner(owner, known);
    return erased;
  });
  if (erased) {
    connection.abortWrites(); // rather than wipe them in silence: they come before what follows
    await finishErasing(connection);
  }
}
