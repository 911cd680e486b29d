import type { CapturedTransaction } from './captured.ts';
import type { Connection } from './connection.ts';
import { isHidden, NO_STORE, startsWithName, visibleNames } from './names.ts';
import { createDerivation, isNative, shadowOwnField } from './natives.ts';
import { createNoteBuffer } from './notes.ts';
import { captureStore } from './store.ts';

export function captureTransaction(transaction: IDBTransaction, connection: Connection): CapturedTransaction {
  const notes = createNoteBuffer(transaction, {
    reading: () => connection.options.reading(),
    writer: connection.options.writer,
    onComplete: connection.written,
  });
  const captured = { transaction, connection, notes };
  transactions.attach(transaction, captured);
  shadowOwnField(transaction, 'objectStoreNames', visibleNames);
  return captured;
}

const transactions = createDerivation<IDBTransaction, CapturedTransaction>(() => ({
  get objectStoreNames(): DOMStringList {
    return isNative() ? super.objectStoreNames : visibleNames(super.objectStoreNames);
  },

  objectStore(this: IDBTransaction, ...args: unknown[]): IDBObjectStore {
    const state = transactions.stateOf(this);
    if (isNative() || state === undefined || !startsWithName(args)) return super.objectStore(...args);
    const name = `${args[0]}`;
    const store = super.objectStore(isHidden(name) ? NO_STORE : name);
    captureStore(store, state);
    return store;
  },

  commit(this: IDBTransaction): void {
    transactions.stateOf(this)?.notes.flushAll();
    super.commit();
  },
}));
