import { equal, type Json, type JsonObject } from '../../model/index.ts';
import { formOf, memberOf } from '../../model/record.ts';
import type { Collection } from '../collection.ts';
import { toWireRecord } from '../merging/records.ts';
import { allRows } from '../outgoing/restamp.ts';
import { shown } from './document.ts';
import { createKeyMap } from './keys.ts';
import { resultOf, type Transaction } from './transaction.ts';

/** A record is not what the cells of its document say: the client has a bug, or somebody wrote behind its back. */
export class DisagreementError extends Error {
  constructor(collection: string, key: IDBValidKey, what: string) {
    super(`records and cells do not agree: ${collection}, key ${show(key)}, ${what}`);
    this.name = 'DisagreementError';
  }
}

/**
 * Compares every record of a collection whose notes have been drained in the same transaction with its cells. Records that stay local or are withheld
 * are not compared.
 *
 * @throws DisagreementError naming store, key and field
 */
export async function expectAgreement(transaction: Transaction, collection: Collection): Promise<void> {
  const { name, keyPath, schema } = collection;
  const store = transaction.store(name);
  const [keys, records, rows] = await Promise.all([
    resultOf(store.getAllKeys()),
    resultOf<unknown[]>(store.getAll()),
    allRows(transaction, [collection]),
  ]);
  const left = createKeyMap<number>();
  keys.forEach((key, i) => {
    left.set(key, i);
  });
  const known = createKeyMap<true>();
  for (const { key, row } of rows) {
    known.set(key, true);
    if (row.local !== undefined || row.withheld !== undefined) continue;
    const at = left.get(key);
    const record = at === undefined ? undefined : toWireRecord(records[at], keyPath, schema.local);
    const difference = differenceOf(record, shown(row, collection));
    if (difference !== undefined) throw new DisagreementError(name, key, difference);
  }
  const unknown = keys.find((key) => known.get(key) === undefined);
  if (unknown !== undefined) throw new DisagreementError(name, unknown, 'the record has no cells');
}

/** Where a record and what its cells show differ first. */
function differenceOf(record: Json | undefined, cells: Json | undefined): string | undefined {
  if (record === undefined && cells === undefined) return undefined;
  if (record === undefined) return 'there is no record, and the cells show one';
  if (cells === undefined) return 'there is a record, and the cells show none';
  if (equal(record, cells)) return undefined;
  const [one, other] = [formOf(record), formOf(cells)];
  if (!('fields' in one && 'fields' in other)) return told('value', record, cells);
  const names = [...Object.keys(one.fields), ...Object.keys(other.fields)];
  const field = names.find((name) => !sameMember(one.fields, other.fields, name)) as string;
  return told(`field ${show(field)}`, memberOf(one.fields, field), memberOf(other.fields, field));
}

function sameMember(one: JsonObject, other: JsonObject, name: string): boolean {
  const [mine, theirs] = [memberOf(one, name), memberOf(other, name)];
  return mine !== undefined && theirs !== undefined && equal(mine, theirs);
}

function told(where: string, record: Json | undefined, cells: Json | undefined): string {
  return `${where}: the record holds ${show(record)}, the cells say ${show(cells)}`;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 200) ?? String(value));
}
