import { abort, hide } from './events.ts';
import { sideStoreName } from './names.ts';
import { natively } from './natives.ts';
import type { Note, NoteRow, Reading } from './types.ts';

/** Collects the notes of one transaction and puts them into its side stores: one row for each store and turn. */
export interface NoteBuffer {
  /**
   * Remembers a write that IndexedDB has taken; the rows follow in a microtask at the latest.
   *
   * @param request if a record was put
   * @param adds whether that fails if there is one
   */
  note(store: IDBObjectStore, note: Note, request?: IDBRequest, adds?: boolean): void;
  /** Remembers a put whose key only the browser knows, which tells it when it is done. */
  notePutWhenDone(store: IDBObjectStore, request: IDBRequest, make: (key: IDBValidKey) => Note): void;
  /** Adds the rows of what was noted. Needed before a store is deleted. */
  flush(): void;
  /** The same before the transaction is committed and takes no more: also of what is not done. */
  flushAll(): void;
}

export interface NoteBufferOptions {
  reading(): Reading;
  readonly writer: string | undefined;
  /** The transaction has completed: its notes are in the side stores of these stores, and `late` ones are nowhere yet. */
  onComplete(stores: readonly string[], late: readonly LateRow[]): void;
}

export interface LateRow {
  readonly store: string;
  readonly row: NoteRow;
}

/**
 * Firefox commits a transaction explicitly unless the very last request before that has failed; earlier ones that are under way may fail without
 * consequence.
 */
const LAST_REQUEST_DECIDES = globalThis.navigator?.userAgent?.includes('Firefox/') === true;

export function createNoteBuffer(transaction: IDBTransaction, options: NoteBufferOptions): NoteBuffer {
  // Sets: an array would run a setter that stands on `Object.prototype` under a number.
  let pending = new Map<IDBObjectStore, Set<Note>>();
  /** The last record that was put in this turn. */
  let last: { readonly store: IDBObjectStore; readonly request: IDBRequest; readonly adds: boolean } | undefined;
  let scheduled = false;
  const written = new Set<string>();
  const late: LateRow[] = [];
  const undone = new Map<IDBRequest, IDBObjectStore>();

  transaction.addEventListener('complete', () => {
    flush();
    if (written.size > 0) options.onComplete([...written], late);
  });

  function note(store: IDBObjectStore, note: Note, request?: IDBRequest, adds = false): void {
    const notes = pending.get(store);
    if (notes) notes.add(note);
    else pending.set(store, new Set([note]));
    if (request !== undefined) last = { store, request, adds };
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
    if (LAST_REQUEST_DECIDES && isDoubtful()) queueBehind();
    else flush();
  }

  function flush(): void {
    scheduled = false;
    for (const { store, row } of take()) add(store, row);
  }

  function take(): LateRow[] {
    if (pending.size === 0) return [];
    const at = options.reading();
    const by = options.writer;
    const batch = pending;
    pending = new Map();
    last = undefined;
    return Array.from(batch, ([store, notes]) => ({
      store: store.name,
      row: { at, ...(by !== undefined && { by }), notes: [...notes] },
    }));
  }

  /** Whether the last write of this turn may yet fail for a key that is taken. */
  function isDoubtful(): boolean {
    if (last?.request.readyState !== 'pending') return false;
    const { store, adds } = last;
    return adds || Array.from(store.indexNames).some((name) => store.index(name).unique);
  }

  /**
   * Puts the rows of this turn into a transaction of their own that waits for this one, committed as well: so the last request of this one stays the
   * application's. If this one fails, they are false alarms.
   */
  function queueBehind(): void {
    const rows = take();
    try {
      options.onComplete(
        rows.map(({ store }) => store),
        rows,
      );
    } catch {
      // The connection is being closed, or upgraded.
      for (const { store, row } of rows) add(store, row);
    }
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
