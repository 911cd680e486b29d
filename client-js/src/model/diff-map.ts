import { type Edit, isUndefined, supportedField, supportedValue, typeName } from './edit.ts';
import { TypeMismatchError, UnsupportedValueError } from './errors.ts';
import { equal, type Json, type JsonObject } from './json.ts';
import { hiddenIn, type Leaf, leavesOf, nested } from './nested.ts';
import { type PathText, refusalOfLeaf } from './path.ts';
import { formOf, memberOf } from './record.ts';
import { declared } from './schema.ts';

const NO_LEAVES: ReadonlyMap<PathText, Json> = new Map();

/** Adds the cells of what a put changes in the declared maps (M-26). */
export function diffMaps(edit: Edit, put: JsonObject): void {
  for (const field of declared(edit.schema, 'map')) {
    const leaves = leavesAt(memberOf(put, field), field);
    if (leaves === undefined) {
      throw new TypeMismatchError(field, 'map', typeName(put[field] as Json));
    }
    diffMap(edit, field, leaves);
  }
}

function diffMap({ stamp, cells, view, read }: Edit, field: string, put: ReadonlyMap<PathText, Leaf>): void {
  const standing = view.maps.get(field) ?? NO_LEAVES;
  // What was read may stem from before the field was declared; then no leaf was read.
  const before = leavesAt(read === undefined ? nested(standing) : memberOf(read, field), field) ?? new Map();
  let writes = false;
  for (const [path, leaf] of put) {
    if (!holds(before.get(path)?.value, leaf.value) && !holds(standing.get(path), leaf.value)) {
      cells[path] = [stamp, 0, supportedLeaf(field, leaf)];
      writes = true;
    }
  }
  for (const path of standing.keys()) {
    if (before.has(path) && !put.has(path)) {
      cells[path] = [stamp, 1];
      writes = true;
    }
  }
  // What objects hide would show when their last leaf goes.
  for (const path of writes ? hiddenIn(standing) : []) {
    if (!put.has(path)) {
      cells[path] = [stamp, 1];
    }
  }
}

/** The leaves of an object; none if the field is absent or undefined. */
function leavesAt(value: Json | undefined, field: string): Map<PathText, Leaf> | undefined {
  if (value === undefined || isUndefined(value)) {
    return new Map();
  }
  const form = formOf(value);
  return 'fields' in form ? leavesOf(field, form.fields) : undefined;
}

function supportedLeaf(field: string, { subFields, value }: Leaf): Json {
  const refusal = refusalOfLeaf(supportedField(field), subFields);
  if (refusal !== undefined) {
    throw new UnsupportedValueError([field, ...subFields], refusal);
  }
  return supportedValue([field, ...subFields], value);
}

function holds(present: Json | undefined, value: Json): boolean {
  return present !== undefined && equal(present, value);
}
