import { abort, silence } from './events.ts';
import { isHidden, META_STORE, sideStoreName, untrackedKey } from './names.ts';
import { natively } from './natives.ts';
import type { LateRow } from './notes.ts';
import type { AllLastReads } from './reads.ts';
import type { CapturedConnection, CompleteOptions, NoteRow, TrackedStore } from './types.ts';

/** A connection as the capture layer sees it. */
export interface Connection {
  readonly options: CompleteOptions;
  readonly captured: CapturedConnection;
  readonly lastReads: AllLastReads;
  /** Whether the application wants the store tracked, provided that it can be. */
  wants(store: string): boolean;
  /** Those of the stores whose writes leave notes. */
  tracked(stores: readonly string[]): readonly string[];
  /** The application begins to write. @throws Error what its writes are refused with */
  writes(begin: () => IDBTransaction): IDBTransaction;
  /** The open request succeeded. */
  opened(): void;
  /** The connection is about to be closed: what runs hidden from the application must not keep it from that. */
  closing(): void;
  /** The connection was closed. May be called twice. */
  closed(by: 'application' | 'browser'): void;
  /** A transaction of the application that left notes has completed. */
  written(stores: readonly string[], late: readonly LateRow[]): void;
}

export function createConnection(database: IDBDatabase, options: CompleteOptions): Connection {
  let state: 'opening' | 'open' | 'closed' = 'opening';
  let names: readonly string[] = [];
  let trackedStores: readonly TrackedStore[] | undefined;
  /** The hidden transactions. */
  const running = new Set<IDBTransaction>();
  /** The transactions in which the application writes. */
  const writing = new Set<IDBTransaction>();
  let refusal: Error | undefined;

  const captured: CapturedConnection = {
    name: database.name,
    database,
    transaction,
    abortWrites: () => writing.forEach(abort),
    refuseWrites(error) {
      refusal = error;
      writing.forEach(abort);
    },
    get trackedStores() {
      trackedStores ??= describe(captured, names);
      return trackedStores;
    },
    get closed() {
      return state === 'closed';
    },
  };

  function transaction(stores: readonly string[], mode: IDBTransactionMode, settings?: IDBTransactionOptions) {
    const started = natively(() => database.transaction([...stores], mode, settings));
    running.add(started);
    silence(started, () => running.delete(started));
    return started;
  }

  function writes(begin: () => IDBTransaction): IDBTransaction {
    if (refusal !== undefined) throw refusal;
    const started = begin();
    writing.add(started);
    for (const type of ['complete', 'abort']) started.addEventListener(type, () => writing.delete(started));
    return started;
  }

  const wants = (store: string) => !isHidden(store) && (options.stores === '*' || options.stores.includes(store));

  function tracked(stores: readonly string[]): readonly string[] {
    const existing = natively(() => database.objectStoreNames);
    return stores.filter((store) => wants(store) && existing.contains(sideStoreName(store)));
  }

  function withSideStores(): readonly string[] {
    const existing = natively(() => database.objectStoreNames);
    return Array.from(existing).filter((store) => existing.contains(sideStoreName(store)));
  }

  function opened(): void {
    state = 'open';
    const wanted = Array.from(database.objectStoreNames).filter(wants);
    names = tracked(wanted);
    // Whoever follows nothing needs none of it, and a transaction would make those wait who close at once and delete.
    if (options.onOpen ?? options.onWritten) takeUp(captured, withSideStores(), names, options);
    for (const store of wanted) if (!names.includes(store)) options.onUntracked?.(store, 'generated-keys');
    options.onOpen?.(captured);
  }

  function closing(): void {
    running.forEach(abort);
    running.clear();
  }

  function closed(by: 'application' | 'browser'): void {
    const wasOpen = state === 'open';
    state = 'closed';
    if (wasOpen) options.onClose?.(captured, by);
  }

  function written(stores: readonly string[], late: readonly LateRow[]): void {
    const report = () => {
      if (state !== 'opening') options.onWritten?.(captured, stores);
    };
    if (late.length === 0) {
      report();
      return;
    }
    const transaction = addRows(captured, late);
    running.delete(transaction); // notes must not be lost
    transaction.commit(); // not even if the page goes now
    transaction.oncomplete = report;
  }

  return { options, captured, lastReads: new Map(), wants, tracked, writes, opened, closing, closed, written };
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
function takeUp(
  connection: CapturedConnection,
  sides: readonly string[],
  tracked: readonly string[],
  options: CompleteOptions,
): void {
  const request = connection.transaction([META_STORE], 'readonly').objectStore(META_STORE).getAllKeys();
  request.onsuccess = () => {
    const marked = request.result.filter(isUntrackedKey).map(([, store]) => store);
    const added = tracked.filter((store) => marked.includes(store));
    const dropped = sides.filter((store) => !tracked.includes(store) && !marked.includes(store));
    if (connection.closed || added.length + dropped.length === 0) return;

    const transaction = connection.transaction([META_STORE, ...added.map(sideStoreName)], 'readwrite');
    const meta = transaction.objectStore(META_STORE);
    for (const store of dropped) meta.put(true, untrackedKey(store));
    for (const store of added) {
      meta.delete(untrackedKey(store));
      transaction.objectStore(sideStoreName(store)).add(adoption(options));
    }
    if (added.length > 0) transaction.oncomplete = () => options.onWritten?.(connection, added);
  };
}

function isUntrackedKey(key: IDBValidKey): key is [string, string] {
  return Array.isArray(key) && key[0] === untrackedKey('')[0];
}

export function adoption(options: CompleteOptions): NoteRow {
  return { at: options.reading(), notes: [['adopt']] };
}

function addRows(connection: CapturedConnection, rows: readonly LateRow[]): IDBTransaction {
  const transaction = connection.transaction([...new Set(rows.map(({ store }) => sideStoreName(store)))], 'readwrite');
  for (const { store, row } of rows) transaction.objectStore(sideStoreName(store)).add(row);
  return transaction;
}
