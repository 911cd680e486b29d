import type { Change } from './changes.ts';
import type { Conflict } from './conflicts.ts';
import type { DeadLetter } from './dead-letters.ts';
import type { Inspection } from './inspection.ts';
import type { Happening, Observable } from './observable.ts';
import type { Status } from './status.ts';
import type { Staying } from './staying.ts';
import type { AnyCollections, CollectionName } from './typed.ts';
import type { Withheld } from './withheld.ts';

/** The synchronisation of one database, typed by the collections that the application names. */
export type Watersmeet<C extends object = AnyCollections> = WatersmeetOf<
  CollectionName<C>,
  Change<C>,
  Conflict<C>,
  DeadLetter<C>,
  Staying<C>
>;

/**
 * What {@link Watersmeet} is, by what it tells: so a client of some collections is one of any, as TypeScript sees it. Its members may be called in any tab,
 * at any time until {@link WatersmeetOf.close}.
 */
export interface WatersmeetOf<Name extends string, Changed, Met, Refused, Stays> {
  /** The factory to open the database with, in the place of the global `indexedDB`. */
  readonly indexedDB: IDBFactory;
  readonly status: Observable<Status>;
  readonly changes: Happening<Changed>;
  /** Edits of this browser that met others, and of which one is lost: told as they meet, in all tabs, and not kept. */
  readonly conflicts: Happening<Met>;
  /** What cannot travel and stays on this device: told once for each store, and for each record whenever it is written so. The console hears of each store once. */
  readonly local: Happening<Stays>;
  /** Starts, or goes on, to exchange with the server, in all tabs. */
  connect(): void;
  /** Stops exchanging, in all tabs. The application goes on offline; its edits are kept. */
  disconnect(): void;
  /** The cells of a document; undefined if there are none. */
  inspect(collection: Name, key: IDBValidKey): Promise<Inspection | undefined>;
  /** The edits that the server has refused, the oldest first. They are kept until they are discarded. */
  deadLetters(): Promise<Refused[]>;
  /** Forgets a refused edit. */
  discard(letter: Refused): Promise<void>;
  /** The records that their store refuses as they have become by merging. Each is shown once nothing stands in its way. */
  withheld(): Promise<Withheld[]>;
  /** Stops for good. */
  close(): void;
}
