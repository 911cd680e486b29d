import type { Json, JsonObject } from './json.ts';
import { formOf } from './record.ts';
import { inOrder, type View } from './view.ts';

const CONFLICT = '$conflict';

/** The value of a multi-value register (M-23): its one value, the conflict of several, or undefined if it has none. */
export function multiOf(view: View, field: string): Json | undefined {
  const values = inOrder(view.multis.get(field));
  return values.length > 1 ? { $object: { [CONFLICT]: values } } : values[0];
}

/** The values that a record holds at a multi: those of a conflict, escaped or not, or the one that it is. */
export function valuesOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) {
    return [];
  }
  const form = formOf(value);
  const object = 'fields' in form ? form.fields : value;
  return isConflict(object) ? (object[CONFLICT] as readonly Json[]) : [value];
}

function isConflict(value: Json): value is JsonObject {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 1 &&
    Object.hasOwn(value, CONFLICT) &&
    Array.isArray((value as JsonObject)[CONFLICT])
  );
}
