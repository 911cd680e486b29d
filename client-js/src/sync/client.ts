import { type CapturedConnection, capture } from '../capture/index.ts';
import { checkCollection, createClock } from '../model/index.ts';
import type { Change } from './changes.ts';
import { type Collection, type CollectionOptions, collectionsOf, declaredBy } from './collection.ts';
import type { Conflict } from './conflicts.ts';
import { type DeadLetter, discardDeadLetter, readDeadLetters } from './dead-letters.ts';
import { announceToDexie } from './dexie.ts';
import { createElection, type Election } from './election.ts';
import { type Inspection, inspect } from './inspection.ts';
import { createEmitter, createSource, type Happening, type Observable } from './observable.ts';
import { POLLING, type Polling } from './polling.ts';
import type { Patience } from './server-sent-events.ts';
import { createSession, type Session } from './session.ts';
import { OFFLINE, type Status } from './status.ts';
import { createCheck, createStaying, type Staying } from './staying.ts';
import { createTabs, type Tabs } from './tabs.ts';

export interface WatersmeetOptions {
  /** Where the server is: the address under which it serves `spaces/…`, for instance `/v1`. */
  readonly url: string;
  /** The space that the database holds. */
  readonly space: string;
  /** The bearer token to authenticate by; asked for at each request. */
  readonly token: () => string | Promise<string>;
  /**
   * The fields that are more than registers and, where wanted, the policy of deletion and local fields, by object store: the `collections` of a
   * schema's JSON, or the short form. Stores that are not named here are synchronised too, as registers. What is not as it should be is refused at
   * once, with a {@link MalformedError} that names it.
   */
  readonly collections?: Readonly<Record<string, CollectionOptions>>;
  /** The database to synchronise; without it, the first one that is opened. */
  readonly database?: string;
  /** The object stores to synchronise; all of them if not given. */
  readonly stores?: readonly string[];
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

export interface Watersmeet {
  /** The factory to open the database with, in the place of the global `indexedDB`. */
  readonly indexedDB: IDBFactory;
  readonly status: Observable<Status>;
  readonly changes: Happening<Change>;
  /** Edits of this browser that met others, and of which one is lost: told as they meet, in all tabs, and not kept. */
  readonly conflicts: Happening<Conflict>;
  /** What cannot travel and stays on this device: told once for each store, and for each record whenever it is written so. The console hears of each store once. */
  readonly local: Happening<Staying>;
  /** Starts, or goes on, to exchange with the server, in all tabs. */
  connect(): void;
  /** Stops exchanging, in all tabs. The application goes on offline; its edits are kept. */
  disconnect(): void;
  /** The cells of a document; undefined if there are none. */
  inspect(collection: string, key: IDBValidKey): Promise<Inspection | undefined>;
  /** The edits that the server has refused, the oldest first. They are kept until they are discarded. */
  deadLetters(): Promise<DeadLetter[]>;
  /** Forgets a refused edit. */
  discard(letter: DeadLetter): Promise<void>;
  /** Stops for good. */
  close(): void;
}

/** One function for all: clients that fetch by the same one share their live feeds. */
const browsersOwn: typeof fetch = (input, init) => globalThis.fetch(input, init);

/** How often a tab that is looked at makes sure that the one which leads is not frozen, in milliseconds: it may write nothing, and wait for others' changes. */
const LOOK_EVERY = 20_000;

/** The connection that is synchronised. */
interface Current {
  readonly connection: CapturedConnection;
  readonly stores: string;
  readonly session: Session;
  readonly stop: AbortController;
  readonly tabs: Tabs;
  readonly election: Election;
}

/**
 * Keeps an IndexedDB database in step with a space on a server. The application opens the database through {@link Watersmeet.indexedDB} and uses it as
 * before; of several tabs, one does the work.
 */
export function watersmeet(options: WatersmeetOptions): Watersmeet {
  const status = createSource<Status>(OFFLINE);
  const changes = createEmitter<Change>();
  const conflicts = createEmitter<Conflict>();
  const schemas = declaredBy(options.collections ?? {});
  const readings = createClock({ millis: Date.now });
  const stays = createStaying((local) => status.set({ ...status.value, local }));
  const closing = new AbortController();
  let wanted = options.connect ?? true;
  let bound = options.database;
  let current: Current | undefined;
  let connections: CapturedConnection[] = [];

  const factory = capture(options.indexedDB ?? indexedDB, {
    stores: options.stores ?? '*',
    ...(options.database !== undefined && { database: options.database }),
    ...(options.unsupported !== undefined && { unsupported: options.unsupported }),
    follow: options.follow ?? true,
    check: createCheck(schemas),
    reading: readings.reading,
    onOpen: (connection) => {
      bound ??= connection.name;
      if (connection.name !== bound || closing.signal.aborted) return;
      connections.push(connection);
      start(connection);
    },
    onClose: (connection) => {
      connections = connections.filter((other) => other !== connection);
      if (current?.connection !== connection) return;
      stop();
      const other = connections.at(-1);
      if (other !== undefined) start(other);
    },
    onWritten: (connection) => {
      if (connection.name !== bound) return;
      current?.session.written();
      current?.tabs.written();
      current?.election.expect();
    },
    onUntracked: (store) =>
      stays.local({
        collection: store,
        reason: 'it generates its keys, which would collide between devices',
      }),
    onUncaptured: (database) =>
      stays.local({ reason: `the version of the database ${database} is too high to be captured` }),
  });

  function start(connection: CapturedConnection): void {
    // An application may open several connections; one is enough, unless a newer one knows other stores.
    const stores = connection.trackedStores.map(({ name }) => name).join();
    if (current !== undefined && !current.connection.closed && current.stores === stores) return;
    stop();
    const stopping = new AbortController();
    const tabs = createTabs(connection.name, {
      onWritten: () => session.written(),
      onAsked: () => {
        if (election.leads) tabs.status(status.value);
      },
      onStatus: (told) => {
        election.heard();
        if (!election.leads) status.set(told);
      },
      onChanged: (change) => changes.emit(change),
      onConflict: (conflict) => conflicts.emit(conflict),
      onConnect: (on) => {
        wanted = on;
        session.connect(on);
      },
    });
    const tell = (change: Partial<Status>) => {
      status.set(merge(status.value, change));
      tabs.status(status.value);
    };
    const session = createSession({
      connection,
      collections: namedWell(collectionsOf(connection, schemas)),
      transport: {
        url: options.url,
        space: options.space,
        token: options.token,
        fetch: options.fetch ?? browsersOwn,
        ...(options.patience && { patience: options.patience }),
      },
      polling: options.polling ?? POLLING,
      debug: options.debug,
      millis: Date.now,
      random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
      onStatus: (change) => {
        if (election.leads) tell(change);
      },
      onChanged: (changed, origin) => {
        for (const { collection, keys } of changed) {
          const change: Change = { collection, ids: keys, origin };
          changes.emit(change);
          tabs.changed(change);
        }
        if (origin === 'remote') announceToDexie();
      },
      onLocal: (collection, key, reason) => stays.local({ collection, key, reason }),
      onConflict: (conflict) => {
        conflicts.emit(conflict);
        tabs.conflict(conflict);
      },
    });
    const election = createElection({
      name: `watersmeet:${connection.name}`,
      locks: globalThis.navigator?.locks,
      now: () => performance.now(),
      random: Math.random,
      work: session.run,
      ask: tabs.ask,
      onTurn: () => (election.leads ? tabs.status(status.value) : tabs.ask()),
    });
    current = { connection, stores, session, stop: stopping, tabs, election };
    session.connect(wanted);
    election.expect();
    election.run(stopping.signal).catch((error: unknown) => {
      if (stopping.signal.aborted) return;
      const detail = error instanceof Error ? error.message : String(error);
      tell({ phase: 'failed', problem: { code: 'client', detail } });
      console.error('Watersmeet stopped:', error);
    });
  }

  function stop(): void {
    current?.stop.abort();
    current?.tabs.close();
    current = undefined;
    status.set(merge(status.value, { phase: 'offline' }));
  }

  function connect(on: boolean): void {
    wanted = on;
    current?.session.connect(on);
    current?.tabs.connect(on);
  }

  const retry = () => current?.session.retry();
  globalThis.addEventListener?.('online', retry, { signal: closing.signal });
  globalThis.document?.addEventListener(
    'visibilitychange',
    () => {
      if (document.visibilityState !== 'visible') return;
      current?.election.expect();
      if (status.value.phase !== 'live') retry();
    },
    { signal: closing.signal },
  );

  const looked = setInterval(() => {
    if (globalThis.document?.visibilityState === 'visible') current?.election.expect();
  }, LOOK_EVERY);

  return {
    indexedDB: factory,
    status,
    changes,
    conflicts,
    local: stays.happening,
    connect: () => connect(true),
    disconnect: () => connect(false),
    inspect: async (collection, key) => current && inspect(current.connection, collection, key),
    deadLetters: async () => (current === undefined ? [] : readDeadLetters(current.connection)),
    async discard(letter) {
      if (current === undefined) return;
      await discardDeadLetter(current.connection, letter);
      current.session.written();
      current.tabs.written();
    },
    close() {
      closing.abort();
      clearInterval(looked);
      stop();
    },
  };
}

/** The collections whose names can travel (M-7). */
function namedWell(collections: ReadonlyMap<string, Collection>): ReadonlyMap<string, Collection> {
  const good = [...collections].filter(([name]) => {
    try {
      checkCollection(name);
      return true;
    } catch (error) {
      console.warn(`Watersmeet: an object store stays local: ${String(error)}`);
      return false;
    }
  });
  return new Map(good);
}

function merge(status: Status, change: Partial<Status>): Status {
  const merged = { ...status, ...change };
  for (const key of Object.keys(merged) as (keyof Status)[])
    if (merged[key] === undefined) delete (merged as Record<string, unknown>)[key];
  return merged;
}
