import { hide } from './events.ts';
import { sideStoreName, VERSION_KEY } from './names.ts';
import { natively } from './natives.ts';

/**
 * What the results of reads carry: the version of their store at which they were read, and its name. It is enumerable, so that spread and
 * `Object.assign` take it along, and a symbol, so that neither `for…in` nor `Object.keys` nor a structured clone sees it.
 */
const BASE = Symbol.for('watersmeet.base');

/** How many keys a connection remembers to have read last. */
const MOST_KEYS = 10_000;

/** At which versions a connection has last read the records of its stores. */
export interface LastReads {
  note(store: string, key: IDBValidKey | undefined, version: number): void;
  of(store: string, key: IDBValidKey): number | undefined;
}

export function createLastReads(): LastReads {
  const stores = new Map<string, { all: number; readonly keys: Map<IDBValidKey, number> }>();
  return {
    note(store, key, version) {
      const reads = stores.get(store) ?? { all: -1, keys: new Map<IDBValidKey, number>() };
      stores.set(store, reads);
      if (key === undefined) {
        reads.all = version;
        reads.keys.clear();
      } else {
        if (reads.keys.size === MOST_KEYS) reads.keys.clear();
        reads.keys.set(key, version);
      }
    },
    of(store, key) {
      const reads = stores.get(store);
      const version = Math.max(reads?.all ?? -1, reads?.keys.get(key) ?? -1);
      return version < 0 ? undefined : version;
    },
  };
}

/** Follows the reads of one transaction. */
export interface Reads {
  /** Marks what a request will yield. @param key if it reads the record of one key */
  follow<R extends IDBRequest>(request: R, store: IDBObjectStore, key?: unknown): R;
  /** Has to come before the first request that is followed, and before the request itself is made. */
  prepare(store: IDBObjectStore): void;
  /** At which version the record was read that a write came from. */
  baseOf(store: IDBObjectStore, value: unknown, key: IDBValidKey | undefined): number | undefined;
}

interface Followed {
  readonly version: IDBRequest<number | undefined>;
  readonly store: string;
  readonly key: unknown;
  readonly last: LastReads;
}

const followed = new WeakMap<EventTarget, Followed>();

export function createReads(transaction: IDBTransaction, last: LastReads): Reads {
  const versions = new Map<string, IDBRequest<number | undefined>>();

  return {
    prepare(store) {
      const { name } = store;
      if (versions.has(name)) return;
      try {
        const side = natively(() => transaction.objectStore(sideStoreName(name)));
        const request = side.get(VERSION_KEY);
        hide(request);
        versions.set(name, request);
      } catch {
        // Nothing can be read any more, which the read itself will say, or the store has no side store.
      }
    },
    follow(request, { name: store }, key) {
      const version = versions.get(store);
      if (version !== undefined) followed.set(request, { version, store, key, last });
      return request;
    },
    baseOf({ name: store }, value, key) {
      if (typeof value === 'object' && value !== null) {
        const mark: unknown = Object.getOwnPropertyDescriptor(value, BASE)?.value;
        const [version, ...name] = typeof mark === 'string' ? mark.split(' ') : [];
        if (name.join(' ') === store) return Number(version);
      }
      return key === undefined ? undefined : last.of(store, key);
    },
  };
}

/** Must be one of the first listeners of a connection, so that the application meets marked records only. */
export function markReads(database: IDBDatabase): void {
  database.addEventListener('success', mark, true);
}

function mark({ target }: Event): void {
  const read = followed.get(target as EventTarget);
  if (read === undefined) return;
  const version = read.version.result ?? 0;
  const base = `${version} ${read.store}`;
  const { result } = target as IDBRequest<unknown>;
  const isOne = typeof read.key === 'string' || typeof read.key === 'number';
  if (Array.isArray(result)) for (const record of result) markRecord(record, base);
  else if (isCursor(result)) markRecord(result.value, base);
  else markRecord(result, base);
  read.last.note(read.store, isOne ? (read.key as IDBValidKey) : undefined, version);
}

function isCursor(result: unknown): result is IDBCursorWithValue {
  return typeof IDBCursor !== 'undefined' && result instanceof IDBCursor;
}

function markRecord(record: unknown, base: string): void {
  if (typeof record === 'object' && record !== null && Object.getPrototypeOf(record) === Object.prototype) {
    (record as Record<symbol, string>)[BASE] = base;
  }
}
