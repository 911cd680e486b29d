import type { EraseOptions } from './erasing.ts';
import type { Change } from './lists/changes.ts';
import type { Conflict } from './lists/conflicts.ts';
import type { DeadLetter, DeadLetterExport } from './lists/dead-letters.ts';
import type { Inspection } from './lists/inspection.ts';
import type { Listing } from './lists/listing.ts';
import type { PendingEdit, PendingExport } from './lists/pending.ts';
import type { Staying } from './merging/staying.ts';
import type { Withheld } from './merging/withheld.ts';
import type { Happening, Observable } from './observable.ts';
import type { Status } from './status.ts';
import type { AnyCollections, CollectionName } from './typed.ts';

/** The synchronisation of one database, typed by the collections that the application names. */
export type Watersmeet<C extends object = AnyCollections> = WatersmeetOf<
  CollectionName<C>,
  Change<C>,
  Conflict<C>,
  DeadLetter<C>,
  PendingEdit<C>,
  Staying<C>
>;

/**
 * What {@link Watersmeet} is, by what it tells: so a client of some collections is one of any, as TypeScript sees it. Its members may be called in any tab,
 * at any time until it is closed; then they throw or reject with a {@link SyncError} `closed`.
 */
export interface WatersmeetOf<Name extends string, Changed, Met, Refused, Waits, Stays> {
  /** The factory to open the database with, in the place of the global `indexedDB`. */
  readonly indexedDB: IDBFactory;
  readonly status: Observable<Status>;
  readonly changes: Happening<Changed>;
  /** Edits of this browser that met others, and of which one is lost. */
  readonly conflicts: Conflicts<Met>;
  /** The documents with edits that the server has not confirmed, at most 1,000 of them (of a collection with more, those with the first keys), the one that has waited longest first. */
  readonly pending: PendingEdits<Waits>;
  /** The edits that the server has refused, the oldest first. They are kept until they are made again or discarded. */
  readonly deadLetters: DeadLetters<Refused>;
  /** What cannot travel and stays on this device: told once for each store, and for each record whenever it is written so. The console hears of each store once. */
  readonly local: Happening<Stays>;
  /** Starts, or goes on, to exchange with the server, in all tabs. */
  connect(): void;
  /** Stops exchanging, in all tabs that are open; one that is opened or loaded anew begins as `connect` says. The application goes on offline; its edits are kept. */
  disconnect(): void;
  /**
   * Exchanges with the server at once. Resolves when the server has confirmed everything that was written before, in whichever tab, and everything is here that
   * the server had then. A server that wants to be left alone for a while (`Retry-After`) is not asked: it rejects with the problem that the server has told.
   *
   * @param options.signal gives up waiting; the exchange goes on
   * @throws SyncError `not-open`, `disconnected`, `unreachable`, `refused` if the server has refused an edit, or with the code of the problem that the server tells
   */
  now(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** The cells of a document; undefined if there are none. */
  inspect(collection: Name, key: IDBValidKey): Promise<Inspection | undefined>;
  /** The records that their store refuses as they have become by merging. Each is shown once nothing stands in its way. */
  readonly withheld: Listing<Withheld>;
  /**
   * Deletes the database from this browser, with all that belongs to it, and closes it in all tabs, for instance as somebody logs out. Nothing of it is deleted
   * on the server. Where a tab is frozen, the database is empty at once, and gone when that thaws.
   *
   * @throws SyncError `not-open`; `unsent` if there are edits that the server has not confirmed, or has refused, or records that cannot travel, and they were not to be wiped
   */
  erase(options?: EraseOptions): Promise<void>;
  /**
   * Stops for good: iterations end, nobody is told anything more. Resolves when another client may take over. The application may go on using its database:
   * what it writes through {@link indexedDB} is noted, and sent by the next client that opens it.
   */
  close(): Promise<void>;
}

/** Edits that the server has not confirmed. */
export interface PendingEdits<Waits> extends Listing<Waits> {
  /** All of them as plain JSON, for instance to keep them before a database is erased. What was written a moment ago is waited for. */
  export(): Promise<PendingExport>;
}

/** Conflicts: told as they are found, in all tabs, and kept. The list is the newest first. */
export interface Conflicts<Met> extends Happening<Met>, Listing<Met> {
  /** Forgets a conflict. */
  dismiss(conflict: Met): Promise<void>;
  /** Forgets all of them. */
  dismissAll(): Promise<void>;
}

/** Refused edits. */
export interface DeadLetters<Refused> extends Listing<Refused> {
  /**
   * Makes the edit again, as a new one: what it had changed is changed in the record as it stands now, and sent. Resolves when the record shows it and the
   * letter is gone; if it is refused again, there will be another letter.
   *
   * @throws SyncError `not-open`; `gone` if the letter or its object store is not there any more; `unsupported` if the record cannot travel;
   *   `changed` if it was a deletion, and the record was changed after it: the letter stays
   */
  retry(letter: Refused): Promise<void>;
  /** Forgets the edit. */
  discard(letter: Refused): Promise<void>;
  /** All of them as plain JSON, for instance to send to those who can help. */
  export(): Promise<DeadLetterExport>;
}
