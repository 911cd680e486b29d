import type { CapturedConnection } from '../capture/index.ts';
import type { CollectionSchema } from '../model/index.ts';
import type { KeyPath } from './records.ts';

/** An object store that is synchronised. */
export interface Collection {
  readonly name: string;
  readonly keyPath: KeyPath;
  readonly schema: CollectionSchema;
}

/** The fields of a collection that are more than registers, as the application declares them. */
export type CollectionOptions = Readonly<Record<string, 'register' | 'set' | 'counter'>>;

export function collectionsOf(
  connection: CapturedConnection,
  options: Readonly<Record<string, CollectionOptions>>,
): ReadonlyMap<string, Collection> {
  return new Map(
    connection.trackedStores.map(({ name, keyPath }) => {
      const fields = Object.hasOwn(options, name) ? (options[name] as CollectionOptions) : {};
      return [name, { name, keyPath, schema: { fields } }];
    }),
  );
}
