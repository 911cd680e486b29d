import type { CollectionOptions } from './collection.ts';
import type { Polling } from './server/polling.ts';
import type { Patience } from './server/server-sent-events.ts';
import type { AnyCollections, CollectionName } from './typed.ts';

/** What {@link watersmeet} is given: the server, the space, and what the application declares of its object stores. */
export interface WatersmeetOptions<C extends object = AnyCollections> {
  /** Where the server is: the address under which it serves `spaces/…`, for instance `/v1`. */
  readonly url: string;
  /** The space that the database holds. */
  readonly space: string;
  /**
   * Whose the database is, for instance the id by which the server knows the person. It is kept with the database and compared before anything else is done: the
   * database of another one is neither read nor sent, what the application writes into it is refused, and the status says `other-user`. One that was used without it becomes that of the
   * first one that is named, with the edits in it that were not sent. Without it, nothing is compared.
   */
  readonly user?: string;
  /** The bearer token to authenticate by; asked for at each request. */
  readonly token: () => string | Promise<string>;
  /**
   * The fields that are more than registers and, where wanted, the policy of deletion and local fields, by object store: the `collections` of a
   * schema's JSON, or the short form. Stores that are not named here are synchronised too, as registers. What is not as it should be is refused at
   * once, with a {@link MalformedError} that names it.
   */
  readonly collections?: { readonly [Name in CollectionName<C>]?: CollectionOptions<C[Name]> };
  /** The database to synchronise; without it, the first one that is opened. */
  readonly database?: string;
  /** The object stores to synchronise; all of them if not given. */
  readonly stores?: readonly CollectionName<C>[];
  /**
   * What becomes of records that cannot travel, for instance as they hold a Blob, and of stores that generate their keys. `local`, the default, keeps
   * them on the device and says so; `refuse` makes the write throw an {@link UnsupportedValueError} that names the field.
   */
  readonly unsupported?: 'local' | 'refuse';
  /**
   * Whether to follow what the application reads, so that a record which it saves as a whole undoes nothing that others changed since it was read.
   * Records that are read then carry an own, enumerable symbol property. `true` if not given.
   */
  readonly follow?: boolean;
  /**
   * Whether to compare all records with their cells after each drain: for tests, as it reads everything. Where they do not agree, synchronisation
   * stops with an error that names store, key and field. `false` if not given.
   */
  readonly debug?: boolean;
  /** How many conflicts the database keeps, the newest ones; 1,000 if not given. */
  readonly keepConflicts?: number;
  /**
   * Whether to ask the browser to keep the site's data also when space is short (`navigator.storage.persist()`); what it answers stands in
   * {@link Status.persisted}. Some browsers ask the person. `false` if not given.
   */
  readonly persist?: boolean;
  /** Whether to connect at once; `true` if not given. */
  readonly connect?: boolean;
  /** The browser's own `indexedDB`, if not given. */
  readonly indexedDB?: IDBFactory;
  /** The browser's own `fetch`, if not given. */
  readonly fetch?: typeof fetch;
  /** How long a live feed may be silent before it begins and later, in milliseconds; 15 s and 45 s if not given. */
  readonly patience?: Patience;
  /** How to go on where something on the way holds live feeds back; asks every 20 s, and tries a feed every 10 min, if not given. */
  readonly polling?: Polling;
}
