import { type CapturedStore, type CapturedTransaction, isTracked, putNote } from './captured.ts';
import { captureCursor, captureIndex, read } from './cursor.ts';
import { compareKeys, readKey, snapshotKey } from './keys.ts';
import { isHidden, META_STORE } from './names.ts';
import { createDerivation } from './natives.ts';
import { createReads } from './reads.ts';
import { checked } from './refusal.ts';
import type { Note } from './types.ts';
import { renameSideStore } from './upgrade.ts';

export function captureStore(store: IDBObjectStore, captured: CapturedTransaction): void {
  if (stores.stateOf(store) !== undefined) return;
  const { name, keyPath, autoIncrement: generatesKeys } = store;
  stores.attach(store, { captured, store, keyPath, generatesKeys, ...asNamed(name, captured) });
}

/** What depends on a store's name. */
function asNamed(
  name: string,
  { connection, transaction }: CapturedTransaction,
): Pick<CapturedStore, 'wanted' | 'reads'> {
  const { options, lastReads } = connection;
  return {
    wanted: connection.wants(name),
    reads: options.follow ? createReads(transaction, name, lastReads) : undefined,
  };
}

const stores = createDerivation<IDBObjectStore, CapturedStore>(() => ({
  get name(): string {
    return super.name;
  },

  set name(value: string) {
    const state = stores.stateOf(this);
    if (state === undefined || typeof value === 'symbol') {
      super.name = value;
      return;
    }
    const [from, to] = [super.name, `${value}`];
    // An existing name makes IDBObjectStore refuse a hidden one, after whatever else it checks first.
    super.name = isHidden(to) ? META_STORE : to;
    if (from !== to) renameSideStore(state.captured, from, to);
    Object.assign(state, asNamed(to, state.captured));
  },

  put(this: IDBObjectStore, ...args: unknown[]): IDBRequest {
    return write(stores.stateOf(this), args, (a) => super.put(...a), false);
  },

  add(this: IDBObjectStore, ...args: unknown[]): IDBRequest {
    return write(stores.stateOf(this), args, (a) => super.add(...a), true);
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

function write(
  state: CapturedStore | undefined,
  args: unknown[],
  native: (args: unknown[]) => IDBRequest,
  adds: boolean,
): IDBRequest {
  const given = checked(state, args);
  if (!isTracked(state)) return native(given);
  const { notes } = state.captured;
  const key = keyOf(state, given);
  const request = native(given); // a write that throws leaves no note
  const now = keyOf(state, given);
  if (key !== undefined && now !== undefined && compareKeys(key, now) === 0) {
    notes.note(state.store, putNote(state, args[0], key), request, adds);
  } else {
    // A getter or a platform object on the way to the key, or a getter that changed it meanwhile: only the browser knows.
    notes.notePutWhenDone(state.store, request, (key) => putNote(state, args[0], key));
  }
  return request;
}

/** The key that a record would be put under now, if that can be told without running code of the application. */
function keyOf({ keyPath }: CapturedStore, [value, key]: readonly unknown[]): IDBValidKey | undefined {
  return snapshotKey(keyPath === null ? key : readKey(value, keyPath));
}

function deletion(query: unknown): Note {
  if (isRange(query)) {
    const { lower, upper, lowerOpen, upperOpen } = query;
    return ['range', snapshotKey(lower), snapshotKey(upper), lowerOpen, upperOpen];
  }
  const key = snapshotKey(query);
  return key === undefined ? ['clear'] : ['delete', key];
}

/** By its shape: a range may come from another realm, or another implementation. */
function isRange(query: unknown): query is IDBKeyRange {
  return typeof query === 'object' && query !== null && !Array.isArray(query) && 'lowerOpen' in query;
}
