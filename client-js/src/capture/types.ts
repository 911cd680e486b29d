/** What an application's transaction leaves in a side store for each write, so that a drain knows where to look. */
export type Note =
  | readonly ['put', key: IDBValidKey]
  | readonly ['delete', key: IDBValidKey]
  | readonly [
      'range',
      lower: IDBValidKey | undefined,
      upper: IDBValidKey | undefined,
      lowerOpen: boolean,
      upperOpen: boolean,
    ]
  | readonly ['clear']
  /** The store held records, or may have held some, before it was tracked: every record is to be looked at. */
  | readonly ['adopt'];

/** A hybrid logical clock reading: Unix milliseconds and a counter. */
export type Reading = readonly [millis: number, counter: number];

/** One row of a side store, under a generated key: the notes of one flushed batch, in the order of the writes. */
export interface NoteRow {
  readonly at: Reading;
  readonly notes: readonly Note[];
}

export interface TrackedStore {
  readonly name: string;
  /** `null` for out-of-line keys. */
  readonly keyPath: string | readonly string[] | null;
}

/** An open connection of the application whose writes leave notes. */
export interface CapturedConnection {
  /** The database's name. */
  readonly name: string;
  /** The application's own connection object. */
  readonly database: IDBDatabase;
  readonly trackedStores: readonly TrackedStore[];
  readonly closed: boolean;
  /**
   * Starts a transaction that the application does not see: native, free to span hidden stores; its writes leave no notes,
   * and its events never reach the application's handlers.
   * @throws DOMException as `IDBDatabase.transaction` does, `InvalidStateError` once the connection is closed
   */
  transaction(stores: readonly string[], mode: IDBTransactionMode, options?: IDBTransactionOptions): IDBTransaction;
}

/** Why a store that the application asked to track stays local: keys that each device generates would collide. */
export type UntrackedReason = 'generated-keys';

export interface CaptureOptions {
  /** The object stores to track. */
  readonly stores: '*' | readonly string[];
  /** If given, only the database of this name is captured; all others pass through untouched. */
  readonly database?: string;
  /** Reads the hybrid logical clock. Taken once for each flushed batch; each reading must be above the one before. */
  reading(): Reading;
  /** A connection is open, its upgrade completed. Called before the application's success handlers. */
  onOpen?(connection: CapturedConnection): void;
  /** An opened connection was closed by the application, or by the browser. */
  onClose?(connection: CapturedConnection): void;
  /**
   * A transaction that left notes in these stores has completed. Not called for upgrade transactions: `onOpen` follows them.
   */
  onWritten?(connection: CapturedConnection, stores: readonly string[]): void;
  /** A store matches `stores` but cannot be tracked. Called on each open. */
  onUntracked?(store: string, reason: UntrackedReason): void;
}
