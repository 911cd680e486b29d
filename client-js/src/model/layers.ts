import { type Cell, type Cells, compareCells, isEmpty, joined } from './cell.ts';
import { UnsupportedValueError } from './errors.ts';
import { baseOf, counter, fieldOf, kindOf, type PathText, replicaOfPath } from './path.ts';
import { makeStamp, type ReplicaId, replicaOf, sinceOf } from './stamp.ts';
import { saturated } from './view.ts';

/**
 * A document of a client in two layers. *Delivered* is what the server holds as far as the client knows; *pending* are
 * the client's edits that are not settled. The record shows their join.
 *
 * A pending counter cell holds what was counted since, not the total: so a rejected edit, a resync or a new replica id
 * leave the right total behind. All functions return new layers and leave the given ones as they are; cells and maps
 * of cells may be shared, and are to be read only.
 */
export interface Layers {
  readonly delivered: Readonly<Cells>;
  readonly pending: Readonly<Cells>;
}

/** The cells of one document in a push, kept until the push is answered. */
export interface Sent {
  /** As they travel: a counter's cell holds the total. */
  readonly cells: Readonly<Cells>;
  /** By path, how much of a sent total was pending. */
  readonly deltas: Readonly<Record<PathText, number>>;
}

export const NO_LAYERS: Layers = { delivered: {}, pending: {} };

/** The state of the document: delivered and pending, with totals formed. */
export function joinedLayers({ delivered, pending }: Layers): Readonly<Cells> {
  if (isEmpty(pending) || isEmpty(delivered)) {
    return isEmpty(pending) ? delivered : pending;
  }
  return joined(delivered, totals(delivered, pending));
}

/**
 * Adds an edit, the cells of a `diff` or `remove` against the joined layers, to pending.
 *
 * @throws UnsupportedValueError if what is counted exceeds the finite doubles (M-19)
 */
export function edit({ delivered, pending }: Layers, cells: Readonly<Cells>): Layers {
  const changed = { ...pending };
  for (const path of Object.keys(cells)) {
    const cell = cells[path] as Cell;
    const present = changed[path];
    if (kindOf(path) === 'c') {
      changed[path] = [cell[0], 0, finite((cell[2] as number) - deliveredTotal(delivered, path), path)];
    } else if (present === undefined || compareCells(present, cell) < 0) {
      changed[path] = cell;
    }
  }
  return { delivered, pending: changed };
}

/**
 * Joins cells from the server into delivered. What delivered then holds of pending is settled: an echo is an
 * acknowledgement.
 *
 * @param sent what is in flight of this document. Without it, an echo of a counter cell that was counted on since
 *     would be counted twice.
 */
export function receive(layers: Layers, cells: Readonly<Cells>, sent?: Sent): Layers {
  const delivered = joined(layers.delivered, cells);
  return delivered === layers.delivered ? layers : settled(layers, delivered, sent);
}

/** What a push of the document carries; pending stays until it is settled or rejected. */
export function toSend({ delivered, pending }: Layers): Sent {
  const deltas: Record<PathText, number> = {};
  for (const path of Object.keys(pending)) {
    if (kindOf(path) === 'c') {
      deltas[path] = (pending[path] as Cell)[2] as number;
    }
  }
  return { cells: totals(delivered, pending), deltas };
}

/** The push was accepted: what was sent is delivered, edits made in flight stay pending. Doing it twice does no harm. */
export function settle(layers: Layers, sent: Sent): Layers {
  return receive(layers, sent.cells, sent);
}

/** The document was rejected: pending is dropped, edits made in flight included. */
export function reject({ delivered }: Layers): Layers {
  return { delivered, pending: {} };
}

/**
 * A resync: what the server holds takes the place of delivered and is not joined with it (P-12). What is counted beyond a total that is lost by that
 * is counted in a new life (M-40).
 */
export function replaceDelivered(layers: Layers, cells: Readonly<Cells>, sent?: Sent): Layers {
  return settled({ ...layers, pending: beyondLost(layers, cells, sent) }, cells, sent);
}

/** All of the document, for a server that no longer has it (P-9): with the lives of all counters but a replica's own ended (M-41). */
export function wholeCells(cells: Readonly<Cells>, own: ReplicaId): Cells {
  const ended: Cells = { ...cells };
  for (const path of Object.keys(cells)) {
    if (kindOf(path) !== 'c') continue;
    const replica = replicaOfPath(path);
    if (replica !== own) ended[baseOf(path)] ??= [makeStamp(0, 0, replica), 1, 0];
  }
  return ended;
}

/** Pending, with differences to totals that cells lack, or hold less of, moved to lives that their edits begin. */
function beyondLost({ delivered, pending }: Layers, cells: Readonly<Cells>, sent?: Sent): Readonly<Cells> {
  const lost = Object.keys(pending).filter((path) => {
    const held = delivered[path];
    if (kindOf(path) !== 'c' || held === undefined || sent?.cells[path] !== undefined) return false;
    const now = cells[path];
    return now === undefined || compareCells(held, now) > 0;
  });
  return inNewLives(pending, lost);
}

/**
 * What is pending of a document of which nothing is held as delivered any more, once what was sent of it is refused: the totals that its differences were sent on are forgotten, so they are counted in new lives (M-40).
 */
export function forgotten(layers: Layers, sent: Sent): Layers {
  const lost = Object.keys(layers.pending).filter(
    (path) => kindOf(path) === 'c' && sent.cells[path] !== undefined && layers.delivered[path] === undefined,
  );
  return { ...layers, pending: inNewLives(layers.pending, lost) };
}

/** Pending, with the differences at some paths moved to lives that their edits begin. */
function inNewLives(pending: Readonly<Cells>, lost: readonly PathText[]): Readonly<Cells> {
  if (lost.length === 0) return pending;
  const moved = { ...pending };
  for (const path of lost) {
    const cell = pending[path] as Cell;
    const base = pending[baseOf(path)];
    delete moved[path];
    if (base === undefined || base[0] < cell[0]) {
      moved[counter(fieldOf(path), sinceOf(cell[0]), replicaOf(cell[0]))] = cell;
    } // else the replica has reset it itself, and it is over
  }
  return moved;
}

/** The layers with new delivered cells and what is pending beyond them. */
function settled({ delivered: before, pending }: Layers, delivered: Readonly<Cells>, sent?: Sent): Layers {
  const rest: Cells = {};
  for (const path of Object.keys(pending)) {
    const cell = pending[path] as Cell;
    const present = delivered[path];
    if (present === undefined || !holds(present, cell, path)) {
      rest[path] = present === undefined ? cell : withoutArrived(cell, before[path], present, path, sent);
    }
  }
  return { delivered, pending: rest };
}

function holds(delivered: Cell, pending: Cell, path: PathText): boolean {
  // Values of counter cells are not comparable across the layers; only this replica issues their stamps.
  return kindOf(path) === 'c' ? delivered[0] === pending[0] : compareCells(pending, delivered) <= 0;
}

/** A pending counter cell without what was sent of it, if that arrived just now. */
function withoutArrived(pending: Cell, before: Cell | undefined, now: Cell, path: PathText, sent?: Sent): Cell {
  const stamp = sent?.cells[path]?.[0];
  const delta = sent?.deltas[path];
  if (stamp === undefined || delta === undefined || stamp > now[0] || (before !== undefined && stamp <= before[0])) {
    return pending;
  }
  return [pending[0], 0, saturated((pending[2] as number) - delta)];
}

function totals(delivered: Readonly<Cells>, pending: Readonly<Cells>): Cells {
  const cells = { ...pending };
  for (const path of Object.keys(pending)) {
    if (kindOf(path) === 'c') {
      const [stamp, , delta] = pending[path] as Cell;
      cells[path] = [stamp, 0, saturated(deliveredTotal(delivered, path) + (delta as number))];
    }
  }
  return cells;
}

function finite(difference: number, path: PathText): number {
  if (!Number.isFinite(difference)) {
    throw new UnsupportedValueError([fieldOf(path)], 'what is counted exceeds the range of finite doubles');
  }
  return difference;
}

function deliveredTotal(delivered: Readonly<Cells>, path: PathText): number {
  return (delivered[path]?.[2] as number | undefined) ?? 0;
}
