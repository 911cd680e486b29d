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

/** The version at which a transaction reads a store. Told once: an attribute of a request is a call into the browser. */
interface ReadVersion {
  readonly request: IDBRequest<number | undefined>;
  readonly store: string;
  told?: { readonly version: number; readonly base: string };
}

interface Followed {
  readonly at: ReadVersion;
  readonly key: unknown;
  readonly last: LastReads;
}

const followed = new WeakMap<EventTarget, Followed>();

export function createReads(transaction: IDBTransaction, last: LastReads): Reads {
  const versions = new Map<string, ReadVersion>();

  return {
    prepare(store) {
      const { name } = store;
      if (versions.has(name)) return;
      try {
        const side = natively(() => transaction.objectStore(sideStoreName(name)));
        const request = side.get(VERSION_KEY);
        hide(request);
        versions.set(name, { request, store: name });
      } catch {
        // Nothing can be read any more, which the read itself will say, or the store has no side store.
      }
    },
    follow(request, { name: store }, key) {
      const at = versions.get(store);
      if (at !== undefined) followed.set(request, { at, key, last });
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

/** Marks what a request has yielded, before the application meets it, if it is one that is followed. Whether it is. */
export function markRead(request: EventTarget): boolean {
  const read = followed.get(request);
  if (read === undefined) return false;
  const { version, base } = tell(read.at);
  const { result } = request as IDBRequest<unknown>;
  if (Array.isArray(result)) for (const record of result) markRecord(record, base);
  else if (!markRecord(result, base) && isCursor(result)) markRecord(result.value, base);
  const isOne = typeof read.key === 'string' || typeof read.key === 'number';
  read.last.note(read.at.store, isOne ? (read.key as IDBValidKey) : undefined, version);
  return true;
}

function tell(at: ReadVersion): { readonly version: number; readonly base: string } {
  if (at.told === undefined) {
    const version = at.request.result ?? 0;
    at.told = { version, base: `${version} ${at.store}` };
  }
  return at.told;
}

function isCursor(result: unknown): result is IDBCursorWithValue {
  return typeof IDBCursor !== 'undefined' && result instanceof IDBCursor;
}

function markRecord(record: unknown, base: string): boolean {
  if (typeof record !== 'object' || record === null || Object.getPrototypeOf(record) !== Object.prototype) return false;
  (record as Record<symbol, string>)[BASE] = base;
  return true;
}
