import { type Cell, type Cells, compareCells, isEmpty, joined } from './cell.ts';
import { UnsupportedValueError } from './errors.ts';
import {
  baseOf,
  counter,
  existence,
  fieldOf,
  hasReplica,
  kindOf,
  type PathText,
  replicaOfPath,
  totalOf,
} from './path.ts';
import { makeStamp, type ReplicaId, replicaOf, type Stamp, sinceOf } from './stamp.ts';
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
  /** What was sent in pushes that were given up, by their nonces: one of them may have arrived. */
  readonly offered?: Readonly<Record<string, Sent>>;
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
  const cells = totals(delivered, pending);
  for (const path of Object.keys(pending)) {
    const known = delivered[path];
    if (kindOf(path) === 'c' && known !== undefined && known[0] > (pending[path] as Cell)[0]) {
      cells[path] = [known[0], 0, (cells[path] as Cell)[2] as number]; // a twin's total: what is counted here counts beyond it
    }
  }
  return { ...joined(delivered, cells), ...only(cells, 'c') };
}

function only(cells: Readonly<Cells>, kind: string): Cells {
  return Object.fromEntries(Object.entries(cells).filter(([path]) => kindOf(path) === kind));
}

/**
 * Adds an edit, the cells of a `diff` or `remove` against the joined layers, to pending.
 *
 * @throws UnsupportedValueError if what is counted exceeds the finite doubles (M-19)
 */
export function edit({ delivered, pending, offered }: Layers, cells: Readonly<Cells>): Layers {
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
  return { delivered, pending: changed, ...(offered && { offered }) };
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
  const { delivered, pending } = receive(layers, sent.cells, sent);
  const rest: Cells = {};
  for (const path of Object.keys(pending)) {
    const cell = pending[path] as Cell;
    const its = sent.cells[path];
    const holds = kindOf(path) === 'c' ? its?.[0] === cell[0] : its !== undefined && compareCells(cell, its) <= 0;
    if (!holds) rest[path] = its === undefined ? cell : withoutHidden(cell, layers.delivered[path], its, path, sent);
  }
  return { delivered, pending: rest };
}

/** A pending counter cell without what was sent of it and accepted, where a twin's later total hides that. */
function withoutHidden(pending: Cell, before: Cell | undefined, sent: Cell, path: PathText, { deltas }: Sent): Cell {
  const delta = deltas[path];
  if (delta === undefined || before === undefined || before[0] <= sent[0]) return pending;
  return [pending[0], 0, saturated((pending[2] as number) - delta)];
}

/** What was sent has not been accepted, as far as is known. */
export function abandon(layers: Layers, nonce: string, sent: Sent): Layers {
  const deltas = Object.fromEntries(
    Object.entries(sent.deltas).filter(([path]) => !isSame(layers.delivered[path], sent.cells[path])),
  );
  return { ...layers, offered: { ...layers.offered, [nonce]: { ...sent, deltas } } };
}

function isSame(one: Cell | undefined, other: Cell | undefined): boolean {
  return one !== undefined && other !== undefined && compareCells(one, other) === 0;
}

/** What is delivered, and what may have been. */
export function known({ delivered, offered = {} }: Layers, sent?: Sent): Readonly<Cells> {
  return [...Object.values(offered), ...(sent ? [sent] : [])].reduce<Readonly<Cells>>(
    (cells, { cells: other }) => joined(cells, other),
    delivered,
  );
}

/** The newest edit that was sent, if it is among cells that were read since as it was sent: nobody made it but its writer, or who has a copy of that. */
export function echoOf(sent: Sent, cells: Readonly<Cells>): Stamp | undefined {
  const newest = newestOf(sent);
  const echoed = writtenOf(sent).some(([path]) => hasReplica(path) && cells[path]?.[0] === newest);
  return echoed ? newest : undefined;
}

function writtenOf(sent: Sent): [PathText, Cell][] {
  return Object.entries(sent.cells).filter(([, [, removed]]) => removed === 0);
}

function newestOf(sent: Sent): Stamp | undefined {
  return writtenOf(sent)
    .map(([, [stamp]]) => stamp)
    .sort()
    .at(-1);
}

/**
 * Whether of what was written each cell, or a later one, is among cells that were read since. Of a document that was accepted that is so, unless a purge has
 * dropped some of it; of one that was not, only if a twin of its writer has since written at all the same paths (P-28).
 */
export function isOverwritten(sent: Sent, cells: Readonly<Cells>): boolean {
  const written = writtenOf(sent);
  if (written.length === 0) return false; // removals can come twice
  return written.every(([path, cell]) => cells[path] !== undefined && compareCells(cell, cells[path] as Cell) <= 0);
}

/**
 * What was written in a push that had been given up has arrived, as far as can be told, and a twin has written over all of it since (P-28): what is settled
 * is not in the totals that are there, so bases take nothing of it away.
 */
export function settleOverwritten({ delivered, pending }: Layers, sent: Sent): Layers {
  const rest = { ...pending };
  for (const [path, difference] of Object.entries(sent.deltas)) {
    const base = rest[baseOf(path)];
    if (base === undefined || base[0] < (sent.cells[path] as Cell)[0]) continue;
    rest[baseOf(path)] = [base[0], 1, saturated((base[2] as number) - difference)];
  }
  return settleWritten({ delivered, pending: rest }, sent);
}

/** What was written in a push that had been given up has been found to have arrived. What was edited since stays pending, and so do removals, which can come twice. */
export function settleWritten({ delivered, pending }: Layers, sent: Sent): Layers {
  const rest = { ...pending };
  for (const [path, [stamp, removed]] of Object.entries(sent.cells)) {
    const left = rest[path];
    if (removed === 1 || left === undefined || left[1] === 1) continue;
    if (left[0] === stamp) delete rest[path];
    else if (sent.deltas[path] !== undefined) {
      rest[path] = [left[0], 0, saturated((left[2] as number) - (sent.deltas[path] as number))];
    }
  }
  return { delivered, pending: rest };
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
function settled(
  { delivered: before, pending, offered = {} }: Layers,
  delivered: Readonly<Cells>,
  sent?: Sent,
): Layers {
  const rest: Cells = {};
  const left: Record<string, Sent> = { ...offered };
  const offers = [...Object.values(offered), ...(sent ? [sent] : [])];
  const late: PathText[] = [];
  for (const path of Object.keys(pending)) {
    const cell = pending[path] as Cell;
    const present = delivered[path];
    const kind = kindOf(path);
    if (present === undefined || isSame(present, before[path])) {
      if (present === undefined || kind === 'c' || !settles(present, cell, path)) rest[path] = cell;
      else if (coveredBy(path) !== undefined) late.push(path);
    } else if (kind === 'c') {
      const echo = isEcho(cell, before[path], present, path, offers);
      const delta = offers.find(({ cells, deltas }) => isSame(cells[path], present) && deltas[path] !== undefined);
      if (echo && cell[0] === present[0]) {
        forgetDeltas(left, path, present[0]);
      } else if (delta !== undefined) {
        forgetDeltas(left, path, present[0]);
        rest[path] = [cell[0], 0, saturated((cell[2] as number) - (delta.deltas[path] as number))];
      } else {
        rest[path] = cell;
      }
    } else if (!settles(present, cell, path)) {
      rest[path] = cell;
    } else if (coveredBy(path) !== undefined) {
      late.push(path);
    }
  }
  for (const path of late) {
    const covered = rest[coveredBy(path) as PathText];
    if (covered !== undefined && covered[0] <= (pending[path] as Cell)[0]) rest[path] = pending[path] as Cell; // it covers a twin's cell there, and says nothing of this one
  }
  return { delivered, pending: rest, ...(Object.keys(left).length > 0 && { offered: left }) };
}

/** Whether a total that arrives is this replica's own, and not a twin's with the same stamp. */
function isEcho(cell: Cell, before: Cell | undefined, now: Cell, path: PathText, offers: readonly Sent[]): boolean {
  const total = saturated(((before?.[2] as number | undefined) ?? 0) + (cell[2] as number));
  return now[2] === total || offers.some(({ cells }) => isSame(cells[path], now));
}

/** A total that arrived settles what was sent of it before, too. */
function forgetDeltas(offered: Record<string, Sent>, path: PathText, stamp: Stamp): void {
  for (const [nonce, offer] of Object.entries(offered)) {
    if (offer.deltas[path] === undefined || (offer.cells[path] as Cell)[0] > stamp) continue;
    const { [path]: _, ...deltas } = offer.deltas;
    offered[nonce] = { ...offer, deltas };
  }
}

/** Whether a delivered cell settles a pending one. At paths of its own a replica alone writes what is live: a later cell there is a twin's, and says nothing of this one (P-28). */
function settles(delivered: Cell, pending: Cell, path: PathText): boolean {
  const own = pending[1] === 0 && hasReplica(path);
  return own ? delivered[0] === pending[0] : compareCells(pending, delivered) <= 0;
}

/** The path of the cell that a deletion or a base covers; undefined at other paths. */
function coveredBy(path: PathText): PathText | undefined {
  if (kindOf(path) === 'b') return totalOf(path);
  return kindOf(path) === 'd' && hasReplica(path) ? existence(replicaOfPath(path)) : undefined;
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
