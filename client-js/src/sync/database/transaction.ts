import { abort } from '../../capture/events.ts';
import type { CapturedConnection } from '../../capture/index.ts';
import { LEADER, META, sideStoreName, VERSION_KEY } from './rows.ts';

/** The result of a request, as a promise that keeps the transaction alive. */
export function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Lets the page do other things, without the transaction ending. */
export function anotherTask({ meta }: Transaction): Promise<unknown> {
  return resultOf(meta.getKey(LEADER));
}

export interface Transaction {
  store(name: string): IDBObjectStore;
  side(store: string): IDBObjectStore;
  readonly meta: IDBObjectStore;
  /** The version of a store that the changes of this transaction make, hidden from the application. */
  version(store: string): Promise<number>;
}

/** Thrown where another tab has taken over: this one stops touching the database. */
export class DeposedError extends Error {
  constructor() {
    super('another tab leads now');
    this.name = 'DeposedError';
  }
}

/**
 * Runs work in one transaction over stores, their side stores and the meta store, which the application does not see. The work awaits nothing but
 * requests of this transaction. If it throws, everything is undone.
 *
 * @param leader the token of the tab that leads: if another one has been written meanwhile, nothing is done
 * @throws DeposedError in that case
 */
export async function transact<T>(
  connection: CapturedConnection,
  stores: readonly string[],
  leader: string,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const names = [META, ...stores, ...stores.map(sideStoreName)];
  const native = connection.transaction(names, 'readwrite');
  const completed = completion(native);
  completed.catch(() => {}); // awaited below, or superseded by what the work threw
  try {
    const meta = native.objectStore(META);
    if ((await resultOf(meta.get(LEADER))) !== leader) throw new DeposedError();
    const sides = new Map<string, IDBObjectStore>(); // each one is known by its identity
    const side = (store: string) => {
      const known = sides.get(store) ?? native.objectStore(sideStoreName(store));
      sides.set(store, known);
      return known;
    };
    const versions = new Map<string, Promise<number>>();
    const result = await work({
      store: (name) => native.objectStore(name),
      side,
      meta,
      version(store) {
        const version = versions.get(store) ?? nextVersion(side(store));
        versions.set(store, version);
        return version;
      },
    });
    await completed;
    return result;
  } catch (error) {
    const { error: why } = native; // of what the browser has aborted, the requests that are left tell no reason
    abort(native);
    throw why ?? error;
  }
}

async function nextVersion(side: IDBObjectStore): Promise<number> {
  const next = ((await resultOf<number | undefined>(side.get(VERSION_KEY))) ?? 0) + 1;
  side.put(next, VERSION_KEY);
  return next;
}

/** Reads in one transaction that the application does not see. */
export async function inspectStores<T>(
  connection: CapturedConnection,
  names: readonly string[],
  work: (store: (name: string) => IDBObjectStore) => Promise<T>,
): Promise<T> {
  const native = connection.transaction(names, 'readonly');
  return work((name) => native.objectStore(name));
}

export function completion(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () =>
      reject(transaction.error ?? new DOMException('the transaction was aborted', 'AbortError'));
  });
}
