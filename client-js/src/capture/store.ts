import { type CapturedStore, type CapturedTransaction, isTracked, putNote } from './captured.ts';
import { captureCursor, captureIndex, read } from './cursor.ts';
import { isPlainKey, readKey, snapshotKey } from './keys.ts';
import { isHidden, META_STORE } from './names.ts';
import { createDerivation } from './natives.ts';
import { checked } from './refusal.ts';
import type { Note } from './types.ts';
import { renameSideStore } from './upgrade.ts';

export function captureStore(store: IDBObjectStore, captured: CapturedTransaction): void {
  if (stores.stateOf(store) !== undefined) return;
  const { name, keyPath, autoIncrement: generatesKeys } = store;
  stores.attach(store, { captured, store, keyPath, generatesKeys, wanted: captured.connection.wants(name) });
}

const stores = createDerivation<IDBObjectStore, CapturedStore>(() => ({
  get name(): string {
    return super.name;
  },

  set name(value: string) {
    const state = stores.stateOf(this);
    if (state === undefined) {
      super.name = value;
      return;
    }
    const [from, to] = [super.name, `${value}`];
    // An existing name makes IDBObjectStore refuse a hidden one, after whatever else it checks first.
    super.name = isHidden(to) ? META_STORE : to;
    if (from !== to) renameSideStore(state.captured, from, to);
    state.wanted = state.captured.connection.wants(to);
  },

  put(this: IDBObjectStore, ...args: unknown[]): IDBRequest {
    return write(stores.stateOf(this), args, (a) => super.put(...a));
  },

  add(this: IDBObjectStore, ...args: unknown[]): IDBRequest {
    return write(stores.stateOf(this), args, (a) => super.add(...a));
  },

  delete(this: IDBObjectStore, ...args: unknown[]): IDBRequest {
    const request = super.delete(...args);
    const state = stores.stateOf(this);
    if (isTracked(state)) state.captured.notes.note(state.store, deletion(args[0]));
    return request;
  },

  clear(this: IDBObjectStore): IDBRequest {
    const request = super.clear();
    const state = stores.stateOf(this);
    if (isTracked(state)) state.captured.notes.note(state.store, ['clear']);
    return request;
  },

  get(this: IDBObjectStore, ...args: unknown[]): IDBRequest {
    return read(stores.stateOf(this), () => super.get(...args), args[0]);
  },

  getAll(this: IDBObjectStore, ...args: unknown[]): IDBRequest {
    return read(stores.stateOf(this), () => super.getAll(...args));
  },

  openCursor(this: IDBObjectStore, ...args: unknown[]): IDBRequest<IDBCursorWithValue | null> {
    const state = stores.stateOf(this);
    return captureCursor(
      read(state, () => super.openCursor(...args)),
      state,
    );
  },

  index(this: IDBObjectStore, ...args: unknown[]): IDBIndex {
    return captureIndex(super.index(...args), stores.stateOf(this));
  },

  createIndex(this: IDBObjectStore, ...args: unknown[]): IDBIndex {
    return captureIndex(super.createIndex(...args), stores.stateOf(this));
  },
}));

function write(state: CapturedStore | undefined, args: unknown[], native: (args: unknown[]) => IDBRequest): IDBRequest {
  const request = native(checked(state, args)); // a write that throws leaves no note
  if (!isTracked(state)) return request;
  const { notes } = state.captured;
  const key = state.keyPath === null ? args[1] : readKey(args[0], state.keyPath);
  if (isPlainKey(key)) notes.note(state.store, putNote(state, args[0], snapshotKey(key)));
  // A getter or a platform object on the way to the key: only the browser may look there.
  else notes.notePutWhenDone(state.store, request, (key) => putNote(state, args[0], key));
  return request;
}

function deletion(query: unknown): Note {
  if (isRange(query)) {
    const { lower, upper, lowerOpen, upperOpen } = query;
    return ['range', snapshotBound(lower), snapshotBound(upper), lowerOpen, upperOpen];
  }
  return isPlainKey(query) ? ['delete', snapshotKey(query)] : ['clear'];
}

/** By its shape: a range may come from another realm, or another implementation. */
function isRange(query: unknown): query is IDBKeyRange {
  return typeof query === 'object' && query !== null && !Array.isArray(query) && 'lowerOpen' in query;
}

function snapshotBound(bound: IDBValidKey | undefined): IDBValidKey | undefined {
  return bound === undefined ? undefined : snapshotKey(bound);
}
