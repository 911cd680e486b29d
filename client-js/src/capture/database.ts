import type { CapturedTransaction } from './captured.ts';
import { type Connection, createConnection } from './connection.ts';
import { stopHiddenEvents } from './events.ts';
import { isHidden, META_STORE, NO_STORE, sideStoreName, startsWithName, visibleNames } from './names.ts';
import { createDerivation, isNative, natively, shadowOwnField } from './natives.ts';
import { markRead } from './reads.ts';
import { captureStore } from './store.ts';
import { captureTransaction } from './transaction.ts';
import type { CompleteOptions } from './types.ts';
import { addSideStore, removeSideStore } from './upgrade.ts';
import { applicationVersion, shadowVersions } from './versions.ts';

/** The names of databases whose first upgrade runs and has not created a store: they would not be listed yet. */
const unborn = new Set<string>();

export function isListed(name: string): boolean {
  return !unborn.has(name);
}

interface DatabaseState {
  readonly connection: Connection;
  /** The upgrade transaction that the connection was opened with. */
  upgrade?: CapturedTransaction;
}

/** Captures a connection that the application has not seen yet. */
export function captureDatabase(database: IDBDatabase, options: CompleteOptions): Connection {
  const connection = createConnection(database, options);
  stopHiddenEvents(database, markRead);
  database.addEventListener('versionchange', shadowVersions);
  database.addEventListener('close', () => connection.closed('browser'));
  databases.attach(database, { connection });
  shadowOwnField(database, 'version', applicationVersion);
  shadowOwnField(database, 'objectStoreNames', visibleNames);
  return connection;
}

/** Captures the upgrade transaction of a captured connection. @param isNew if it creates the database */
export function captureUpgrade(
  database: IDBDatabase,
  transaction: IDBTransaction,
  isNew: boolean,
): CapturedTransaction {
  const state = databases.stateOf(database) as DatabaseState;
  state.upgrade = captureTransaction(transaction, state.connection);
  if (isNew) {
    unborn.add(database.name);
    for (const type of ['complete', 'abort']) transaction.addEventListener(type, () => unborn.delete(database.name));
  }
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
    const state = databases.stateOf(this);
    if (isNative() || state === undefined || args.length === 0) return super.transaction(...args);
    const { connection } = state;
    const [names, given, ...rest] = args; // not by numbers, which may stand on `Object.prototype`
    const stores = scopeOf(names);
    if (!stores.every(isText)) return super.transaction(stores);
    const mode = given === undefined ? undefined : `${given}`;
    const writes = mode === 'readwrite';
    const tracked = writes || connection.options.follow ? connection.tracked(stores) : [];
    const scope = [...stores.map((name) => (isHidden(name) ? NO_STORE : name)), ...tracked.map(sideStoreName)];
    const begin = (): IDBTransaction => natively(() => super.transaction(scope, mode, ...rest));
    const refusable = writes && stores.some(connection.wants);
    const transaction = refusable ? connection.writes(begin) : begin();
    // Without stores that are wanted there is nothing to hide in it, nor to note, nor to refuse.
    if (tracked.length > 0 || refusable) captureTransaction(transaction, connection);
    return transaction;
  },

  createObjectStore(this: IDBDatabase, ...args: unknown[]): IDBObjectStore {
    const state = databases.stateOf(this);
    if (isNative() || state === undefined || !startsWithName(args)) return super.createObjectStore(...args);
    const { upgrade } = state;
    const [name, ...rest] = [`${args[0]}`, ...args.slice(1)];
    // An existing name makes IDBDatabase refuse a hidden one, after whatever else it checks first.
    const store: IDBObjectStore = natively(() => super.createObjectStore(isHidden(name) ? META_STORE : name, ...rest));
    unborn.delete(this.name);
    if (upgrade) {
      addSideStore(upgrade, store);
      captureStore(store, upgrade);
    }
    return store;
  },

  deleteObjectStore(this: IDBDatabase, ...args: unknown[]): undefined {
    const state = databases.stateOf(this);
    if (isNative() || state === undefined || !startsWithName(args)) return super.deleteObjectStore(...args);
    const { upgrade } = state;
    const name = `${args[0]}`;
    upgrade?.notes.flush();
    natively(() => super.deleteObjectStore(isHidden(name) ? NO_STORE : name));
    if (upgrade) removeSideStore(upgrade, name);
  },

  close(this: IDBDatabase): void {
    const connection = databases.stateOf(this)?.connection;
    connection?.closing();
    super.close();
    connection?.closed('application');
  },
}));

/** The names in `IDBDatabase.transaction`'s first argument, by Web IDL's rules for `(DOMString or sequence<DOMString>)`. */
function scopeOf(names: unknown): (string | symbol)[] {
  const isObject = (typeof names === 'object' && names !== null) || typeof names === 'function';
  const isSequence = isObject && (names as Partial<Iterable<unknown>>)[Symbol.iterator] != null;
  return isSequence ? Array.from(names as Iterable<unknown>, nameOf) : [nameOf(names)];
}

/** Symbols, which are no names, stay what they are: the browser refuses them in its own words. */
function nameOf(value: unknown): string | symbol {
  return typeof value === 'symbol' ? value : `${value}`;
}

function isText(name: string | symbol): name is string {
  return typeof name === 'string';
}
