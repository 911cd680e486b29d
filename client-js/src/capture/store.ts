import { type CapturedStore, type CapturedTransaction, note } from './captured.ts';
import { captureCursor, captureIndex } from './cursor.ts';
import { hide } from './events.ts';
import { readKey, readKeyOfClone, snapshotKey } from './keys.ts';
import { isHidden, META_STORE } from './names.ts';
import { createDerivation } from './natives.ts';
import type { Note } from './types.ts';
import { renameSideStore } from './upgrade.ts';

export function captureStore(store: IDBObjectStore, captured: CapturedTransaction): void {
  if (stores.stateOf(store) !== undefined) return;
  const tracked = captured.connection.wants(store.name) && !store.autoIncrement;
  stores.attach(store, { captured, store, keyPath: store.keyPath, tracked });
}

const stores = createDerivation<IDBObjectStore, CapturedStore>(() => ({
  get name(): string {
    return super.name;
  },

  set name(value: string) {
    const state = stores.stateOf(this as unknown as IDBObjectStore) as CapturedStore;
    const [from, to] = [super.name, String(value)];
    // An existing name makes IDBObjectStore refuse a hidden one, after whatever else it checks first.
    super.name = isHidden(to) ? META_STORE : to;
    if (from !== to) renameSideStore(state.captured, from, to);
    state.tracked = state.captured.connection.wants(to) && !state.store.autoIncrement;
  },

  put(this: IDBObjectStore, ...args: unknown[]): IDBRequest {
    return write(this, args, (a) => super.put(...a));
  },

  add(this: IDBObjectStore, ...args: unknown[]): IDBRequest {
    return write(this, args, (a) => super.add(...a));
  },

  delete(this: IDBObjectStore, ...args: unknown[]): IDBRequest {
    const request = super.delete(...args);
    note(stores.stateOf(this), () => deletion(args[0] as IDBValidKey | IDBKeyRange));
    return request;
  },

  clear(this: IDBObjectStore): IDBRequest {
    const request = super.clear();
    note(stores.stateOf(this), () => ['clear']);
    return request;
  },

  openCursor(this: IDBObjectStore, ...args: unknown[]): IDBRequest<IDBCursorWithValue | null> {
    return captureCursor(super.openCursor(...args), stores.stateOf(this));
  },

  index(this: IDBObjectStore, ...args: unknown[]): IDBIndex {
    return captureIndex(super.index(...args), stores.stateOf(this));
  },

  createIndex(this: IDBObjectStore, ...args: unknown[]): IDBIndex {
    return captureIndex(super.createIndex(...args), stores.stateOf(this));
  },
}));

function write(store: IDBObjectStore, args: unknown[], native: (args: unknown[]) => IDBRequest): IDBRequest {
  const state = stores.stateOf(store);
  if (!state?.tracked || args.length === 0) return native(args);
  if (state.keyPath === null) {
    const request = native(args);
    note(state, () => ['put', snapshotKey(args[1] as IDBValidKey)]);
    return request;
  }

  let key = readKey(args[0], state.keyPath);
  let passed = args;
  if (key === undefined) {
    // A getter or a platform object on the path. The getters are to run once, and only if the transaction takes requests
    // at all, which a request tells.
    hide(store.getKey(0));
    const clone = structuredClone(args[0]);
    key = readKeyOfClone(clone, state.keyPath);
    passed = [clone, ...args.slice(1)];
  }
  const request = native(passed);
  note(state, () => ['put', snapshotKey(key as IDBValidKey)]);
  return request;
}

function deletion(query: IDBValidKey | IDBKeyRange): Note {
  if (!isRange(query)) return ['delete', snapshotKey(query)];
  const { lower, upper, lowerOpen, upperOpen } = query;
  return ['range', snapshotBound(lower), snapshotBound(upper), lowerOpen, upperOpen];
}

/** By its shape: a range may come from another realm, or another implementation. */
function isRange(query: IDBValidKey | IDBKeyRange): query is IDBKeyRange {
  return typeof query === 'object' && !Array.isArray(query) && 'lowerOpen' in query;
}

function snapshotBound(bound: IDBValidKey | undefined): IDBValidKey | undefined {
  return bound === undefined ? undefined : snapshotKey(bound);
}
