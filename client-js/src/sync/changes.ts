import type { AnyCollections, CollectionName } from './typed.ts';

/** Documents whose records have changed. */
export type Change<C extends object = AnyCollections> = {
  [Name in CollectionName<C>]: ChangeIn<Name>;
}[CollectionName<C>];

interface ChangeIn<Name extends string> {
  readonly collection: Name;
  readonly ids: readonly IDBValidKey[];
  /** `local`: written by this browser, in whichever tab; `remote`: arrived from the server. */
  readonly origin: 'local' | 'remote';
}
