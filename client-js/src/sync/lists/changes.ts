import type { AnyCollections, CollectionName } from '../typed.ts';

/** Documents whose records have changed. */
export type Change<C extends object = AnyCollections> = {
  [Name in CollectionName<C>]: ChangeIn<Name>;
}[CollectionName<C>];

interface ChangeIn<Name extends string> {
  readonly collection: Name;
  readonly ids: readonly IDBValidKey[];
  /**
   * `local`: written by this tab; `other tab`: by another one of this browser, perhaps before this page was loaded; `remote`: arrived from the server, or
   * became visible by what did.
   */
  readonly origin: 'local' | 'other tab' | 'remote';
}
