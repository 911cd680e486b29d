import { type Cell, type Cells, compareCells, joined } from './cell.ts';
import { equal } from './json.ts';
import type { Layers } from './layers.ts';
import { deletion, kindOf, type PathText, replicaOfPath } from './path.ts';
import { replicaOf } from './stamp.ts';
import { alive, isCoveredBy } from './view.ts';

/**
 * Two edits of which one is lost, because neither writer had seen the other's: a pending cell of this replica and one
 * that arrived (M-38, M-39). What merges without a loss, as sets and counters do, is no conflict.
 */
export interface CellConflict {
  /** The register, the leaf or the root that both wrote; or `["d","*"]`, where one deleted and the other edited the document. */
  readonly path: PathText;
  /** What this replica wrote; of an edit against a deletion its existence. */
  readonly mine: Cell;
  readonly theirs: Cell;
}

const BY_ANY = deletion('*');

/** The conflicts of cells that arrive at a document, given what it held before, in the order of their paths. */
export function conflicts({ delivered, pending }: Layers, arrived: Readonly<Cells>): CellConflict[] {
  const found: CellConflict[] = [];
  for (const path of Object.keys(pending)) {
    const mine = pending[path] as Cell;
    switch (kindOf(path)) {
      case 'r':
      case 'n':
      case 'v': {
        const theirs = unseen(path, mine, delivered, arrived);
        if (theirs !== undefined && !sameOutcome(mine, theirs)) found.push({ path, mine, theirs });
        break;
      }
      case 'e': {
        const theirs = unseen(BY_ANY, mine, delivered, arrived);
        if (theirs !== undefined && decides(path, mine, { delivered, pending }, arrived)) {
          found.push({ path: BY_ANY, mine, theirs });
        }
        break;
      }
      case 'd':
        if (path === BY_ANY) found.push(...editsAgainst(mine, { delivered, pending }, arrived));
    }
  }
  return found.sort((one, other) =>
    one.path === other.path ? compareCells(one.theirs, other.theirs) : one.path < other.path ? -1 : 1,
  );
}

/** Whether a pending edit alone decides if a document that somebody else deletes is alive. One that was deleted already decides nothing. */
function decides(path: PathText, edit: Cell, { delivered, pending }: Layers, arrived: Readonly<Cells>): boolean {
  const replica = replicaOfPath(path);
  return (
    !isCoveredBy(pending, replica, edit[0]) &&
    !isCoveredBy(delivered, replica, edit[0]) &&
    !alive(joined(delivered, arrived))
  );
}

/** The edits that arrive at a document which this replica has deleted, whether they bring it back or are lost with it. */
function editsAgainst(mine: Cell, { delivered, pending }: Layers, arrived: Readonly<Cells>): CellConflict[] {
  if (alive(pending)) {
    return []; // edited again since
  }
  const lives = alive(joined(joined(delivered, arrived), pending));
  return Object.keys(arrived)
    .filter((path) => kindOf(path) === 'e' && unseen(path, mine, delivered, arrived) !== undefined)
    .map((path) => ({ path: BY_ANY, mine, theirs: arrived[path] as Cell }))
    .filter(({ theirs }) => !lives || compareCells(theirs, mine) > 0);
}

/** The cell that arrives at a path from another replica, if the writer of a pending cell cannot have seen it. */
function unseen(path: PathText, mine: Cell, delivered: Readonly<Cells>, arrived: Readonly<Cells>): Cell | undefined {
  const theirs = arrived[path];
  const known = delivered[path];
  if (theirs === undefined || (known !== undefined && compareCells(theirs, known) <= 0)) {
    return undefined;
  }
  return replicaOf(theirs[0]) === replicaOf(mine[0]) ? undefined : theirs;
}

function sameOutcome(one: Cell, other: Cell): boolean {
  const [, oneRemoved, oneValue] = one;
  const [, otherRemoved, otherValue] = other;
  return (
    oneRemoved === otherRemoved &&
    (oneValue === undefined || otherValue === undefined ? oneValue === otherValue : equal(oneValue, otherValue))
  );
}
