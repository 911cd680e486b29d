import type { Cells } from './cell.ts';
import { compareCanonical, type Json } from './json.ts';
import { recordOf } from './record.ts';
import { type CollectionSchema, declared, typeOf } from './schema.ts';
import type { Stamp } from './stamp.ts';
import { numberToJson } from './value.ts';
import { counterValue, showsRoot, type Tag, type View, viewOf } from './view.ts';

export { alive } from './view.ts';

/** The record that a document's state shows (M-11 to M-15), or undefined if the document is not alive. */
export function read(cells: Readonly<Cells>, schema: CollectionSchema): Json | undefined {
  const view = viewOf(cells);
  return view.alive ? shown(view, schema) : undefined;
}

/** The record as if the document were alive: what a put on a dead document is compared with (M-21). */
export function readHidden(cells: Readonly<Cells>, schema: CollectionSchema): Json {
  return shown(viewOf(cells), schema);
}

function shown(view: View, schema: CollectionSchema): Json {
  if (view.root !== undefined && showsRoot(view)) {
    return view.root;
  }
  const fields = new Map<string, Json>();
  for (const [field, value] of view.registers) {
    if (typeOf(schema, field) === 'register') {
      fields.set(field, value);
    }
  }
  for (const field of declared(schema, 'set')) {
    fields.set(field, elementsOf(view, field));
  }
  for (const field of declared(schema, 'counter')) {
    fields.set(field, numberToJson(counterValue(view, field)));
  }
  return recordOf(fields);
}

/** The elements of a set by the smallest stamp of their live cells, then by their texts (M-12). */
function elementsOf(view: View, field: string): Json[] {
  return [...(view.sets.get(field) ?? [])]
    .map(([element, tags]) => ({ element, first: firstStamp(tags) }))
    .sort((one, other) =>
      one.first === other.first ? compareCanonical(one.element, other.element) : one.first < other.first ? -1 : 1,
    )
    .map(({ element }) => JSON.parse(element));
}

function firstStamp(tags: readonly Tag[]): Stamp {
  return tags.map(({ stamp }) => stamp).sort()[0] as Stamp;
}
