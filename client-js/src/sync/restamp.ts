import {
  beginningOf,
  type Cell,
  type Cells,
  counter,
  counterBase,
  fieldOf,
  kindOf,
  millisOf,
  type PathText,
  replicaOf,
  type Stamp,
  sinceOf,
} from '../model/index.ts';
import type { Collection } from './collection.ts';
import { greater, greatestStamp, writeRow } from './document.ts';
import { CLOCK, type DocumentRow, REPLICA, type ReplicaRow, rowsOf } from './rows.ts';
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
 * Takes back what a device's clock that ran ahead put into stamps: pending stamps from the future are exchanged for stamps of now, in their order, everywhere they stand, with those that came before them, above
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
  let received = (await resultOf<ReplicaRow>(transaction.meta.get(REPLICA))).accepted;
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
  const seen = received ?? '';
  const ahead = (stamp: Stamp) => replicaOf(stamp) === replica && stamp > seen; // also those that are bearable: they keep their order
  const exchanged = exchange(pending, ahead, stamper);
  for (const { store, key, row } of pending) {
    if (!row.offered) writeRow(transaction, store, key, { ...row, pending: replace(row.pending, exchanged) });
  }
  transaction.meta.put(stamper.highWater(), CLOCK);
}

/** Old stamps and the new ones in their places. */
function exchange(pending: readonly Found[], ahead: (stamp: Stamp) => boolean, stamper: Stamper): Map<Stamp, Stamp> {
  const old = new Set<Stamp>();
  for (const { row } of pending) {
    if (row.offered) continue;
    for (const [path, [stamp]] of Object.entries(row.pending)) {
      if (ahead(stamp)) old.add(stamp);
      const life = lifeStamp(path);
      if (life !== undefined && ahead(life)) old.add(life);
    }
  }
  return new Map([...old].sort().map((stamp) => [stamp, stamper.now()]));
}

function replace(cells: Readonly<Cells>, stamps: ReadonlyMap<Stamp, Stamp>): Cells {
  return Object.fromEntries(
    Object.entries(cells).map(([path, [stamp, ...rest]]) => [
      replacePath(path, stamps),
      [stamps.get(stamp) ?? stamp, ...rest] as unknown as Cell,
    ]),
  );
}

/** A life has no other name than the stamp of the edit that began it: the time of a later one must not be that of a life (M-40). */
function replacePath(path: PathText, stamps: ReadonlyMap<Stamp, Stamp>): PathText {
  const old = lifeStamp(path);
  const life = old && stamps.get(old);
  if (life === undefined) return path;
  return (kindOf(path) === 'c' ? counter : counterBase)(fieldOf(path), sinceOf(life), replicaOf(life));
}

/** The stamp that the life of a counter is named by; undefined at other paths. */
function lifeStamp(path: PathText): Stamp | undefined {
  const kind = kindOf(path);
  return kind === 'c' || kind === 'b' ? beginningOf(path) : undefined;
}
