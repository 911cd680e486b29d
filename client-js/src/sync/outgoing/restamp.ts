import {
  isEmpty,
  known,
  makeStamp,
  millisOf,
  type ReplicaId,
  type Restamping,
  restamped,
  type Stamp,
  stampsAbove,
} from '../../model/index.ts';
import type { Collection } from '../collection.ts';
import { greater, greatestStamp, writeRow } from '../database/document.ts';
import { type StoredRow, unpackRow } from '../database/packing.ts';
import { packsIn } from '../database/packs.ts';
import { CLOCK, type DocumentRow, REPLICA, type ReplicaRow, rowsOf } from '../database/rows.ts';
import { resultOf, type Transaction } from '../database/transaction.ts';
import type { Stamper } from './stamper.ts';

/** How far ahead of the server's clock a pending stamp may be before it is corrected, in milliseconds: half of what the server bears (P-8). */
const BEARABLE = 30_000;

/** The row of a document where it stands. */
export interface Found {
  readonly store: string;
  readonly key: IDBValidKey;
  readonly row: DocumentRow;
}

/** The rows of all documents. */
export async function allRows(transaction: Transaction, collections: Iterable<Collection>): Promise<Found[]> {
  const found: Found[] = [];
  for (const { name: store } of collections) {
    const side = transaction.side(store);
    for (const [key, row] of await packsIn(side).all()) found.push({ store, key, row });
    const [keys, rows] = await Promise.all([
      resultOf(side.getAllKeys(rowsOf('d'))),
      resultOf<StoredRow[]>(side.getAll(rowsOf('d'))),
    ]);
    rows.forEach((row, i) => {
      found.push({ store, key: (keys[i] as [string, IDBValidKey])[1], row: unpackRow(row) });
    });
  }
  return found;
}

/** Gives what is pending of a document other stamps. What may have arrived stays as it was sent. */
export function restampRow(row: DocumentRow, restamping: Restamping): DocumentRow {
  return { ...row, pending: restamped(row.pending, known(row, row.sent), restamping) };
}

/**
 * Takes back what a device's clock that ran ahead put into stamps (P-28): pending stamps from the future are exchanged for stamps of now, in their order,
 * everywhere they stand, with all others that nobody can have seen, above everything that was received and that others may have seen.
 *
 * @param now the server's time, Unix milliseconds
 */
export async function restamp(
  transaction: Transaction,
  collections: Iterable<Collection>,
  stamper: Stamper,
  replica: ReplicaId,
  now: number,
): Promise<void> {
  if (millisOf(stamper.highWater()) <= now + BEARABLE) return;
  const rows = await allRows(transaction, collections);
  let seen = (await resultOf<ReplicaRow>(transaction.meta.get(REPLICA))).accepted ?? makeStamp(0, 0, replica);
  for (const { row } of rows) seen = greater(seen, greatestStamp(known(row, row.sent))) as Stamp;
  stamper.restart(seen);
  const old = new Set(rows.flatMap(({ row }) => stampsAbove(row.pending, replica, seen)));
  const stamps = new Map([...old].sort().map((stamp) => [stamp, stamper.now()]));
  const exchange = (stamp: Stamp) => stamps.get(stamp) as Stamp;
  const restamping: Restamping = { from: replica, to: replica, seen, exchange };
  for (const { store, key, row } of rows) {
    if (!isEmpty(row.pending)) writeRow(transaction, store, key, restampRow(row, restamping));
  }
  transaction.meta.put(stamper.highWater(), CLOCK);
}
