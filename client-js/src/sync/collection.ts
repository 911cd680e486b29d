import type { CapturedConnection } from '../capture/index.ts';
import type { CollectionSchema, FieldType } from '../model/index.ts';
import type { KeyPath } from './records.ts';

/** An object store that is synchronised. */
export interface Collection {
  readonly name: string;
  readonly keyPath: KeyPath;
  readonly schema: CollectionSchema;
}

/** The types of a collection's fields; fields that are not named are registers. */
export type FieldOptions = Readonly<Record<string, FieldType>>;

/**
 * What an application declares of a collection: the types of its fields, as in `{ tags: 'set' }`; or, to say more, an
 * object whose `fields` is an object of these, as in `{ fields: { tags: 'set' }, deletion: 'last-writer-wins' }`.
 *
 * `deletion` is what a deletion does to edits that the deleter had not seen. `add-wins`, the default, brings the
 * document back whole with such an edit, so that nobody's work is lost. Under `last-writer-wins` the later of the two
 * wins by its stamp: an edit made before a deletion is lost with the document, also if it was made offline.
 */
export type CollectionOptions =
  | FieldOptions
  | { readonly fields: FieldOptions; readonly deletion?: NonNullable<CollectionSchema['deletion']> };

export function collectionsOf(
  connection: CapturedConnection,
  options: Readonly<Record<string, CollectionOptions>>,
): ReadonlyMap<string, Collection> {
  return new Map(
    connection.trackedStores.map(({ name, keyPath }) => {
      const schema = schemaOf(Object.hasOwn(options, name) ? (options[name] as CollectionOptions) : {});
      return [name, { name, keyPath, schema }];
    }),
  );
}

/** A field's type is a text: what holds an object at `fields` is the long form, also where a field has that name. */
function schemaOf(options: CollectionOptions): CollectionSchema {
  return typeof options.fields === 'object' ? (options as CollectionSchema) : { fields: options as FieldOptions };
}
