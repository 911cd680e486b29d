/** What an application's transaction leaves in a side store for each write, so that a drain knows where to look. */
export type Note =
  /** `base`: the store's version at which the record was read that the write came from, as far as that is known. */
  | readonly ['put', key: IDBValidKey, base?: number | undefined]
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
  /** Who wrote, where that is said. */
  readonly by?: string;
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
   * and its events never reach the application's listeners. Listen by the attributes of the transaction and its requests alone (`onsuccess` and so
   * on). What is running when the connection is closed is aborted.
   * @throws DOMException as `IDBDatabase.transaction` does, `InvalidStateError` once the connection is closed
   */
  transaction(stores: readonly string[], mode: IDBTransactionMode, options?: IDBTransactionOptions): IDBTransaction;
  /** Aborts the writing transactions of the application that are under way, but for those that it has committed explicitly. */
  abortWrites(): void;
  /** Does the same, and has the application's `transaction(…, 'readwrite')` throw the error from now on, where it names a store that is wanted. */
  refuseWrites(error: Error): void;
}

/** Why a store that the application asked to track stays local: keys that each device generates would collide. */
export type UntrackedReason = 'generated-keys';

/** Settings of {@link capture}. All may be left out. */
export interface CaptureOptions {
  /** The object stores to track; `'*'`, the default, are all. */
  readonly stores?: '*' | readonly string[];
  /** The database to capture; all others pass through untouched. Without it, all are captured. */
  readonly database?: string;
  /**
   * What becomes of records that cannot travel, as they hold a Blob or a cyclic value, and of stores that generate their keys. `local`, the
   * default, lets the application write them as ever, so that they stay on the device. `refuse` makes the write throw an
   * `UnsupportedValueError` that names the field.
   */
  readonly unsupported?: 'local' | 'refuse';
  /**
   * Throws for a record that cannot travel, under `unsupported: 'refuse'`. The record is the clone that will be written. Without it, what has no
   * form in the merge format is refused.
   *
   * @param key of stores with out-of-line keys
   */
  readonly check?: (store: TrackedStore, record: unknown, key: IDBValidKey | undefined) => void;
  /**
   * Whether to follow what the application reads, so that the note of a write says at which version of its store the record was read. For those who
   * change records behind the application's back, and count up {@link VERSION_KEY} of the side store when they do. Records that are read then carry an
   * own, enumerable symbol property; it is not stored. `false` if not given.
   */
  readonly follow?: boolean;
  /**
   * Reads the hybrid logical clock; without it, one of this page. Taken once for each flushed batch; each reading must be above the one before.
   */
  readonly reading?: () => Reading;
  /** What the notes say who wrote; nothing if not given. */
  readonly writer?: string;
  /** A connection is open, its upgrade completed. Called before the application's success handlers. */
  readonly onOpen?: (connection: CapturedConnection) => void;
  /** An opened connection was closed by the application, or by the browser: as somebody cleared the site's data, or the disk failed. */
  readonly onClose?: (connection: CapturedConnection, by: 'application' | 'browser') => void;
  /** A database could not be opened. */
  readonly onFailed?: (database: string, error: DOMException | null) => void;
  /**
   * A transaction that left notes in these stores has completed. Not called for upgrade transactions: `onOpen` follows them.
   */
  readonly onWritten?: (connection: CapturedConnection, stores: readonly string[]) => void;
  /** A store matches `stores` but cannot be tracked. Called on each open. */
  readonly onUntracked?: (store: string, reason: UntrackedReason) => void;
  /** A database could not be captured, for its version leaves no room (2^44 or above). Called on each open. */
  readonly onUncaptured?: (database: string) => void;
}

/** Settings with their defaults. */
export type CompleteOptions = CaptureOptions &
  Required<Pick<CaptureOptions, 'stores' | 'unsupported' | 'check' | 'reading'>>;
