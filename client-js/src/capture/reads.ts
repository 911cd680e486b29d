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

/** At which versions a connection has last read the records of a store. */
interface LastReads {
  all: number;
  readonly keys: Map<IDBValidKey, number>;
}

/** The last reads of a connection, by store. */
export type AllLastReads = Map<string, LastReads>;

/** Follows the reads of one object store in one transaction. */
export interface Reads {
  /** Makes a read, and marks what it will yield. @param key if it reads the record of one key */
  follow<R extends IDBRequest>(native: () => R, key?: unknown): R;
  /** At which version the record was read that a write came from. */
  baseOf(value: unknown, key: IDBValidKey | undefined): number | undefined;
}

/** The version at which a transaction reads a store. Told once: an attribute of a request is a call into the browser. */
interface ReadVersion {
  readonly request: IDBRequest<number | undefined>;
  readonly store: string;
  readonly last: LastReads;
  told?: { readonly version: number; readonly base: string };
}

interface Followed {
  readonly at: ReadVersion;
  readonly key: unknown;
}

const followed = new WeakMap<EventTarget, Followed>();

export function createReads(transaction: IDBTransaction, store: string, all: AllLastReads): Reads {
  const last = all.get(store) ?? { all: -1, keys: new Map<IDBValidKey, number>() };
  all.set(store, last);
  let at: ReadVersion | undefined;

  /** Asks for the version, before the first read itself is made. */
  function ask(): ReadVersion | undefined {
    try {
      const request = natively(() => transaction.objectStore(sideStoreName(store))).get(VERSION_KEY);
      hide(request);
      return { request, store, last };
    } catch {
      return undefined; // nothing can be read any more, which the read itself will say, or the store has no side store
    }
  }

  return {
    follow(native, key) {
      at ??= ask();
      const request = native();
      if (at !== undefined) followed.set(request, { at, key });
      return request;
    },
    baseOf(value, key) {
      if (typeof value === 'object' && value !== null) {
        const mark: unknown = Object.getOwnPropertyDescriptor(value, BASE)?.value;
        const [version, ...name] = typeof mark === 'string' ? mark.split(' ') : [];
        if (name.join(' ') === store) return Number(version);
      }
      if (key === undefined) return undefined;
      const version = Math.max(last.all, last.keys.get(key) ?? -1);
      return version < 0 ? undefined : version;
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
  note(read, version);
  return true;
}

function note({ at: { last }, key }: Followed, version: number): void {
  if (typeof key === 'string' || typeof key === 'number') {
    if (last.keys.size === MOST_KEYS) last.keys.clear();
    last.keys.set(key, version);
  } else {
    last.all = version;
    last.keys.clear();
  }
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
