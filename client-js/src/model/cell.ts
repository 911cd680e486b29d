import { canonical, compareCanonical, equal, type Json } from './json.ts';
import type { PathText } from './path.ts';
import type { Stamp } from './stamp.ts';

/** What is stored, sent, compared and merged (M-8). */
export type Cell = readonly [stamp: Stamp, removed: 0 | 1, value?: Json];

/** The state of a document, or a part of it (M-9). */
export type Cells = Record<PathText, Cell>;

/** The total order of the cells at one path (M-8): negative if `one` is below `other`, 0 if they are the same cell. */
export function compareCells(one: Cell, other: Cell): number {
  if (one === other) {
    return 0;
  }
  if (one[0] !== other[0]) {
    return one[0] < other[0] ? -1 : 1;
  }
  return one[1] - other[1] || compareValues(one[2], other[2]);
}

/** Merges `from` into `into`, which changes: the greater cell stays at each path (M-9). Returns whether it changed. */
export function join(into: Cells, from: Readonly<Cells>): boolean {
  let changed = false;
  for (const path of Object.keys(from)) {
    const cell = from[path] as Cell;
    const present = into[path];
    if (present === undefined || compareCells(present, cell) < 0) {
      into[path] = cell;
      changed = true;
    }
  }
  return changed;
}

/** The merge of two states, which stay as they are. The result may be one of them: it is to be read only. */
export function joined(one: Readonly<Cells>, other: Readonly<Cells>): Readonly<Cells> {
  if (isEmpty(other)) {
    return one;
  }
  if (isEmpty(one)) {
    return other;
  }
  const cells = { ...one };
  return join(cells, other) ? cells : one;
}

/** Whether every cell of another state is there, or a greater one: joining it would change nothing. */
export function holds(cells: Readonly<Cells>, other: Readonly<Cells>): boolean {
  return Object.keys(other).every((path) => {
    const own = cells[path];
    return own !== undefined && compareCells(own, other[path] as Cell) >= 0;
  });
}

/** What is left of the cells after a purge: all but those that were dropped, or are below what was (P-21). */
export function without(cells: Readonly<Cells>, dropped: Readonly<Cells>): Cells {
  return Object.fromEntries(
    Object.entries(cells).filter(([path, cell]) => {
      const gone = dropped[path];
      return gone === undefined || compareCells(cell, gone) > 0;
    }),
  );
}

export function isEmpty(cells: Readonly<Cells>): boolean {
  for (const _ in cells) {
    return false;
  }
  return true;
}

function compareValues(one: Json | undefined, other: Json | undefined): number {
  if (one === undefined || other === undefined) {
    return Number(one !== undefined) - Number(other !== undefined);
  }
  return equal(one, other) ? 0 : compareCanonical(canonical(one), canonical(other));
}
