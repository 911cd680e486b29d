import { type Cell, type Cells, join } from './cell.ts';
import { MalformedError } from './errors.ts';
import { checkJson, type Json } from './json.ts';
import { checkCollection, checkId } from './key.ts';
import { kindOf, type PathText, parsePath, pathText } from './path.ts';
import { isLeaf } from './record.ts';
import { isStamp } from './stamp.ts';

/** What names a document (M-7). */
export interface DocumentName {
  readonly collection: string;
  readonly id: Json;
}

/** A document, or a part of it, as it travels (M-22). */
export interface WireDocument extends DocumentName {
  readonly cells: Readonly<Cells>;
  /** Whether this is a re-upload of a document that the server no longer has (P-9). */
  readonly whole: boolean;
  /** Whether the cells are all that there is for the reader: they replace what it holds as delivered (P-22). */
  readonly complete?: boolean;
}

/** A cell as it travels: the path stands as a value. */
export type WireCell = readonly [path: Json, stamp: string, removed: 0 | 1, value?: Json];

/** The JSON of a document. */
export interface EncodedDocument {
  readonly collection: string;
  readonly id: Json;
  readonly cells: readonly WireCell[];
  readonly whole?: true;
  readonly complete?: true;
}

/** Whether a cell of a kind is live, removed or either, and whether it has a value (M-10). */
const SHAPES: Readonly<Record<string, { live?: 'value' | 'leaf' | 'number' | 'bare'; removed?: 'number' | 'bare' }>> = {
  e: { live: 'bare' },
  d: { removed: 'bare' },
  r: { live: 'value', removed: 'bare' },
  s: { live: 'bare', removed: 'bare' },
  c: { live: 'number' },
  b: { removed: 'number' },
  m: { live: 'bare', removed: 'bare' },
  n: { live: 'leaf', removed: 'bare' },
  v: { live: 'value', removed: 'bare' },
};

/** @param data what JSON text was parsed to @param place what the data is, for errors */
export function decodeDocument(data: unknown, place = 'document'): WireDocument {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new MalformedError(place, 'must be an object');
  }
  const { cells, whole = false, complete = false } = data as Record<string, unknown>;
  if (typeof whole !== 'boolean') {
    throw new MalformedError(`${place}.whole`, 'must be true or false');
  }
  if (typeof complete !== 'boolean') {
    throw new MalformedError(`${place}.complete`, 'must be true or false');
  }
  return {
    ...decodeName(data, place),
    cells: decodeCells(cells, `${place}.cells`),
    whole,
    ...(complete && { complete }),
  };
}

/** @param data an object, of which the collection and the id are read */
export function decodeName(data: object, place = 'document'): DocumentName {
  const { collection, id } = data as Record<string, unknown>;
  return {
    collection: checkCollection(collection, `${place}.collection`),
    id: checkId(checkJson(id, `${place}.id`), `${place}.id`),
  };
}

export function encodeDocument({ collection, id, cells, whole, complete }: WireDocument): EncodedDocument {
  return {
    collection,
    id,
    cells: encodeCells(cells),
    ...(whole && { whole: true }),
    ...(complete && { complete: true }),
  };
}

/** Cells that stand twice at one path are merged. */
export function decodeCells(data: unknown, place = 'cells'): Cells {
  if (!Array.isArray(data)) {
    throw new MalformedError(place, 'must be an array');
  }
  const cells: Cells = {};
  for (let i = 0; i < data.length; i++) {
    const [path, cell] = decodeCell(data[i], `${place}[${i}]`);
    if (cells[path] === undefined) {
      cells[path] = cell;
    } else {
      join(cells, { [path]: cell });
    }
  }
  return cells;
}

export function encodeCells(cells: Readonly<Cells>): WireCell[] {
  return Object.keys(cells).map((path) => encodeCell(path, cells[path] as Cell));
}

export function decodeCell(data: unknown, place = 'cell'): [PathText, Cell] {
  if (!Array.isArray(data) || data.length < 3 || data.length > 4) {
    throw new MalformedError(place, 'must be an array of path, stamp, removed and possibly a value');
  }
  const [path, stamp, removed, value] = data;
  if (!Array.isArray(path)) {
    throw new MalformedError(`${place}[0]`, 'must be an array');
  }
  const text = pathText(parsePath(path, `${place}[0]`));
  if (!isStamp(stamp)) {
    throw new MalformedError(`${place}[1]`, 'must be a stamp');
  }
  if (removed !== 0 && removed !== 1) {
    throw new MalformedError(`${place}[2]`, 'must be 0 or 1');
  }
  const cell: Cell = data.length === 3 ? [stamp, removed] : [stamp, removed, checkJson(value, `${place}[3]`)];
  checkShape(kindOf(text), cell, place);
  return [text, cell];
}

export function encodeCell(path: PathText, cell: Cell): WireCell {
  const [stamp, removed, value] = cell;
  return value === undefined ? [JSON.parse(path), stamp, removed] : [JSON.parse(path), stamp, removed, value];
}

/** Refuses a cell that is not of the form that stands at paths of a kind (M-10). */
export function checkShape(kind: string, [, removed, value]: Cell, place: string): void {
  const shape = SHAPES[kind]?.[removed === 0 ? 'live' : 'removed'];
  if (shape === undefined) {
    throw new MalformedError(`${place}[2]`, `a cell of kind ${kind} is never ${removed === 0 ? 'live' : 'removed'}`);
  }
  if (shape === 'bare' ? value !== undefined : value === undefined) {
    throw new MalformedError(place, `a cell of kind ${kind} has ${shape === 'bare' ? 'no' : 'a'} value here`);
  }
  if (shape === 'number' && typeof value !== 'number') {
    throw new MalformedError(`${place}[3]`, `the value of a cell of kind ${kind} must be a number`);
  }
  if (shape === 'leaf' && !isLeaf(value as Json)) {
    throw new MalformedError(`${place}[3]`, `the value of a cell of kind ${kind} must not be an object with members`);
  }
}
