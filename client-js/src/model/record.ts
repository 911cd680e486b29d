import { defineMember, dollarKey, type Json, type JsonObject } from './json.ts';

/** A record taken apart: an object's fields, or a root value (M-15). */
export type RecordForm = { readonly fields: JsonObject } | { readonly root: Json };

/** Arrays and tagged values are root values; an escaped object is an object (M-5). */
export function formOf(record: Json): RecordForm {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    return { root: record };
  }
  const object = record as JsonObject;
  const key = dollarKey(object);
  if (key === undefined) {
    return { fields: object };
  }
  const content = object[key];
  return key === '$object' && typeof content === 'object' && content !== null && !Array.isArray(content)
    ? { fields: content as JsonObject }
    : { root: record };
}

/** The record with these fields, its keys sorted, escaped if it looks like a tagged value. */
export function recordOf(fields: ReadonlyMap<string, Json>): Json {
  const object: Record<string, Json> = {};
  for (const field of [...fields.keys()].sort()) {
    defineMember(object, field, fields.get(field) as Json);
  }
  return dollarKey(object) === undefined ? object : { $object: object };
}

/** Whether a value can stand at the end of a map's path: it is no object, or one without members (M-10). */
export function isLeaf(value: Json): boolean {
  return 'root' in formOf(value) || Object.keys(value as JsonObject).length === 0;
}

export function memberOf(fields: JsonObject, field: string): Json | undefined {
  return Object.hasOwn(fields, field) ? fields[field] : undefined;
}
