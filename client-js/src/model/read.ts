import type { Cells } from './cell.ts';
import { isOn } from './flag.ts';
import type { Json } from './json.ts';
import { multiOf } from './multi.ts';
import { nested } from './nested.ts';
import { recordOf } from './record.ts';
import { type CollectionSchema, declared, typeOf } from './schema.ts';
import { counterValue, inOrder, showsRoot, type View, viewOf } from './view.ts';

export { alive } from './view.ts';

/** The record that a document's state shows (M-11 to M-15, M-23, M-25, M-35), or undefined if the document is not alive. */
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
    fields.set(field, inOrder(view.sets.get(field)));
  }
  for (const field of declared(schema, 'counter')) {
    fields.set(field, counterValue(view, field));
  }
  for (const field of declared(schema, 'flag')) {
    fields.set(field, isOn(view, field));
  }
  for (const field of declared(schema, 'multi')) {
    const value = multiOf(view, field);
    if (value !== undefined) {
      fields.set(field, value);
    }
  }
  for (const field of declared(schema, 'map')) {
    fields.set(field, nested(view.maps.get(field)));
  }
  return recordOf(fields);
}
