import { type Edit, isUndefined, supportedField, typeName } from './edit.ts';
import { TypeMismatchError, UnsupportedValueError } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import { baseOf, counter, replicaOfPath } from './path.ts';
import { memberOf } from './record.ts';
import { declared } from './schema.ts';
import { replicaOf, sinceOf } from './stamp.ts';
import { counterValue, isCovered, type Share } from './view.ts';

/** Adds the cells of what a put changes in the declared counters (M-19). */
export function diffCounters(edit: Edit, put: JsonObject): void {
  for (const field of declared(edit.schema, 'counter')) {
    const value = numberOf(memberOf(put, field));
    if (value === undefined) {
      throw new TypeMismatchError(field, 'counter', typeName(put[field] as Json));
    }
    const difference = value - readNumber(edit, field);
    if (difference !== 0) {
      count(edit, field, difference);
    }
  }
}

/** Adds the cells that take away what was counted so far: for each total a base with its stamp and value (M-21). */
export function resetCounters(edit: Edit): void {
  for (const shares of edit.view.counters.values()) {
    for (const share of shares.values()) {
      if (share.total !== undefined && !isCovered(share)) {
        edit.cells[baseOf(share.path)] = [share.total[0], 1, share.total[2] as Json];
      }
    }
  }
}

function count(edit: Edit, field: string, difference: number): void {
  const life = ownLife(edit, field);
  const total = ((life?.total?.[2] as number | undefined) ?? 0) + difference;
  if (!Number.isFinite(total)) {
    throw new UnsupportedValueError([field], 'the total of a counter exceeds the range of finite doubles');
  }
  const path = life?.path ?? counter(supportedField(field), sinceOf(edit.stamp), replicaOf(edit.stamp));
  edit.cells[path] = [edit.stamp, 0, total];
}

/** The life in which the writer goes on to count: the latest of its own that has no base. Without one it begins another (M-40). */
function ownLife({ stamp, view, cells }: Edit, field: string): Share | undefined {
  const own = replicaOf(stamp);
  return [...(view.counters.get(field)?.values() ?? [])]
    .filter(({ path, base }) => base === undefined && cells[baseOf(path)] === undefined && replicaOfPath(path) === own)
    .sort((one, other) => (one.path < other.path ? 1 : -1))[0];
}

/** What the difference counts from: nothing on a dead document, whose counters are reset. */
function readNumber({ view, read }: Edit, field: string): number {
  if (!view.alive) {
    return 0;
  }
  return read === undefined ? counterValue(view, field) : (numberOf(memberOf(read, field)) ?? 0);
}

/** A finite number; an absent or undefined field counts as 0. */
function numberOf(value: Json | undefined): number | undefined {
  if (isUndefined(value)) {
    return 0;
  }
  return typeof value === 'number' ? value : undefined;
}
