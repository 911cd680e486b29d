import { type CapturedStore, note } from './captured.ts';
import { snapshotKey } from './keys.ts';
import { createDerivation } from './natives.ts';

/** Captures an index of a captured store, for the sake of the cursors that it opens. */
export function captureIndex(index: IDBIndex, store: CapturedStore | undefined): IDBIndex {
  if (store?.tracked && indexes.stateOf(index) === undefined) indexes.attach(index, store);
  return index;
}

/** Captures the cursor that a request will yield, before the application sees it. */
export function captureCursor(
  request: IDBRequest<IDBCursorWithValue | null>,
  store: CapturedStore | undefined,
): IDBRequest<IDBCursorWithValue | null> {
  if (store?.tracked) {
    const attach = () => {
      const cursor = request.result;
      if (cursor !== null && cursors.stateOf(cursor) === undefined) cursors.attach(cursor, store);
    };
    request.addEventListener('success', attach, { once: true });
  }
  return request;
}

const indexes = createDerivation<IDBIndex, CapturedStore>(() => ({
  openCursor(this: IDBIndex, ...args: unknown[]): IDBRequest<IDBCursorWithValue | null> {
    return captureCursor(super.openCursor(...args), indexes.stateOf(this));
  },
}));

// The methods that advance stay the native ones: `idb` knows them by identity.
const cursors = createDerivation<IDBCursor, CapturedStore>(() => ({
  update(this: IDBCursor, ...args: unknown[]): IDBRequest<IDBValidKey> {
    const request = super.update(...args);
    note(cursors.stateOf(this), () => ['put', snapshotKey(this.primaryKey)]);
    return request;
  },

  delete(this: IDBCursor): IDBRequest<undefined> {
    const request = super.delete();
    note(cursors.stateOf(this), () => ['delete', snapshotKey(this.primaryKey)]);
    return request;
  },
}));
