import type { Connection } from './connection.ts';
import type { NoteBuffer } from './notes.ts';
import type { Reads } from './reads.ts';
import type { Note } from './types.ts';

/** A transaction of the application that may leave notes. */
export interface CapturedTransaction {
  readonly transaction: IDBTransaction;
  readonly connection: Connection;
  readonly notes: NoteBuffer;
}

/** An object store of the application in a captured transaction. Renaming it may change what does not stand for good. */
export interface CapturedStore {
  readonly captured: CapturedTransaction;
  readonly store: IDBObjectStore;
  readonly keyPath: string | readonly string[] | null;
  readonly generatesKeys: boolean;
  /** Whether the application wants its writes to leave notes. */
  wanted: boolean;
  /** Undefined unless reads are followed. */
  reads: Reads | undefined;
}

/** Whether writes leave notes. */
export function isTracked(state: CapturedStore | undefined): state is CapturedStore {
  return state?.wanted === true && !state.generatesKeys;
}

/** The note of a record that was put. */
export function putNote({ reads }: CapturedStore, value: unknown, key: IDBValidKey): Note {
  const base = reads?.baseOf(value, key);
  return base === undefined ? ['put', key] : ['put', key, base];
}
