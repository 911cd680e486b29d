import type { Cells } from './cell.ts';
import { UnsupportedValueError } from './errors.ts';
import { canonical, dollarKey, equal, isLongerThan, type Json, type JsonObject, refusalOfValue } from './json.ts';
import { isLongField, MAX_SEGMENT_BYTES } from './path.ts';
import type { CollectionSchema } from './schema.ts';
import type { Stamp } from './stamp.ts';
import type { View } from './view.ts';

const UNDEFINED: Json = { $undefined: true }; // M-5

/** An edit in the making. */
export interface Edit {
  readonly schema: CollectionSchema;
  readonly stamp: Stamp;
  /** What stands. */
  readonly view: View;
  /** The fields that were read, or undefined if they are those that stand. */
  readonly read: JsonObject | undefined;
  /** The cells of the edit so far. */
  readonly cells: Cells;
}

/** Passes a field's name if it may stand in a path. */
export function supportedField(field: string): string {
  if (isLongField(field)) {
    throw new UnsupportedValueError([field], `the field's name is longer than ${MAX_SEGMENT_BYTES} bytes`);
  }
  return field;
}

/** The canonical text of an element of a set, if it may stand in a path. */
export function supportedElement(field: string, index: number, element: Json): string {
  return supportedSegment([field, index], 'the element of a set', canonical(supportedValue([field, index], element)));
}

/** Passes the canonical text of a value if it may stand in a path. */
export function supportedSegment(path: readonly (string | number)[], what: string, text: string): string {
  if (isLongerThan(text, MAX_SEGMENT_BYTES)) {
    throw new UnsupportedValueError(path, `${what} is longer than ${MAX_SEGMENT_BYTES} bytes`);
  }
  return text;
}

/** Passes a value if it may stand in a cell. */
export function supportedValue(path: readonly (string | number)[], value: Json): Json {
  const refusal = refusalOfValue(value);
  if (refusal !== undefined) {
    throw new UnsupportedValueError(path, refusal);
  }
  return value;
}

export function isUndefined(value: Json | undefined): boolean {
  return value === undefined || equal(value, UNDEFINED);
}

/** How an error names what stands where something else should. */
export function typeName(value: Json): string {
  if (typeof value !== 'object') {
    return `a ${typeof value}`;
  }
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'an array' : (dollarKey(value) ?? 'an object');
}
