import type { CapturedConnection } from '../capture/index.ts';
import { fromJson } from '../model/index.ts';
import { type DeadLetterRow, deadLetterKey, META, rowsOf } from './rows.ts';
import { completion, inspectStores, resultOf } from './transaction.ts';
import type { AnyCollections, CollectionName } from './typed.ts';

/** An edit that the server has refused. */
export type DeadLetter<C extends object = AnyCollections> = {
  [Name in CollectionName<C>]: DeadLetterIn<Name, unknown extends C[Name] ? unknown : Partial<C[Name]> | undefined>;
}[CollectionName<C>];

interface DeadLetterIn<Name extends string, R> {
  readonly id: string;
  readonly collection: Name;
  readonly key: IDBValidKey;
  /** Why, stable (P-14). */
  readonly code: string;
  /** Why, for people. */
  readonly detail: string;
  /** When the refusal came, Unix milliseconds of the device. */
  readonly at: number;
  /** The record as it stood with the edit; undefined if the edit was a deletion. Fields that hold the key, and local fields, are left out. */
  readonly record: R;
}

/** All refused edits, the oldest first. */
export async function readDeadLetters(connection: CapturedConnection): Promise<DeadLetter[]> {
  const [keys, rows] = await inspectStores(connection, [META], (store) => {
    const meta = store(META);
    return Promise.all([
      resultOf(meta.getAllKeys(rowsOf('dead'))),
      resultOf<DeadLetterRow[]>(meta.getAll(rowsOf('dead'))),
    ]);
  });
  return rows
    .map(({ cells: _, record, ...row }, i) => ({
      ...row,
      id: (keys[i] as [string, string])[1],
      record: record === undefined ? undefined : fromJson(record),
    }))
    .sort((one, other) => one.at - other.at);
}

/** The number of refused edits that are kept. */
export function countDeadLetters(connection: CapturedConnection): Promise<number> {
  return inspectStores(connection, [META], (store) => resultOf(store(META).count(rowsOf('dead'))));
}

/** Forgets a refused edit. */
export async function discardDeadLetter(connection: CapturedConnection, { id }: DeadLetter): Promise<void> {
  const transaction = connection.transaction([META], 'readwrite');
  const completed = completion(transaction);
  transaction.objectStore(META).delete(deadLetterKey(id));
  await completed;
}
