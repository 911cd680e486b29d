import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { type CapturedConnection, capture } from '../../src/capture/index.ts';
import { createClock } from '../../src/model/index.ts';
import { type CollectionOptions, collectionsOf, declaredBy } from '../../src/sync/collection.ts';
import type { Conflict } from '../../src/sync/lists/conflicts.ts';
import { nextPush } from '../../src/sync/outgoing/outbox.ts';
import { type Changed, createReplica, type Replica, UNDRAINED } from '../../src/sync/replica.ts';
import type { PushMessage } from '../../src/sync/server/messages.ts';
import { type Randomness, takeLead } from '../../src/sync/tabs/leader.ts';

export const FIELDS = { items: { tags: 'set', quantity: 'counter' } } as const;

/** A database that is captured, and the replica that leads it; there is no server. */
export interface Fixture {
  readonly database: IDBDatabase;
  readonly connection: CapturedConnection;
  readonly replica: Replica;
  readonly random: Randomness;
  /** What could not travel. */
  readonly local: string[];
  /** What was told to have become pending. */
  readonly edited: Changed[];
  /** What was told to be shown that had been refused. */
  readonly shown: Changed[];
  /** What was told of edits that met. */
  readonly conflicts: Conflict[];
  /** Takes the lead again, as another tab does, or an application that synchronises these stores only. */
  lead(stores?: readonly string[]): Promise<Replica>;
  write(work: (store: IDBObjectStore) => void): Promise<void>;
  all(): Promise<unknown[]>;
}

export interface Setting {
  /** The name of an index that is unique. */
  readonly unique?: string;
  /** Whether it is followed at which version records are read. */
  readonly follow?: boolean;
  /** Devices of different seeds have different ids. */
  readonly seed?: number;
  readonly fields?: Readonly<Record<string, CollectionOptions>>;
}

export async function open(
  millis: () => number = Date.now,
  { unique, follow = false, seed: first = 0, fields = FIELDS }: Setting = {},
): Promise<Fixture> {
  let connection: CapturedConnection | undefined;
  let seed = first;
  const random: Randomness = { bytes: (length) => new Uint8Array(length).fill(++seed) };
  const factory = capture(new IDBFactory(), {
    stores: '*',
    follow,
    reading: createClock({ millis }).reading,
    onOpen: (opened) => {
      connection = opened;
    },
  });
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = factory.open('shop', 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore('items', { keyPath: 'id' });
      if (unique !== undefined) store.createIndex(unique, unique, { unique: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const captured = connection as CapturedConnection;
  const local: string[] = [];
  const edited: Changed[] = [];
  const shown: Changed[] = [];
  const conflicts: Conflict[] = [];
  const lead = async (stores?: readonly string[]) => {
    const collections = [...collectionsOf(captured, declaredBy(fields))].filter(
      ([name]) => stores?.includes(name) ?? true,
    );
    return createReplica(await takeLead(captured, { space: 'shop-7' }, millis, random), new Map(collections), {
      verifies: true,
      onLocal: (collection, key, reason) => local.push(`${collection}/${String(key)}: ${reason}`),
      onEdited: (changed) => edited.push(...changed),
      onShown: (changed) => shown.push(...changed),
      onConflict: (conflict) => conflicts.push(conflict),
    });
  };

  return {
    database,
    connection: captured,
    replica: await lead(),
    random,
    local,
    edited,
    shown,
    conflicts,
    lead,
    write: (work) =>
      new Promise((resolve, reject) => {
        const transaction = database.transaction('items', 'readwrite');
        transaction.oncomplete = () => resolve();
        transaction.onabort = () => reject(transaction.error);
        work(transaction.objectStore('items'));
      }),
    all: () =>
      new Promise((resolve, reject) => {
        const request = database.transaction('items').objectStore('items').getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      }),
  };
}

/** The push that a replica would send; undefined if nothing is pending. */
export async function pushFrom(replica: Replica, random: Randomness): Promise<PushMessage | undefined> {
  for (;;) {
    const next = await nextPush(replica, random);
    if (next !== UNDRAINED) return next?.push;
  }
}

/** Aborts a transaction for a reason of the browser's, unless it has ended: what it was still asked fails with an AbortError. */
export function abortAs(error: string, transaction: IDBTransaction): void {
  const fake = transaction as unknown as { readonly _state: string; _abort(error: string): void };
  if (fake._state !== 'finished') fake._abort(error);
}
