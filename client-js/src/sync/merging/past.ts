import { equal, type Json, type JsonObject } from '../../model/index.ts';
import { formOf, memberOf, recordOf } from '../../model/record.ts';

/** How many changes of a record can be looked back over, and for how long, in milliseconds. */
const MOST = 16;
const LONGEST = 86_400_000;

/**
 * What a change behind the application's back replaced in a record: that another replica made, or that merged a record which the application had put
 * from what it had read before. Never more than the fields that changed, as they were.
 */
export interface Past {
  /** The version of the store that the change made. */
  readonly version: number;
  /** Unix milliseconds. */
  readonly at: number;
  /** By field: its value, or nothing if the record did not have it. */
  readonly fields: readonly (readonly [name: string, value?: Json])[];
  /** Of a record that was merged: the version at which it had been read. */
  readonly base?: number;
}

/** The past of a record that was changed again. Of records without fields, and of those that begin or end, nothing is kept. */
export function remember(
  past: readonly Past[] = [],
  before: Json | undefined,
  after: Json | undefined,
  made: Pick<Past, 'version' | 'at' | 'base'>,
): readonly Past[] | undefined {
  const kept = past.slice(1 - MOST).filter(({ at }) => at > made.at - LONGEST);
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  if (was === undefined || is === undefined) return undefined;
  const names = new Set([...Object.keys(was), ...Object.keys(is)]);
  const fields: Past['fields'][number][] = [];
  for (const name of names) {
    const [old, now] = [memberOf(was, name), memberOf(is, name)];
    if (old === undefined) fields.push([name]);
    else if (now === undefined || !equal(old, now)) fields.push([name, old]);
  }
  return [...kept, { ...made, fields }];
}

/**
 * The record as it was read at a version; undefined if nothing has changed behind the application's back since.
 *
 * @param stands the record as its cells show it now
 */
export function readAt(stands: Json | undefined, past: readonly Past[] = [], version: number): Json | undefined {
  const fields = fieldsOf(stands);
  if (fields === undefined) return undefined;
  const read = new Map(Object.entries(fields));
  let below = Number.POSITIVE_INFINITY;
  let changed = false;
  for (const entry of past.toReversed()) {
    if (entry.version <= version) break;
    // What was merged had been read before these changes, so they are not in it.
    if (entry.version > below) continue;
    for (const [name, ...value] of entry.fields) {
      if (value[0] === undefined) read.delete(name);
      else read.set(name, value[0]);
    }
    below = entry.base ?? below;
    changed = true;
  }
  return changed ? recordOf(read) : undefined;
}

function fieldsOf(record: Json | undefined): JsonObject | undefined {
  const form = record === undefined ? undefined : formOf(record);
  return form !== undefined && 'fields' in form ? form.fields : undefined;
}
