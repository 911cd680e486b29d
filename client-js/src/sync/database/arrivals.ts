import { packRow, type StoredRow, unpackRow } from './packing.ts';
import type { DocumentRow } from './rows.ts';

/** How many documents share a row: the first of them that is touched has all others get rows of their own. */
export const MOST_ARRIVED = 50;

/**
 * Documents that came with a page of a snapshot and that nobody has edited here: their rows, as one text. A browser stores one text in far less time than as
 * many objects as there are cells.
 */
export interface Arrivals {
  readonly keys: readonly IDBValidKey[];
  /** The rows, as JSON: of what came as JSON nothing is lost by that. */
  readonly rows: string;
}

/** A document that has no row yet, and the row that it would have. */
export interface Arrived {
  readonly key: IDBValidKey;
  readonly row: DocumentRow;
}

/** Whether a document may share a row: it has nothing but what the server holds. */
export function mayArrive({ delivered: _, pending, seen: __, ...rest }: DocumentRow): boolean {
  return Object.keys(pending).length === 0 && Object.keys(rest).length === 0;
}

/** The row of a document as one text. */
export function textOf({ row }: Arrived): string {
  return JSON.stringify(packRow(row));
}

/** @param texts the rows of the documents with these keys */
export function arrivalsOf(keys: readonly IDBValidKey[], texts: readonly string[]): Arrivals {
  return { keys, rows: `[${texts.join()}]` };
}

/** The rows of documents that arrived together, by their places. */
export function rowsIn({ rows }: Arrivals): (place: number) => DocumentRow {
  const stored = JSON.parse(rows) as StoredRow[];
  return (place) => unpackRow(stored[place] as StoredRow);
}
