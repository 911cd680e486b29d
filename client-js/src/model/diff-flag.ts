import { diffElements } from './diff-set.ts';
import { type Edit, isUndefined, typeName } from './edit.ts';
import { TypeMismatchError } from './errors.ts';
import { elementsOfFlag, tagsOfFlag } from './flag.ts';
import type { Json, JsonObject } from './json.ts';
import { memberOf } from './record.ts';
import { declared } from './schema.ts';

const OFF: ReadonlySet<string> = new Set();

/** Adds the cells of what a put changes in the declared flags (M-35). */
export function diffFlags(edit: Edit, put: JsonObject): void {
  for (const field of declared(edit.schema, 'flag')) {
    const elements = flagAt(put, field);
    if (elements === undefined) {
      throw new TypeMismatchError(field, 'flag', typeName(put[field] as Json));
    }
    // What was read may stem from before the field was declared; then the flag was off.
    const read = edit.read === undefined ? undefined : (flagAt(edit.read, field) ?? OFF);
    diffElements(edit, field, tagsOfFlag(edit.view, field), elements, read);
  }
}

/** An absent or undefined flag is off. */
function flagAt(record: JsonObject, field: string): ReadonlySet<string> | undefined {
  const value = memberOf(record, field);
  return value === undefined || isUndefined(value) ? OFF : elementsOfFlag(value);
}
