import { fromJson, type Json, recordToJson } from '../../model/index.ts';

/** The form of a store's key path: null for out-of-line keys. */
export type KeyPath = string | readonly string[] | null;

/**
 * The record as it travels. The fields that hold the key are left out: the document's id says it. (A key deeper inside a field stays: the
 * field travels whole.) So are local fields, whatever they hold.
 *
 * @throws UnsupportedValueError if the record holds what cannot travel
 */
export function toWireRecord(record: unknown, keyPath: KeyPath, local: readonly string[] = []): Json {
  const left = [...keyFields(keyPath), ...local];
  if (left.length === 0 || !isObject(record)) return recordToJson(record);
  const rest = { ...record };
  for (const field of left) delete rest[field];
  return recordToJson(rest);
}

/** A record that is written anew, with the local fields of the one in its place. */
export function withLocal(record: unknown, present: unknown, local: readonly string[]): unknown {
  if (!isObject(record) || !isObject(present)) return record;
  for (const field of local) if (Object.hasOwn(present, field)) define(record, field, present[field]);
  return record;
}

function isObject(record: unknown): record is Record<string, unknown> {
  return Object.prototype.toString.call(record) === '[object Object]';
}

/** The record as the application sees it, its key in its place. */
export function toRecord(json: Json, keyPath: KeyPath, key: IDBValidKey): unknown {
  const record = fromJson(json);
  if (keyPath === null || typeof record !== 'object' || record === null) return record;
  if (typeof keyPath === 'string') {
    place(record, keyPath, key);
  } else {
    for (let i = 0; i < keyPath.length; i++)
      place(record, keyPath[i] as string, (key as IDBValidKey[])[i] as IDBValidKey);
  }
  return record;
}

function keyFields(keyPath: KeyPath): readonly string[] {
  const paths = keyPath === null ? [] : typeof keyPath === 'string' ? [keyPath] : keyPath;
  return paths.filter((path) => path !== '' && !path.includes('.'));
}

function place(record: object, path: string, key: IDBValidKey): void {
  if (path === '') return;
  let holder = record as Record<string, unknown>;
  const names = path.split('.');
  for (const name of names.slice(0, -1)) {
    const inner = Object.hasOwn(holder, name) ? holder[name] : undefined;
    if (typeof inner === 'object' && inner !== null) {
      holder = inner as Record<string, unknown>;
    } else {
      const made: Record<string, unknown> = {};
      define(holder, name, made);
      holder = made;
    }
  }
  define(holder, names.at(-1) as string, key);
}

/** An own property, also if it is called `__proto__`. */
function define(holder: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });
}
