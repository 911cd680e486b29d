import { type Cell, type CellConflict, compareCells, fromJson, kindOf, millisOf, replicaOf } from '../model/index.ts';

/** One of two edits that met. */
export interface ConflictSide {
  /** What it wrote; undefined if it took the field away, and for a deletion and an edit of the document. */
  readonly value: unknown;
  /** Whether it took the field away, or deleted the document. */
  readonly removed: boolean;
  /** Who made it. */
  readonly replica: string;
  /** When it was made, Unix milliseconds. */
  readonly millis: number;
}

/**
 * An edit of this browser that the server had not confirmed and one from elsewhere, made without knowledge of each other, of which one is
 * lost. What merges without a loss, as sets and counters do, is no conflict.
 */
export interface Conflict {
  readonly collection: string;
  readonly id: IDBValidKey;
  /** `field`: both wrote it; `record`: both wrote a record that is no object; `document`: one deleted it and the other edited it. */
  readonly about: 'field' | 'record' | 'document';
  /** The field, and for a leaf of a map the way to it. */
  readonly way: readonly string[];
  readonly mine: ConflictSide;
  readonly theirs: ConflictSide;
  /** Whose edit stands. */
  readonly winner: 'mine' | 'theirs';
}

/** A conflict as it is told to applications. */
export function conflictOf(collection: string, id: IDBValidKey, { path, mine, theirs }: CellConflict): Conflict {
  const kind = kindOf(path);
  return {
    collection,
    id,
    about: kind === 'd' ? 'document' : kind === 'v' ? 'record' : 'field',
    way: kind === 'd' ? [] : JSON.parse(path).slice(1),
    mine: sideOf(mine),
    theirs: sideOf(theirs),
    winner: compareCells(mine, theirs) > 0 ? 'mine' : 'theirs',
  };
}

function sideOf([stamp, removed, value]: Cell): ConflictSide {
  return {
    value: value === undefined ? undefined : fromJson(value),
    removed: removed === 1,
    replica: replicaOf(stamp),
    millis: millisOf(stamp),
  };
}
