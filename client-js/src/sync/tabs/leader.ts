import type { CapturedConnection } from '../../capture/index.ts';
import { nonceText, randomReplicaId, type Stamp } from '../../model/index.ts';
import {
  CLOCK,
  CURSOR,
  type CursorRow,
  ERASED,
  LEADER,
  META,
  OFFSET,
  REPLICA,
  type ReplicaRow,
  renamedMarks,
} from '../database/rows.ts';
import { completion, inspectStores, resultOf } from '../database/transaction.ts';
import { createStamper, type Stamper } from '../outgoing/stamper.ts';

/** What the tab that leads knows. The database is the truth; this is what does not change under it while the tab leads. */
export interface Leadership {
  readonly connection: CapturedConnection;
  /** Stands in the database while this tab leads. */
  readonly token: string;
  /** The id under which it writes: another one once a twin is found (P-28). */
  readonly replica: string;
  readonly stamper: Stamper;
  /** How far the device's clock was behind the server's when it was last measured, in milliseconds. */
  readonly offset: number;
}

export interface Randomness {
  bytes(length: number): Uint8Array;
}

/** Thrown where a database is not this client's to synchronise. */
export class NotOwnError extends Error {
  constructor(
    readonly code: 'other-space' | 'other-user' | 'erased',
    message: string,
  ) {
    super(message);
    this.name = 'NotOwnError';
  }
}

/** Whose a database is. */
export interface Owner {
  readonly space: string;
  /** As the application names them; not compared where it does not. */
  readonly user?: string | undefined;
}

/** @throws NotOwnError if a database is somebody else's */
export function checkOwner({ space, user }: Owner, known: ReplicaRow | undefined): void {
  if (known === undefined) return;
  if (known.space !== space) {
    const message = `this database holds the space ${known.space}, not ${space}: open the other space in a database of its own`;
    throw new NotOwnError('other-space', message);
  }
  if (user !== undefined && known.user !== undefined && known.user !== user) {
    const message = `this database is another user's than ${user}'s: erase it, or give each user a database of their own`;
    throw new NotOwnError('other-user', message);
  }
}

/** Takes the lead over a database: whoever led before finds a foreign token and stops. */
export async function takeLead(
  connection: CapturedConnection,
  owner: Owner,
  millis: () => number,
  random: Randomness,
): Promise<Leadership> {
  const token = nonceText(random.bytes(16));
  const native = connection.transaction([META], 'readwrite');
  const completed = completion(native);
  completed.catch(() => {}); // awaited below, or superseded by what a request failed with
  const meta = native.objectStore(META);
  const [known, after, offset, cursor, marks, erased] = await Promise.all([
    resultOf<ReplicaRow | undefined>(meta.get(REPLICA)),
    resultOf<Stamp | undefined>(meta.get(CLOCK)),
    resultOf<number | undefined>(meta.get(OFFSET)),
    resultOf<CursorRow | undefined>(meta.get(CURSOR)),
    resultOf(meta.getAllKeys(renamedMarks())),
    resultOf<true | undefined>(meta.get(ERASED)),
  ]);
  if (erased) throw new NotOwnError('erased', 'this database was erased: close it, and open it anew');
  checkOwner(owner, known);
  const { space, user } = owner;
  const replica = known ?? { id: randomReplicaId(random.bytes(8)), space, number: 0, nonce: null };
  if (known === undefined || (user !== undefined && known.user === undefined)) {
    meta.put({ ...replica, ...(user !== undefined && { user }) } satisfies ReplicaRow, REPLICA);
  }
  meta.put(token, LEADER);
  const stores = connection.trackedStores.map(({ name }) => name);
  if (cursor === undefined || stores.some((store) => !cursor.stores.includes(store))) {
    const names = marks.map((mark) => (mark as [string, string])[1]).filter((name) => !cursor?.stores.includes(name));
    const renamed = [...(cursor?.renamed ?? []), ...names].filter((store) => stores.includes(store));
    meta.put({ cursor: null, stores, ...(renamed.length > 0 && { renamed }) } satisfies CursorRow, CURSOR);
  } else if (cursor.snapshot?.keeps && cursor.snapshot.position === null) {
    meta.put({ ...cursor, snapshot: undefined } satisfies CursorRow, CURSOR); // the server may have purged since it said so (P-23): it is asked again
  }
  if (marks.length > 0) meta.delete(renamedMarks());
  await completed;
  const stamper = createStamper({ replica: replica.id, millis, offset: offset ?? 0, after });
  return {
    connection,
    token,
    get replica() {
      return stamper.replica();
    },
    stamper,
    offset: offset ?? 0,
  };
}

/** Reads a row of the meta store. */
export function readMeta<T>(connection: CapturedConnection, key: IDBValidKey): Promise<T | undefined> {
  return inspectStores(connection, [META], (store) => resultOf<T | undefined>(store(META).get(key)));
}
