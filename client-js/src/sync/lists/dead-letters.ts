import type { CapturedConnection } from '../../capture/index.ts';
import { type Cells, idOfKey, type Json } from '../../model/index.ts';
import { type DeadLetterRow, deadLetterKey, META, rowsOf } from '../database/rows.ts';
import { completion, inspectStores, resultOf } from '../database/transaction.ts';
import { toRecord } from '../merging/records.ts';
import type { AnyCollections, CollectionName } from '../typed.ts';

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
  /** The record as it stood with the edit; undefined if the edit was a deletion. Local fields are left out. */
  readonly record: R;
}

/** Refused edits as plain JSON: what `JSON.stringify` takes, with values as they travel. */
export interface DeadLetterExport {
  readonly format: 'watersmeet-dead-letters';
  readonly space: string;
  /** When it was made, ISO 8601. */
  readonly exported: string;
  readonly letters: readonly ExportedLetter[];
}

/** A refused edit as plain JSON. */
export interface ExportedLetter {
  readonly collection: string;
  /** The document's id: its key as it travels. */
  readonly id: Json;
  readonly code: string;
  readonly detail: string;
  /** When the refusal came, ISO 8601. */
  readonly at: string;
  /** Null if the edit was a deletion. */
  readonly record: Json;
  /** The refused edit itself, by path. */
  readonly cells: Cells;
}

/** All refused edits, the oldest first. */
export async function readDeadLetters(connection: CapturedConnection): Promise<DeadLetter[]> {
  const keyPaths = new Map(connection.trackedStores.map(({ name, keyPath }) => [name, keyPath]));
  return (await readRows(connection)).map(({ id, collection, key, code, detail, at, record }) => {
    const shown = record === undefined ? undefined : toRecord(record, keyPaths.get(collection) ?? null, key);
    return { id, collection, key, code, detail, at, record: shown };
  });
}

/** All refused edits as plain JSON, the oldest first. */
export async function exportDeadLetters(connection: CapturedConnection): Promise<ExportedLetter[]> {
  return (await readRows(connection)).map(({ collection, key, code, detail, at, record, cells }) => {
    return {
      collection,
      id: idOfKey(key),
      code,
      detail,
      at: new Date(at).toISOString(),
      record: record ?? null,
      cells,
    };
  });
}

async function readRows(connection: CapturedConnection): Promise<(DeadLetterRow & { readonly id: string })[]> {
  const [keys, rows] = await inspectStores(connection, [META], (store) => {
    const meta = store(META);
    return Promise.all([
      resultOf(meta.getAllKeys(rowsOf('dead'))),
      resultOf<DeadLetterRow[]>(meta.getAll(rowsOf('dead'))),
    ]);
  });
  return rows
    .map((row, i) => ({ ...row, id: (keys[i] as [string, string])[1] }))
    .sort((one, other) => one.at - other.at);
}

/** The number of refused edits that are kept. */
export function countDeadLetters(connection: CapturedConnection): Promise<number> {
  return inspectStores(connection, [META], (store) => resultOf(store(META).count(rowsOf('dead'))));
}

/** The ids of the refused edits that are kept. */
export async function deadLetterIds(connection: CapturedConnection): Promise<string[]> {
  const keys = await inspectStores(connection, [META], (store) => resultOf(store(META).getAllKeys(rowsOf('dead'))));
  return keys.map((key) => (key as [string, string])[1]);
}

/** Forgets a refused edit. */
export async function discardDeadLetter(connection: CapturedConnection, id: string): Promise<void> {
  const transaction = connection.transaction([META], 'readwrite');
  const completed = completion(transaction);
  transaction.objectStore(META).delete(deadLetterKey(id));
  await completed;
}
