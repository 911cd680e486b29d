import type { Connection } from './connection.ts';
import type { NoteBuffer } from './notes.ts';
import type { Note } from './types.ts';

/** A transaction of the application that may leave notes. */
export interface CapturedTransaction {
  readonly transaction: IDBTransaction;
  readonly connection: Connection;
  readonly notes: NoteBuffer;
}

/** An object store of the application in a captured transaction. */
export interface CapturedStore {
  readonly captured: CapturedTransaction;
  readonly store: IDBObjectStore;
  readonly keyPath: string | readonly string[] | null;
  /** Whether writes leave notes; renaming may change that. */
  tracked: boolean;
}

/** Notes a write that the browser has taken: one that throws leaves no note. */
export function note(state: CapturedStore | undefined, make: () => Note): void {
  if (state?.tracked) state.captured.notes.note(state.store, make());
}
