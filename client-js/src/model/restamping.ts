import { type Cell, type Cells, compareCells } from './cell.ts';
import {
  baseOf,
  beginningOf,
  counter,
  deletion,
  existence,
  fieldOf,
  hasReplica,
  kindOf,
  type PathText,
  replicaOfPath,
  totalOf,
  withReplica,
} from './path.ts';
import { type ReplicaId, replicaOf, type Stamp, sinceOf } from './stamp.ts';
import { saturated } from './view.ts';

/**
 * Other stamps for pending edits that nobody has seen (P-28): those of a replica whose clock ran ahead, or one that goes on under another id because it
 * has a twin. One exchange holds for all documents and keeps the order, so that the edits win over each other as before.
 */
export interface Restamping {
  readonly from: ReplicaId;
  readonly to: ReplicaId;
  /** Own stamps up to this one may have been seen, and stay. What a twin has written is above it. */
  readonly seen: Stamp;
  /** The new stamp for an old one. */
  exchange(stamp: Stamp): Stamp;
}

/**
 * Pending cells under their new stamps. The record that they show with what is delivered is the same.
 *
 * @param known what is delivered, and what may have been
 */
export function restamped(pending: Readonly<Cells>, known: Readonly<Cells>, restamping: Restamping): Cells {
  const { from, to, seen, exchange } = restamping;
  const cells: Cells = {};
  const unseen = (stamp: Stamp) => replicaOf(stamp) === from && stamp > seen;
  /** Under another id nothing that is live may bear the old one: what is pending of a document may have been lost, though a later edit of another one was seen. */
  const stays = ([stamp, removed]: Cell) => (from !== to && removed === 0 ? replicaOf(stamp) !== from : !unseen(stamp));
  const put = (path: PathText, cell: Cell) => {
    const present = cells[path];
    if (present === undefined || compareCells(present, cell) < 0) cells[path] = cell;
  };

  /** What was counted and not reset is a difference, which is counted in a life of the new id; in the same one, if the id stays and the life is known. */
  function count(path: PathText, [stamp, , difference]: Cell): void {
    const base = pending[baseOf(path)];
    if (base !== undefined && stamp <= base[0]) return;
    const anew = exchange(stamp);
    const begun = beginningOf(path);
    const life = unseen(begun) && known[path] === undefined ? exchange(begun) : from === to ? begun : anew;
    put(counter(fieldOf(path), sinceOf(life), replicaOf(life)), [anew, 0, difference as number]);
  }

  /** A reset of what was counted and never sent takes that away here. What is left of it takes away what was delivered before. */
  function reset(path: PathText, base: Cell): void {
    const total = totalOf(path);
    const before = known[total];
    const difference = pending[total];
    if (difference === undefined || before?.[0] === base[0]) {
      put(path, base);
    } else if (before !== undefined && !unseen(before[0])) {
      put(path, [before[0], 1, before[2] as number]);
    } else if (before !== undefined) {
      const reset = saturated((base[2] as number) - (difference[2] as number));
      if (reset !== 0) put(path, [seen, 1, reset]); // the twin has counted on since
    }
  }

  function move(path: PathText, cell: Cell): void {
    const [stamp, removed, ...value] = cell;
    const anew = [exchange(stamp), removed, ...value] as unknown as Cell;
    if (!hasReplica(path)) {
      put(path, anew);
      return;
    }
    const kind = kindOf(path);
    const before = known[kind === 'd' ? existence(replicaOfPath(path)) : path];
    if (removed === 1 && before?.[0] === stamp) {
      put(path, cell); // it takes away what is delivered
      return;
    }
    if (removed === 0 || kind === 'd') put(withReplica(path, to), anew);
    if (kind !== 'e' && before !== undefined && before[1] === 0 && !unseen(before[0])) put(path, [before[0], 1]); // what it took the place of
  }

  for (const path of Object.keys(pending)) {
    const cell = pending[path] as Cell;
    const kind = kindOf(path);
    if (stays(cell)) put(path, cell);
    else if (kind === 'c') count(path, cell);
    else if (kind === 'b') reset(path, cell);
    else move(path, cell);
  }
  if (from !== to) {
    bearExistence(cells, to, put);
    deleteExistence(pending, cells, restamping, put);
  }
  return cells;
}

type Put = (path: PathText, cell: Cell) => void;

/** Every edit writes the existence (M-16): one that came back because a twin issued the same stamp is missing. */
function bearExistence(cells: Readonly<Cells>, to: ReplicaId, put: Put): void {
  const stamps = Object.values(cells).filter(([stamp, removed]) => removed === 0 && replicaOf(stamp) === to);
  const greatest = stamps
    .map(([stamp]) => stamp)
    .sort()
    .at(-1);
  if (greatest !== undefined) put(existence(to), [greatest, 0]);
}

/** A deletion covers all edits of its path up to the one that it names, though that may be a twin's: at the new path it has to name the last that moved there. */
function deleteExistence(
  pending: Readonly<Cells>,
  cells: Readonly<Cells>,
  { from, to, exchange }: Restamping,
  put: Put,
): void {
  const deleted = pending[deletion(from)];
  const moved = cells[existence(to)];
  if (deleted !== undefined && moved !== undefined && moved[0] <= exchange(deleted[0]))
    put(deletion(to), [moved[0], 1]);
}

/** The stamps of a replica above one among pending cells: those that cells carry, and those that lives of counters are named by. */
export function stampsAbove(pending: Readonly<Cells>, replica: ReplicaId, above: Stamp): Stamp[] {
  const stamps = Object.entries(pending).flatMap(([path, [stamp]]) =>
    'cb'.includes(kindOf(path)) ? [stamp, beginningOf(path)] : [stamp],
  );
  return stamps.filter((stamp) => replicaOf(stamp) === replica && stamp > above);
}
