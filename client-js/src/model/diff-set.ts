import { type Edit, isUndefined, supportedElement, supportedField, typeName } from './edit.ts';
import { TypeMismatchError } from './errors.ts';
import { canonical, dollarKey, type Json, type JsonObject } from './json.ts';
import { setElement } from './path.ts';
import { memberOf } from './record.ts';
import { declared } from './schema.ts';
import { replicaOf } from './stamp.ts';
import type { Tagged } from './view.ts';

const NO_TAGS: Tagged = new Map();

/** Adds the cells of what a put changes in the declared sets (M-18). */
export function diffSets(edit: Edit, put: JsonObject): void {
  for (const field of declared(edit.schema, 'set')) {
    const items = itemsOf(memberOf(put, field));
    if (items === undefined) {
      throw new TypeMismatchError(field, 'set', typeName(put[field] as Json));
    }
    diffSet(edit, field, items);
  }
}

function diffSet(edit: Edit, field: string, items: readonly Json[]): void {
  const put = new Set(items.map((item, i) => supportedElement(field, i, item)));
  const read = edit.read === undefined ? undefined : new Set(readItems(edit.read, field));
  diffElements(edit, field, edit.view.sets.get(field) ?? NO_TAGS, put, read);
}

/** @param read the elements that were read, or undefined if they are those that stand */
export function diffElements(
  { stamp, cells }: Edit,
  field: string,
  standing: Tagged,
  put: ReadonlySet<string>,
  read: ReadonlySet<string> | undefined,
): void {
  for (const element of put) {
    if (!standing.has(element) && !read?.has(element)) {
      cells[setElement(supportedField(field), element, replicaOf(stamp))] = [stamp, 0];
    }
  }
  for (const [element, tags] of standing) {
    if (!put.has(element) && (read === undefined || read.has(element))) {
      for (const tag of tags) {
        cells[tag.path] = [tag.stamp, 1];
      }
    }
  }
}

/** What was read may stem from before the field was declared; then no element was read. */
function readItems(read: JsonObject, field: string): string[] {
  return (itemsOf(memberOf(read, field)) ?? []).map(canonical);
}

/** The elements of an array or a `Set`; an absent or undefined field has none. */
function itemsOf(value: Json | undefined): readonly Json[] | undefined {
  if (value === undefined || isUndefined(value)) {
    return [];
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const items = !Array.isArray(value) && dollarKey(value) === '$set' ? (value as JsonObject).$set : value;
  return Array.isArray(items) ? items : undefined;
}
