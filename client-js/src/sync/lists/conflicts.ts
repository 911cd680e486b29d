import {
  type Cell,
  type CellConflict,
  compareCells,
  fromJson,
  kindOf,
  millisOf,
  replicaOf,
} from '../../model/index.ts';
import type { AnyCollections, CollectionName, FieldTypeFor } from '../typed.ts';

/** One of two edits that met. */
export interface ConflictSide<V = unknown> {
  /** What it wrote; undefined if it took the field away, and for a deletion and an edit of the document. */
  readonly value: V | undefined;
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
export type Conflict<C extends object = AnyCollections> = {
  [Name in CollectionName<C>]: ConflictIn<Name, C[Name]>;
}[CollectionName<C>];

type ConflictIn<Name extends string, R> = unknown extends R
  ? Met<Name, 'field' | 'record' | 'document', string | undefined, unknown>
  :
      | { [F in keyof R & string]-?: Met<Name, 'field', F, LeafOf<R[F]>> }[keyof R & string]
      | Met<Name, 'record', undefined, R>
      | Met<Name, 'document', undefined, undefined>;

/** Of a map a leaf is told, whatever it holds. */
type LeafOf<V> = 'map' extends FieldTypeFor<V> ? unknown : V;

interface Met<Name extends string, About extends 'field' | 'record' | 'document', Field, V> {
  readonly collection: Name;
  readonly id: IDBValidKey;
  /** `field`: both wrote it; `record`: both wrote a record that is no object; `document`: one deleted it and the other edited it. */
  readonly about: About;
  /** The field that both wrote; undefined if it is about the record or the document. */
  readonly field: Field;
  /** The field, and for a leaf of a map the way to it; empty if it is about the record or the document. */
  readonly way: readonly string[];
  readonly mine: ConflictSide<V>;
  readonly theirs: ConflictSide<V>;
  /** Whose edit stands. */
  readonly winner: 'mine' | 'theirs';
  /** Names it among the conflicts of this database: later ones have greater numbers. */
  readonly number: number;
  /** When it was found, Unix milliseconds of the device. */
  readonly at: number;
}

/** A conflict that is not kept yet. */
export type FoundConflict = Omit<Conflict, 'number' | 'at'>;

/** A conflict as it is told to applications, but for its number. */
export function conflictOf(collection: string, id: IDBValidKey, { path, mine, theirs }: CellConflict): FoundConflict {
  const kind = kindOf(path);
  const way: string[] = kind === 'd' ? [] : JSON.parse(path).slice(1);
  return {
    collection,
    id,
    about: kind === 'd' ? 'document' : kind === 'v' ? 'record' : 'field',
    field: way[0],
    way,
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
