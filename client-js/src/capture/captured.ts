import type { Connection } from './connection.ts';
import type { NoteBuffer } from './notes.ts';
import type { Reads } from './reads.ts';
import type { Note } from './types.ts';

/** A transaction of the application that may leave notes. */
export interface CapturedTransaction {
  readonly transaction: IDBTransaction;
  readonly connection: Connection;
  readonly notes: NoteBuffer;
  /** Undefined unless reads are followed. */
  readonly reads: Reads | undefined;
}

/** An object store of the application in a captured transaction. */
export interface CapturedStore {
  readonly captured: CapturedTransaction;
  readonly store: IDBObjectStore;
  readonly keyPath: string | readonly string[] | null;
  readonly generatesKeys: boolean;
  /** Whether the application wants its writes to leave notes; renaming may change that. */
  wanted: boolean;
}

/** Whether writes leave notes. */
export function isTracked(state: CapturedStore | undefined): state is CapturedStore {
  return state?.wanted === true && !state.generatesKeys;
}

/** The note of a record that was put. */
export function putNote({ captured, store }: CapturedStore, value: unknown, key: IDBValidKey): Note {
  const base = captured.reads?.baseOf(store, value, key);
  return base === undefined ? ['put', key] : ['put', key, base];
}
