import type { CapturedTransaction } from './captured.ts';
import { type Connection, createConnection } from './connection.ts';
import { deafen, isCapturing, stopHiddenEvents } from './events.ts';
import { isHidden, META_STORE, NO_STORE, sideStoreName, visibleNames } from './names.ts';
import { createDerivation, isNative, natively, shadowOwnField } from './natives.ts';
import { captureStore } from './store.ts';
import { captureTransaction } from './transaction.ts';
import type { CaptureOptions } from './types.ts';
import { addSideStore, removeSideStore } from './upgrade.ts';
import { applicationVersion, shadowVersions } from './versions.ts';

interface DatabaseState {
  readonly connection: Connection;
  /** The upgrade transaction that the connection was opened with. */
  upgrade?: CapturedTransaction;
}

/** Captures a connection that the application has not seen yet. */
export function captureDatabase(database: IDBDatabase, options: CaptureOptions): Connection {
  const connection = createConnection(database, options);
  stopHiddenEvents(database);
  database.addEventListener('versionchange', shadowVersions);
  database.addEventListener('close', () => connection.closed());
  databases.attach(database, { connection });
  shadowOwnField(database, 'version', applicationVersion);
  shadowOwnField(database, 'objectStoreNames', visibleNames);
  return connection;
}

/** Captures the upgrade transaction of a captured connection. */
export function captureUpgrade(database: IDBDatabase, transaction: IDBTransaction): CapturedTransaction {
  const state = databases.stateOf(database) as DatabaseState;
  state.upgrade = captureTransaction(transaction, state.connection);
  return state.upgrade;
}

const databases = createDerivation<IDBDatabase, DatabaseState>(() => ({
  get version(): number {
    return isNative() ? super.version : applicationVersion(super.version);
  },

  get objectStoreNames(): DOMStringList {
    return isNative() ? super.objectStoreNames : visibleNames(super.objectStoreNames);
  },

  transaction(this: IDBDatabase, ...args: unknown[]): IDBTransaction {
    if (isNative() || args.length === 0) return super.transaction(...args);
    const { connection } = databases.stateOf(this) as DatabaseState;
    const stores = scopeOf(args[0]);
    const tracked = String(args[1]) === 'readwrite' ? connection.tracked(stores) : [];
    const scope = [...stores.map((name) => (isHidden(name) ? NO_STORE : name)), ...tracked.map(sideStoreName)];
    const transaction: IDBTransaction = natively(() => super.transaction(scope, ...args.slice(1)));
    // Without tracked stores there is nothing to hide in it, nor to note.
    if (tracked.length > 0) captureTransaction(transaction, connection);
    return transaction;
  },

  createObjectStore(this: IDBDatabase, ...args: unknown[]): IDBObjectStore {
    if (isNative() || args.length === 0) return super.createObjectStore(...args);
    const { upgrade } = databases.stateOf(this) as DatabaseState;
    const [name, ...rest] = [String(args[0]), ...args.slice(1)];
    // An existing name makes IDBDatabase refuse a hidden one, after whatever else it checks first.
    const store: IDBObjectStore = natively(() => super.createObjectStore(isHidden(name) ? META_STORE : name, ...rest));
    if (upgrade) {
      addSideStore(upgrade, store);
      captureStore(store, upgrade);
    }
    return store;
  },

  deleteObjectStore(this: IDBDatabase, ...args: unknown[]): undefined {
    if (isNative() || args.length === 0) return super.deleteObjectStore(...args);
    const { upgrade } = databases.stateOf(this) as DatabaseState;
    const name = String(args[0]);
    upgrade?.notes.flush();
    natively(() => super.deleteObjectStore(isHidden(name) ? NO_STORE : name));
    if (upgrade) removeSideStore(upgrade, name);
  },

  close(this: IDBDatabase): void {
    super.close();
    databases.stateOf(this)?.connection.closed();
  },

  addEventListener(type: string, listener: EventListener | null, options?: unknown): void {
    super.addEventListener(type, listener && isCapturing(options) ? deafen(listener) : listener, options);
  },

  removeEventListener(type: string, listener: EventListener | null, options?: unknown): void {
    super.removeEventListener(type, listener && isCapturing(options) ? deafen(listener) : listener, options);
  },
}));

/** The names in `IDBDatabase.transaction`'s first argument, by Web IDL's rules for `(DOMString or sequence<DOMString>)`. */
function scopeOf(names: unknown): string[] {
  const isSequence = typeof names === 'object' && names !== null && Symbol.iterator in names;
  return isSequence ? Array.from(names as Iterable<unknown>, String) : [String(names)];
}
