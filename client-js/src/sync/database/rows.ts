import { META_STORE, type NoteRow, sideStoreName, VERSION_KEY } from '../../capture/index.ts';
import { renamedKey } from '../../capture/names.ts';
import type { Cells, Json, Layers, Sent, Stamp } from '../../model/index.ts';
import type { Past } from '../merging/past.ts';

/**
 * What the sync layer keeps in the hidden stores. In a side store: a row for each document under `['d', key]`, and a marker under
 * `['p', key]` for each of those with pending edits, so that the outbox is found without a search; and one row for many documents that were written together under `['k', first, last, count]`, or that came together with a snapshot under `['a', first, last, snapshot]`. The capture layer's notes stand under generated numbers. In the meta store: what belongs to the whole database, under strings.
 */
export interface DocumentRow extends Layers {
  /** What of this document is in flight. */
  readonly sent?: Sent;
  /** What was replaced in the record behind the application's back, the oldest first. */
  readonly past?: readonly Past[];
  /** Why the record cannot travel as it stands; it is then left as the application wrote it. */
  readonly local?: string;
  /** Why the record cannot be shown as the cells say, for instance a unique index: it stands as it stood, or not at all. */
  readonly withheld?: string;
  /** Of a withheld record: the record that its store shows instead; undefined if it shows none. */
  readonly stood?: Json;
  /** The server has refused the pending stamps as too far in the future; they have been, or are to be, taken back. */
  readonly ahead?: true;
  /** The server no longer has the document, or all of it: it is uploaded whole (P-9). */
  readonly whole?: true;
  /** What the server is known to hold of a document that is uploaded whole. */
  readonly remainder?: Readonly<Cells>;
  /** The document was withdrawn while a push of it was on its way: what that brings is not held either (P-22). */
  readonly withdrawn?: true;
  /** The snapshot that has last shown the document. */
  readonly seen?: string;
}

/** Who this database is to the server. */
export interface ReplicaRow {
  readonly id: string;
  readonly space: string;
  /** Whose it is, where the application says so. */
  readonly user?: string | undefined;
  /** The last push that the server accepted, by its answer. */
  readonly number: number;
  readonly nonce: string | null;
  /** The pushes that were given up since the last one that was accepted, the oldest first: one of them may have arrived. */
  readonly abandoned?: readonly FlightRow[] | undefined;
  /** There were more of them than are kept. */
  readonly more?: true | undefined;
  /** The number of the last push of a twin: of somebody else who pushes under the same id (P-28). Nothing more is pushed under it. */
  readonly twin?: number | undefined;
  /** At most so many documents go into the next push: fewer after one that was too large, until nothing is pending. */
  readonly most?: number | undefined;
  /** The greatest stamp in what the server has accepted: it must not be issued again, even if nothing is left of that. */
  readonly accepted?: Stamp | undefined;
  /** The greatest of these that is this replica's own. */
  readonly own?: Stamp | undefined;
}

/** The push that is on its way: stored before it is sent, and sent again until there is an answer (P-4). */
export interface FlightRow {
  readonly number: number;
  readonly nonce: string;
  readonly documents: readonly (readonly [store: string, key: IDBValidKey])[];
}

/** How far the server's state has been read. */
export interface CursorRow {
  /** Null until a snapshot is complete; of a snapshot that keeps what is lost, the one from before it. */
  readonly cursor: string | null;
  /** The snapshot that is being read, or is to be read. */
  readonly snapshot?: SnapshotRow | undefined;
  /** The stores that were tracked when the snapshot was read: another one needs a new snapshot. */
  readonly stores: readonly string[];
  /** Those of them that had another name before: the server has nothing of theirs under the new one, until it is given all of it. */
  readonly renamed?: readonly string[] | undefined;
}

export interface SnapshotRow {
  readonly id: string;
  readonly position: string | null;
  readonly done: number;
  /** The server was put back to an older copy: what it has lost is kept, and offered again (P-23). */
  readonly keeps?: true;
}

/** An edit that the server refused, kept for the application. */
export interface DeadLetterRow {
  readonly collection: string;
  readonly key: IDBValidKey;
  readonly code: string;
  readonly detail: string;
  readonly at: number;
  readonly cells: Cells;
  /** The record as it stood with the edit; undefined if it was deleted. */
  readonly record: Json | undefined;
  /** The record as the server held it; undefined if there was none. */
  readonly before?: Json | undefined;
}

export const META = META_STORE;
export const REPLICA = 'replica';
export const FLIGHT = 'flight';
export const CURSOR = 'cursor';
export const CLOCK = 'clock';
export const OFFSET = 'offset';
export const LEADER = 'leader';
/** Stands in a database that was emptied, until it is deleted: nothing more is to be written into it. */
export const ERASED = 'erased';
/** The number of the last conflict that was found. */
export const CONFLICTS = 'conflicts';

export const documentKey = (key: IDBValidKey): IDBValidKey => ['d', key];
export const pendingKey = (key: IDBValidKey): IDBValidKey => ['p', key];
/** Says that a row is withheld, so that these rows are found without a search. */
export const withheldKey = (key: IDBValidKey): IDBValidKey => ['w', key];
export const packKey = (first: IDBValidKey, last: IDBValidKey, count: number): IDBValidKey => ['k', first, last, count];
export const arrivedKey = (first: IDBValidKey, last: IDBValidKey, snapshot: string): IDBValidKey => [
  'a',
  first,
  last,
  snapshot,
];
export const deadLetterKey = (id: string): IDBValidKey => ['dead', id];
export const conflictKey = (number: number): IDBValidKey => ['conflict', number];

/** The marks of stores that had another name. */
export const renamedMarks = (): IDBKeyRange => IDBKeyRange.bound(renamedKey(''), [renamedKey('')[0], []]);

/** All rows of a kind: an array key sorts before every array that starts with a greater string. */
export const rowsOf = (kind: 'd' | 'p' | 'k' | 'a' | 'w' | 'dead' | 'conflict'): IDBKeyRange =>
  IDBKeyRange.bound([kind], [`${kind}\0`], false, true);

/** Documents that notes have named, in the order of their keys, and that are still to be drained. */
export interface LeftRow {
  readonly left: readonly (readonly [key: IDBValidKey, at: NoteRow['at'], base?: number | undefined, by?: string])[];
}

/** All notes, and what is left of them: numbers sort before everything else. */
export const noteRows = (): IDBKeyRange => IDBKeyRange.bound(0, Number.POSITIVE_INFINITY);
/** The notes as the capture layer adds them: generated keys begin with 1. */
export const newNoteRows = (): IDBKeyRange => IDBKeyRange.bound(1, Number.POSITIVE_INFINITY);
/** What is left of notes that were looked at. */
export const leftRows = (): IDBKeyRange => IDBKeyRange.bound(0, 1, false, true);

export type { NoteRow };
export { sideStoreName, VERSION_KEY };
