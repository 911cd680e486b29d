import { abort, hide } from './events.ts';
import { sideStoreName } from './names.ts';
import { natively } from './natives.ts';
import type { Note, NoteRow, Reading } from './types.ts';

/** Collects the notes of one transaction and puts them into its side stores: one row for each store and turn. */
export interface NoteBuffer {
  /** Remembers a write that IndexedDB has taken; the rows follow in a microtask at the latest. */
  note(store: IDBObjectStore, note: Note): void;
  /** Remembers a put whose key only the browser knows, which tells it when it is done. */
  notePutWhenDone(store: IDBObjectStore, request: IDBRequest, make: (key: IDBValidKey) => Note): void;
  /** Adds the rows of what was noted. Needed before a store is deleted. */
  flush(): void;
  /** The same before the transaction is committed and takes no more: also of what is not done. */
  flushAll(): void;
}

export interface NoteBufferOptions {
  reading(): Reading;
  /** The transaction has completed: its notes are in the side stores of these stores, and `late` ones are nowhere yet. */
  onComplete(stores: readonly string[], late: readonly LateRow[]): void;
}

export interface LateRow {
  readonly store: string;
  readonly row: NoteRow;
}

export function createNoteBuffer(transaction: IDBTransaction, options: NoteBufferOptions): NoteBuffer {
  let pending = new Map<IDBObjectStore, Note[]>();
  let scheduled = false;
  const written = new Set<string>();
  const late: LateRow[] = [];
  const undone = new Map<IDBRequest, IDBObjectStore>();

  transaction.addEventListener('complete', () => {
    flush();
    if (written.size > 0) options.onComplete([...written], late);
  });

  function note(store: IDBObjectStore, note: Note): void {
    const notes = pending.get(store);
    if (notes) notes.push(note);
    else pending.set(store, [note]);
    if (!scheduled) {
      scheduled = true;
      queueMicrotask(flush);
    }
  }

  function notePutWhenDone(store: IDBObjectStore, request: IDBRequest, make: (key: IDBValidKey) => Note): void {
    undone.set(request, store);
    request.addEventListener('error', () => undone.delete(request));
    request.addEventListener('success', () => {
      if (undone.delete(request)) note(store, make(request.result));
    });
  }

  function flushAll(): void {
    // Which record it will be nobody knows yet.
    for (const store of new Set(undone.values())) note(store, ['adopt']);
    undone.clear();
    flush();
  }

  function flush(): void {
    scheduled = false;
    if (pending.size === 0) return;
    const at = options.reading();
    const batch = pending;
    pending = new Map();
    for (const [store, notes] of batch) add(store.name, { at, notes });
  }

  function add(store: string, row: NoteRow): void {
    written.add(store);
    try {
      hide(natively(() => transaction.objectStore(sideStoreName(store))).add(row));
    } catch {
      // The transaction takes no more requests, so it was aborted (and the write is void), or it can still be aborted, or
      // it was committed behind our back: then the notes follow in a transaction of their own.
      late.push({ store, row });
      abort(transaction);
    }
  }

  return { note, notePutWhenDone, flush, flushAll };
}
