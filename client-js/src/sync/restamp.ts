import { type Cell, type Cells, millisOf, replicaOf, type Stamp } from '../model/index.ts';
import type { Collection } from './collection.ts';
import { greatestStamp, writeRow } from './document.ts';
import { CLOCK, type DocumentRow, rowsOf } from './rows.ts';
import type { Stamper } from './stamper.ts';
import { resultOf, type Transaction } from './transaction.ts';

/** How far ahead of the server's clock a pending stamp may be before it is corrected, in milliseconds: half of what the server bears (P-8). */
const BEARABLE = 30_000;

interface Found {
  readonly store: string;
  readonly key: IDBValidKey;
  readonly row: DocumentRow;
}

/**
 * Takes back what a device's clock that ran ahead put into stamps: pending stamps from the future are exchanged for stamps of now, in their order, everywhere they stand, above
 * everything that was received. Only what was never sent is exchanged: what was may have arrived.
 *
 * @param now the server's time, Unix milliseconds
 */
export async function restamp(
  transaction: Transaction,
  collections: Iterable<Collection>,
  stamper: Stamper,
  replica: string,
  now: number,
): Promise<void> {
  if (millisOf(stamper.highWater()) <= now + BEARABLE) return;
  const pending: Found[] = [];
  let received: Stamp | undefined;
  for (const { name: store } of collections) {
    const side = transaction.side(store);
    const [keys, rows] = await Promise.all([
      resultOf(side.getAllKeys(rowsOf('d'))),
      resultOf<DocumentRow[]>(side.getAll(rowsOf('d'))),
    ]);
    rows.forEach((row, i) => {
      received = greater(received, greatestStamp(row.offered ? { ...row.delivered, ...row.pending } : row.delivered));
      pending.push({ store, key: (keys[i] as [string, IDBValidKey])[1], row });
    });
  }
  stamper.restart(received);
  const exchanged = exchange(pending, replica, now + BEARABLE, stamper);
  for (const { store, key, row } of pending) {
    if (!row.offered) writeRow(transaction, store, key, { ...row, pending: replace(row.pending, exchanged) });
  }
  transaction.meta.put(stamper.highWater(), CLOCK);
}

/** Old stamps and the new ones in their places. */
function exchange(pending: readonly Found[], replica: string, bound: number, stamper: Stamper): Map<Stamp, Stamp> {
  const old = new Set<Stamp>();
  for (const { row } of pending) {
    if (row.offered) continue;
    for (const [stamp] of Object.values(row.pending)) {
      if (replicaOf(stamp) === replica && millisOf(stamp) > bound) old.add(stamp);
    }
  }
  return new Map([...old].sort().map((stamp) => [stamp, stamper.now()]));
}

function replace(cells: Readonly<Cells>, stamps: ReadonlyMap<Stamp, Stamp>): Cells {
  return Object.fromEntries(
    Object.entries(cells).map(([path, [stamp, ...rest]]) => [
      path,
      [stamps.get(stamp) ?? stamp, ...rest] as unknown as Cell,
    ]),
  );
}

function greater(one: Stamp | undefined, other: Stamp | undefined): Stamp | undefined {
  return one === undefined || (other !== undefined && other > one) ? other : one;
}
