import { type CapturedStore, isTracked, putNote } from './captured.ts';
import { snapshotKey } from './keys.ts';
import { createDerivation } from './natives.ts';
import { checked } from './refusal.ts';

/** Captures an index of a captured store, for the sake of the cursors that it opens. */
export function captureIndex(index: IDBIndex, store: CapturedStore | undefined): IDBIndex {
  if (store?.wanted && indexes.stateOf(index) === undefined) indexes.attach(index, store);
  return index;
}

/** Captures the cursor that a request will yield, before the application sees it. */
export function captureCursor(
  request: IDBRequest<IDBCursorWithValue | null>,
  store: CapturedStore | undefined,
): IDBRequest<IDBCursorWithValue | null> {
  if (store?.wanted) {
    const attach = () => {
      const cursor = request.result;
      if (cursor !== null && cursors.stateOf(cursor) === undefined) cursors.attach(cursor, store);
    };
    request.addEventListener('success', attach, { once: true });
  }
  return request;
}

/** Makes a read of a captured store, and follows it. @param key if it reads the record of one key */
export function read<R extends IDBRequest>(state: CapturedStore | undefined, native: () => R, key?: unknown): R {
  const reads = isTracked(state) ? state.reads : undefined;
  return reads === undefined ? native() : reads.follow(native, key);
}

const indexes = createDerivation<IDBIndex, CapturedStore>(() => ({
  get(this: IDBIndex, ...args: unknown[]): IDBRequest {
    return read(indexes.stateOf(this), () => super.get(...args));
  },

  getAll(this: IDBIndex, ...args: unknown[]): IDBRequest {
    return read(indexes.stateOf(this), () => super.getAll(...args));
  },

  openCursor(this: IDBIndex, ...args: unknown[]): IDBRequest<IDBCursorWithValue | null> {
    const state = indexes.stateOf(this);
    return captureCursor(
      read(state, () => super.openCursor(...args)),
      state,
    );
  },
}));

// The methods that advance stay the native ones: `idb` knows them by identity.
const cursors = createDerivation<IDBCursor, CapturedStore>(() => ({
  get primaryKey(): IDBValidKey {
    const key = super.primaryKey;
    if (typeof key === 'object' && !handedOut.has(key)) handedOut.set(key, snapshotKey(key) as IDBValidKey);
    return key;
  },

  update(this: IDBCursor, ...args: unknown[]): IDBRequest<IDBValidKey> {
    const state = cursors.stateOf(this);
    const request = super.update(...checked(state, args));
    if (isTracked(state)) {
      state.captured.notes.note(state.store, putNote(state, args[0], primaryKeyOf(this)), request);
    }
    return request;
  },

  delete(this: IDBCursor): IDBRequest<undefined> {
    const request = super.delete();
    const state = cursors.stateOf(this);
    if (isTracked(state)) state.captured.notes.note(state.store, ['delete', primaryKeyOf(this)]);
    return request;
  },
}));

/**
 * The keys that cursors have handed out, as they were then: a cursor hands out the same object again and again, which the application may change, and
 * writes to the record that it stands at all the same.
 */
const handedOut = new WeakMap<object, IDBValidKey>();

function primaryKeyOf({ primaryKey }: IDBCursor): IDBValidKey {
  return typeof primaryKey === 'object' ? (handedOut.get(primaryKey) as IDBValidKey) : primaryKey;
}
