import {
  type Cells,
  counterOf,
  echoOf,
  isEmpty,
  isOverwritten,
  joined,
  makeStamp,
  millisOf,
  type ReplicaId,
  type Restamping,
  randomReplicaId,
  type Sent,
  type Stamp,
  settleOverwritten,
  settleWritten,
} from '../../model/index.ts';
import type { Collection } from '../collection.ts';
import { greater } from '../database/document.ts';
import { CLOCK, type DocumentRow, REPLICA, type ReplicaRow } from '../database/rows.ts';
import { resultOf } from '../database/transaction.ts';
import { change } from '../merging/apply.ts';
import type { Changed, Replica } from '../replica.ts';
import type { Randomness } from '../tabs/leader.ts';
import { allRows, restampRow } from './restamp.ts';

/**
 * Goes on under a new id, if somebody else pushes under this database's: its profile was copied, or put back to an older state (P-28). What is delivered
 * and what is pending stays. All there is has been read: that shows what had arrived of pushes that were given up. One transaction does it all.
 *
 * @returns the documents whose records have changed
 */
export async function takeNewId(replica: Replica, random: Randomness): Promise<readonly Changed[]> {
  const { collections, leadership } = replica;
  const { stamper } = leadership;
  let taken: ReplicaId | undefined;
  const changed = await replica.settled([...collections.keys()], async (transaction) => {
    const own = await resultOf<ReplicaRow>(transaction.meta.get(REPLICA));
    if (own.twin === undefined) return [];
    const { id: from, space, accepted } = own;
    const to = randomReplicaId(random.bytes(8));
    const exchange = (stamp: Stamp) => renamed(stamp, to);
    const rows = (await allRows(transaction, collections.values()))
      .filter(({ row }) => !isEmpty(row.pending) || row.offered !== undefined)
      .map((found) => ({ ...found, last: arrived(found.row, own) }));
    const echoes = rows.map(({ last }) => last?.echo);
    const seen = [...echoes, own.own].reduce(greater, undefined) ?? makeStamp(0, 0, from);
    const restamping: Restamping = { from, to, seen, exchange };
    const changed: Changed[] = [];
    for (const { store, key, row, last } of rows) {
      const { offered: _, ...settled } = settle(row, last);
      const after = restampRow(settled, restamping);
      const collection = collections.get(store) as Collection;
      if (await change(transaction, collection, key, row, after)) changed.push({ collection: store, keys: [key] });
    }
    transaction.meta.put({ id: to, space, number: 0, nonce: null, accepted } satisfies ReplicaRow, REPLICA);
    transaction.meta.put(renamed(stamper.highWater(), to), CLOCK);
    taken = to;
    return changed;
  });
  if (taken !== undefined) {
    console.info(
      `Watersmeet: another copy of this database pushes as ${leadership.replica}: this one goes on as ${taken}.`,
    );
    stamper.rename(taken);
  }
  return changed;
}

/** The same time, of another replica. */
function renamed(stamp: Stamp, to: ReplicaId): Stamp {
  return makeStamp(millisOf(stamp), counterOf(stamp), to);
}

/**
 * A document of which something was sent in a push that was given up before the twin was found: settled if that has arrived, as what was read since shows.
 * A push whose number the twin has taken has not.
 *
 * @param dropped what a purge has dropped of it, and was not read
 */
export function settleArrived(row: DocumentRow, own: ReplicaRow, dropped: Cells): DocumentRow {
  return settle(row, arrived(row, own, dropped));
}

function settle(row: DocumentRow, last: Arrived | undefined): DocumentRow {
  if (last === undefined) return row;
  const { offered: _, ...rest } = row;
  return { ...rest, ...(last.echo === undefined ? settleOverwritten : settleWritten)(row, last.sent) };
}

/** What was sent last, and has arrived; and the newest edit in it if it came back. */
interface Arrived {
  readonly sent: Sent;
  readonly echo: Stamp | undefined;
}

function arrived(
  row: DocumentRow,
  { abandoned = [], more, twin }: ReplicaRow,
  dropped: Cells = {},
): Arrived | undefined {
  const held = joined(row.remainder ?? row.delivered, dropped);
  for (const { nonce, number } of [...abandoned].reverse()) {
    const sent = row.offered?.[nonce];
    if (sent === undefined || (number === twin && !more)) continue;
    const echo = echoOf(sent, held);
    if (echo !== undefined || isOverwritten(sent, held)) return { sent, echo };
  }
  return undefined;
}
