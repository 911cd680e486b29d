import type { CapturedConnection } from '../capture/index.ts';
import { type CollectionSchema, checkCollection, checkCollectionSchema, type FieldType } from '../model/index.ts';
import type { KeyPath } from './merging/records.ts';
import type { FieldTypeFor } from './typed.ts';

/** An object store that is synchronised. */
export interface Collection {
  readonly name: string;
  readonly keyPath: KeyPath;
  readonly schema: CollectionSchema;
}

const REGISTERS: CollectionSchema = { fields: {} };

/** The types of a collection's fields, as far as the TypeScript types of its records allow them; fields that are not named are registers. */
export type FieldOptions<R = unknown> = unknown extends R
  ? Readonly<Record<string, FieldType>>
  : { readonly [F in keyof R & string]?: FieldTypeFor<R[F]> };

/**
 * What an application declares of a collection: the types of its fields, as in `{ tags: 'set' }`; or, to say more, an
 * object whose `fields` is an object of these, as in `{ fields: { tags: 'set' }, deletion: 'last-writer-wins' }`: a
 * collection of a schema's JSON.
 *
 * `deletion` is what a deletion does to edits that the deleter had not seen. `add-wins`, the default, brings the
 * document back whole with such an edit, so that nobody's work is lost. Under `last-writer-wins` the later of the two
 * wins by its stamp: an edit made before a deletion is lost with the document, also if it was made offline.
 *
 * `local` are fields that stay on the device, with whatever they hold, and are kept where changes arrive.
 */
export type CollectionOptions<R = unknown> = (FieldOptions<R> & NoLongForm<R>) | LongOptions<R>;

interface LongOptions<R> extends Omit<CollectionSchema, 'fields' | 'local'> {
  readonly fields: FieldOptions<R>;
  readonly local?: readonly (unknown extends R ? string : keyof R & string)[];
}

/** The members of the long form stand in the short one only as fields of that name. */
type NoLongForm<R> = unknown extends R ? unknown : { readonly [M in Exclude<keyof CollectionSchema, keyof R>]?: never };

/**
 * The schemas of the collections that an application declares.
 *
 * @throws MalformedError naming the offending member
 */
export function declaredBy(
  options: Readonly<Record<string, CollectionOptions | undefined>>,
): ReadonlyMap<string, CollectionSchema> {
  return new Map(
    Object.entries(options).map(([name, declared]) => [
      checkCollection(name, 'collections'),
      schemaOf(declared as CollectionOptions, `collections.${name}`),
    ]),
  );
}

/** The tracked stores of a connection whose names can travel (M-7). */
export function collectionsOf(
  connection: CapturedConnection,
  schemas: ReadonlyMap<string, CollectionSchema>,
): ReadonlyMap<string, Collection> {
  return new Map(
    connection.trackedStores
      .filter(({ name }) => isTravelling(name))
      .map(({ name, keyPath }) => [name, { name, keyPath, schema: schemas.get(name) ?? REGISTERS }]),
  );
}

function isTravelling(name: string): boolean {
  try {
    checkCollection(name);
    return true;
  } catch (error) {
    console.warn(`Watersmeet: an object store stays local: ${String(error)}`);
    return false;
  }
}

/** A field's type is a text: what holds an object at `fields` is the long form, also where a field has that name. */
function schemaOf(options: CollectionOptions, place: string): CollectionSchema {
  const long = typeof options === 'object' && typeof options?.fields === 'object';
  return checkCollectionSchema(long ? options : { fields: options }, place);
}
