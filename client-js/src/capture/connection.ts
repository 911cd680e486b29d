import { silence } from './events.ts';
import { isHidden, META_STORE, sideStoreName, trackingKey } from './names.ts';
import { natively } from './natives.ts';
import type { LateRow } from './notes.ts';
import type { CapturedConnection, CaptureOptions, NoteRow, TrackedStore } from './types.ts';

/** A connection as the capture layer sees it. */
export interface Connection {
  readonly options: CaptureOptions;
  readonly captured: CapturedConnection;
  /** Whether the application wants the store tracked, provided that it can be. */
  wants(store: string): boolean;
  /** Those of the stores whose writes leave notes. */
  tracked(stores: readonly string[]): readonly string[];
  /** The open request succeeded. */
  opened(): void;
  /** The connection was closed. May be called twice. */
  closed(): void;
  /** A transaction of the application that left notes has completed. */
  written(stores: readonly string[], late: readonly LateRow[]): void;
}

export function createConnection(database: IDBDatabase, options: CaptureOptions): Connection {
  let state: 'opening' | 'open' | 'closed' = 'opening';
  let trackedStores: readonly TrackedStore[] = [];

  const captured: CapturedConnection = {
    name: database.name,
    database,
    transaction,
    get trackedStores() {
      return trackedStores;
    },
    get closed() {
      return state === 'closed';
    },
  };

  function transaction(stores: readonly string[], mode: IDBTransactionMode, settings?: IDBTransactionOptions) {
    return silence(natively(() => database.transaction([...stores], mode, settings)));
  }

  const wants = (store: string) => !isHidden(store) && (options.stores === '*' || options.stores.includes(store));

  function tracked(stores: readonly string[]): readonly string[] {
    const existing = natively(() => database.objectStoreNames);
    return stores.filter((store) => wants(store) && existing.contains(sideStoreName(store)));
  }

  function opened(): void {
    state = 'open';
    const wanted = Array.from(database.objectStoreNames).filter(wants);
    const names = tracked(wanted);
    trackedStores = describe(captured, names);
    takeUp(captured, options);
    for (const store of wanted) if (!names.includes(store)) options.onUntracked?.(store, 'generated-keys');
    options.onOpen?.(captured);
  }

  function closed(): void {
    const wasOpen = state === 'open';
    state = 'closed';
    if (wasOpen) options.onClose?.(captured);
  }

  function written(stores: readonly string[], late: readonly LateRow[]): void {
    const report = () => {
      if (state !== 'opening') options.onWritten?.(captured, stores);
    };
    if (late.length === 0) report();
    else addRows(captured, late).addEventListener('complete', report);
  }

  return { options, captured, wants, tracked, opened, closed, written };
}

function describe(connection: CapturedConnection, names: readonly string[]): readonly TrackedStore[] {
  if (names.length === 0) return [];
  const transaction = connection.transaction(names, 'readonly');
  const stores = names.map((name) => ({ name, keyPath: transaction.objectStore(name).keyPath }));
  // Otherwise it would wait for every writer in every tab, and the application's writers for it.
  transaction.abort();
  return stores;
}

/**
 * Sees to it that the records of stores that were not tracked so far are taken up, and that those of stores that are no
 * longer tracked will be, should they be tracked again.
 */
function takeUp(connection: CapturedConnection, options: CaptureOptions): void {
  const tracked = connection.trackedStores.map((store) => store.name);
  const request = connection.transaction([META_STORE], 'readonly').objectStore(META_STORE).getAllKeys();
  request.addEventListener('success', () => {
    const known = request.result.filter(isTrackingKey).map(([, store]) => store);
    const added = tracked.filter((store) => !known.includes(store));
    const dropped = known.filter((store) => !tracked.includes(store));
    if (connection.closed || added.length + dropped.length === 0) return;

    const transaction = connection.transaction([META_STORE, ...added.map(sideStoreName)], 'readwrite');
    const meta = transaction.objectStore(META_STORE);
    for (const store of dropped) meta.delete(trackingKey(store));
    for (const store of added) markTracked(transaction, store, adoption(options));
    if (added.length > 0) transaction.addEventListener('complete', () => options.onWritten?.(connection, added));
  });
}

function isTrackingKey(key: IDBValidKey): key is [string, string] {
  return Array.isArray(key) && key[0] === trackingKey('')[0];
}

/** Records that a store is tracked from here on; `row`, if given, becomes its first note. Native transactions only. */
export function markTracked(transaction: IDBTransaction, store: string, row?: NoteRow): readonly IDBRequest[] {
  const requests: IDBRequest[] = [transaction.objectStore(META_STORE).put(true, trackingKey(store))];
  if (row) requests.push(transaction.objectStore(sideStoreName(store)).add(row));
  return requests;
}

export function adoption(options: CaptureOptions): NoteRow {
  return { at: options.reading(), notes: [['adopt']] };
}

function addRows(connection: CapturedConnection, rows: readonly LateRow[]): IDBTransaction {
  const transaction = connection.transaction([...new Set(rows.map(({ store }) => sideStoreName(store)))], 'readwrite');
  for (const { store, row } of rows) transaction.objectStore(sideStoreName(store)).add(row);
  return transaction;
}
