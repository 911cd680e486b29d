import type { Json } from './json.ts';
import type { Tagged, View } from './view.ts';

/** The canonical text of the one element that a flag has as a set, while it is on (M-35). */
export const ON = 'true';

/** Whether a flag is on. */
export function isOn(view: View, field: string): boolean {
  return view.sets.get(field)?.has(ON) ?? false;
}

/** The live cells of a flag; a set under another schema may have had other elements. */
export function tagsOfFlag(view: View, field: string): Tagged {
  const tags = view.sets.get(field)?.get(ON);
  return new Map(tags === undefined ? [] : [[ON, tags]]);
}

/** The elements of a flag as a set, or undefined if the value is none of a flag. */
export function elementsOfFlag(value: Json): ReadonlySet<string> | undefined {
  return typeof value === 'boolean' ? new Set(value ? [ON] : []) : undefined;
}
