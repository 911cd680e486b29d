import { type Edit, supportedField, supportedSegment, supportedValue } from './edit.ts';
import { canonical, type JsonObject } from './json.ts';
import { multiOf, valuesOf } from './multi.ts';
import { multiValue } from './path.ts';
import { memberOf } from './record.ts';
import { declared } from './schema.ts';
import { replicaOf } from './stamp.ts';

/** Adds the cells of what a put changes in the declared multis (M-24). */
export function diffMultis(edit: Edit, put: JsonObject): void {
  for (const field of declared(edit.schema, 'multi')) {
    diffMulti(edit, field, put);
  }
}

function diffMulti({ stamp, cells, view, read }: Edit, field: string, put: JsonObject): void {
  const standing = view.multis.get(field) ?? new Map();
  const found = read === undefined ? multiOf(view, field) : memberOf(read, field);
  const before = new Set(valuesOf(found).map(canonical));
  const after = new Set(valuesOf(memberOf(put, field)).map((value) => canonical(supportedValue([field], value))));
  if (sameKeys(after, before) || sameKeys(after, standing)) {
    return;
  }
  for (const [value, tags] of standing) {
    if (before.has(value)) {
      for (const tag of tags) {
        cells[tag.path] = [tag.stamp, 1];
      }
    }
  }
  // A value that stands is assigned anew, too: who resolves the same conflict otherwise must not take it away unseen.
  for (const value of after) {
    const text = supportedSegment([field], 'a value of a multi', value);
    cells[multiValue(supportedField(field), text, replicaOf(stamp))] = [stamp, 0];
  }
}

function sameKeys(one: ReadonlySet<string>, other: { readonly size: number; has(key: string): boolean }): boolean {
  return one.size === other.size && [...one].every((key) => other.has(key));
}
