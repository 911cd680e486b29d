import { type CapturedConnection, capture } from '../capture/index.ts';
import { createClock, randomReplicaId } from '../model/index.ts';
import { collectionsOf, declaredBy } from './collection.ts';
import { deleteDatabase, empty } from './erasing.ts';
import { closedError, SyncError } from './errors.ts';
import type { Change } from './lists/changes.ts';
import { inspect } from './lists/inspection.ts';
import { createLists, notOpen } from './lists/lists.ts';
import { createCheck, createStaying } from './merging/staying.ts';
import { createEmitter, createSource } from './observable.ts';
import type { WatersmeetOptions } from './options.ts';
import { POLLING } from './server/polling.ts';
import { changedStatus, OFFLINE, type Status } from './status.ts';
import { admit } from './tabs/admission.ts';
import { type Attachment, attach } from './tabs/attachment.ts';
import type { AnyCollections } from './typed.ts';
import type { Watersmeet } from './watersmeet.ts';

/** One function for all: clients that fetch by the same one share their live feeds. */
const browsersOwn: typeof fetch = (input, init) => globalThis.fetch(input, init);

/** How often a tab that is looked at makes sure that the one which leads is not frozen, in milliseconds: it may write nothing, and wait for others' changes. */
const LOOK_EVERY = 20_000;

/**
 * Keeps an IndexedDB database in step with a space on a server. The application opens the database through {@link WatersmeetOf.indexedDB} and uses it as
 * before; of several tabs, one does the work.
 */
export function watersmeet<C extends object = AnyCollections>(options: WatersmeetOptions<NoInfer<C>>): Watersmeet<C> {
  return create(options as WatersmeetOptions) as unknown as Watersmeet<C>;
}

/** What an application declares to TypeScript is nothing but declared. */
function create(options: WatersmeetOptions): Watersmeet {
  const status = createSource<Status>(OFFLINE);
  const changes = createEmitter<Change>();
  const lists = createLists(options.space, () => current);
  const tab = randomReplicaId(crypto.getRandomValues(new Uint8Array(8)));
  const schemas = declaredBy(options.collections ?? {});
  const readings = createClock({ millis: Date.now });
  const stays = createStaying((local) => status.set({ ...status.value, local }));
  const closing = new AbortController();
  let wanted = options.connect ?? true;
  let bound = options.database;
  let current: Attachment | undefined;
  let connections: CapturedConnection[] = [];
  const erased = new WeakSet<CapturedConnection>();
  const admissions = new WeakMap<CapturedConnection, Promise<void>>();

  const factory = capture(options.indexedDB ?? indexedDB, {
    stores: options.stores ?? '*',
    ...(options.database !== undefined && { database: options.database }),
    ...(options.unsupported !== undefined && { unsupported: options.unsupported }),
    follow: options.follow ?? true,
    check: createCheck(schemas),
    reading: readings.reading,
    writer: tab,
    onOpen: (connection) => {
      bound ??= connection.name;
      if (connection.name !== bound || closing.signal.aborted) return;
      connections.push(connection);
      const admitted = admit(connection, options);
      admitted.catch(() => {}); // told if the connection is the one that is synchronised; what is written through it is refused in any case
      admissions.set(connection, admitted);
      start(connection);
      if (options.persist) void persist();
    },
    onClose: (connection, by) => {
      connections = connections.filter((other) => other !== connection);
      if (current?.connection !== connection) return;
      stop(notOpen());
      const other = connections.at(-1);
      if (other !== undefined) start(other);
      else if (by === 'browser') fail('closed', 'the browser has closed the database: it has to be opened again');
    },
    onFailed: (database, error) => {
      if (current === undefined && (bound === undefined || database === bound)) {
        fail(
          'database',
          `the database ${database} cannot be opened: ${error?.message ?? 'the browser says no reason'}`,
        );
      }
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
    if (current !== undefined && !current.connection.closed && storesOf(current.connection) === storesOf(connection)) {
      return;
    }
    stop(notOpen());
    current = attach({
      connection,
      admitted: admissions.get(connection) as Promise<void>,
      collections: collectionsOf(connection, schemas),
      tab,
      connected: wanted,
      transport: {
        url: options.url,
        space: options.space,
        token: options.token,
        fetch: options.fetch ?? browsersOwn,
        ...(options.patience && { patience: options.patience }),
      },
      user: options.user,
      polling: options.polling ?? POLLING,
      debug: options.debug,
      keepsConflicts: options.keepConflicts,
      millis: Date.now,
      random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
      status,
      changes,
      conflicts: lists.conflicts,
      onLocal: (collection, key, reason) => stays.local({ collection, key, reason }),
      onConnect: (on) => {
        wanted = on;
      },
      onErased: leave,
      onListed: lists.changed,
    });
    lists.changed();
  }

  function fail(code: string, detail: string): void {
    status.set(changedStatus(status.value, { phase: 'failed', problem: { code, detail } }));
  }

  /** Closes all connections to a database that was erased, and aborts what was begun meanwhile, rather than lose it. */
  function leave(): void {
    const detail = 'the database was erased: open it anew';
    const error = new SyncError('erased', detail);
    for (const connection of connections) {
      erased.add(connection);
      connection.refuseWrites(error);
    }
    stop(error);
    for (const { database } of [...connections]) database.close();
    fail('erased', detail);
  }

  async function persist(): Promise<void> {
    const persisted = (await globalThis.navigator?.storage?.persist?.().catch(() => false)) ?? false;
    status.set({ ...status.value, persisted });
  }

  async function stop(why: SyncError): Promise<void> {
    const ended = current?.stop(why);
    current = undefined;
    status.set(changedStatus(status.value, { phase: 'offline', problem: undefined }));
    await ended;
  }

  function open(): Attachment | undefined {
    if (closing.signal.aborted) throw closedError();
    return current;
  }

  function connect(on: boolean): void {
    wanted = on;
    open()?.session.connect(on);
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
    conflicts: lists.conflicts,
    pending: lists.pending,
    deadLetters: lists.deadLetters,
    withheld: lists.withheld,
    local: stays.happening,
    connect: () => connect(true),
    disconnect: () => connect(false),
    async now({ signal } = {}) {
      const attachment = open();
      if (attachment === undefined) throw notOpen();
      await attachment.calls.ask({ now: true }, signal);
    },
    async inspect(collection, key) {
      const attachment = open();
      return attachment && inspect(attachment.connection, collection, key);
    },
    async erase(how = {}) {
      const attachment = open();
      if (attachment === undefined) throw notOpen();
      // Another tab that erases the same database at the same moment has this one closed: then it is empty, too.
      const isErased = () => erased.has(attachment.connection);
      await empty(attachment, how).catch((error: unknown) => {
        if (!isErased()) throw attachment.connection.closed ? notOpen() : error;
      });
      if (!isErased()) {
        attachment.tabs.erased();
        leave();
      }
      await deleteDatabase(options.indexedDB ?? indexedDB, attachment.connection.name);
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      clearInterval(looked);
      await stop(closedError());
      for (const { end } of [status, changes, lists, stays]) end();
    },
  };
}

function storesOf({ trackedStores }: CapturedConnection): string {
  return trackedStores.map(({ name }) => name).join();
}
