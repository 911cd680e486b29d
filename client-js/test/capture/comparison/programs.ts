import { type Context, comparison, ended, result } from './context.ts';

/** How many programs a run goes through: each is another one. */
const PROGRAMS = 24;

/** Random numbers that a seed decides (mulberry32). */
function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    chance: (probability: number) => next() < probability,
    below: (limit: number) => Math.floor(next() * limit),
    pick: <T>(...choices: readonly T[]) => choices[Math.floor(next() * choices.length)] as T,
  };
}

/** Firefox fetches what a cursor will show before it is asked, and shows it before requests that were made earlier, unless something was written meanwhile. */
const PREFETCHES = globalThis.navigator?.userAgent?.includes('Firefox/') === true;

type Random = ReturnType<typeof createRandom>;

const STORES = ['plain', 'inline', 'nested', 'compound', 'generated', 'counted'];
const INDEXES = ['tens', 'tags', 'unique'];

function createStore(db: IDBDatabase, name: string, kind = name): IDBObjectStore {
  const settings: Record<string, IDBObjectStoreParameters> = {
    inline: { keyPath: 'id' },
    nested: { keyPath: 'a.b' },
    compound: { keyPath: ['id', 'tens'] },
    generated: { autoIncrement: true },
    counted: { keyPath: 'a.n', autoIncrement: true },
  };
  const store = db.createObjectStore(name, settings[kind]);
  store.createIndex('tens', 'tens');
  store.createIndex('tags', 'tags', { multiEntry: true });
  store.createIndex('unique', 'u', { unique: true });
  return store;
}

function keyBy(random: Random): unknown {
  const number = random.below(6);
  const keys = [number, `k${number}`, new Date(number), [number, 'x'], new Uint8Array([number]), number, number];
  return random.chance(0.06)
    ? random.pick<unknown>(undefined, null, {}, Number.NaN, true, [undefined])
    : random.pick(...keys);
}

function recordBy(random: Random): unknown {
  if (random.chance(0.05)) return random.pick<unknown>('text', 7, null, undefined, () => {}, { id: Symbol.iterator });
  return {
    ...(random.chance(0.95) && { id: keyBy(random) }),
    ...(random.chance(0.9) && { a: random.chance(0.9) ? { b: keyBy(random), text: 'x' } : 'none' }),
    tens: random.below(3),
    tags: random.chance(0.7) ? ['t', `t${random.below(3)}`] : random.below(2),
    ...(random.chance(0.6) && { u: random.below(12) }),
  };
}

function queryBy(random: Random): unknown {
  if (random.chance(0.6)) return keyBy(random);
  const lower = random.below(5);
  return random.pick(
    IDBKeyRange.bound(lower, lower + random.below(3), false, random.chance(0.3) && random.below(2) > 2),
    IDBKeyRange.lowerBound(lower, random.chance(0.5)),
    IDBKeyRange.upperBound(['x']),
    IDBKeyRange.only(lower),
  );
}

type Any = (...args: unknown[]) => IDBRequest;

/** One run of a random program: what it does is decided by the seed and by what it meets, which is the same unless capturing shows. */
function createProgram({ log, attempt }: Context, random: Random) {
  let requests = 0;

  /** Something that is done to a transaction, sometimes more once it is done. */
  function act(transaction: IDBTransaction, names: readonly string[], depth = 0): void {
    const store = attempt('store', () => transaction.objectStore(random.pick(...names)));
    if (store === undefined) return;
    const use = (target: object, method: string, ...args: unknown[]) => {
      const label = `${method} ${requests++}`;
      const request = attempt(label, () => (target as Record<string, Any>)[method]?.(...args));
      if (request !== undefined) follow(label, request, transaction, names, depth);
    };
    const source =
      random.chance(0.3) && store.indexNames.length > 0 ? store.index(random.pick(...store.indexNames)) : store;
    const key = () => (random.chance(0.75) === (store.keyPath === null) ? [keyBy(random)] : []);
    const walks = random.pick('openCursor', 'openCursor', 'openKeyCursor');
    const direction = random.pick('next', 'prev', 'nextunique', 'prevunique');
    const some = random.chance(0.5) ? null : queryBy(random);
    const rarely = (label: string, work: () => void) => random.chance(0.12) && attempt(label, work);
    const put = () => use(store, 'put', recordBy(random), ...key());
    const add = () => use(store, 'add', recordBy(random), ...key());
    const walk = () => use(source, walks, some, direction);
    const actions: (() => unknown)[] = [
      put,
      put,
      put,
      add,
      add,
      walk,
      walk,
      walk,
      () => use(store, 'delete', queryBy(random)),
      () => use(store, random.pick('clear', 'count', 'count')),
      () => use(source, random.pick('get', 'getKey'), queryBy(random)),
      () => use(source, random.pick('getAll', 'getAllKeys'), some, random.below(4)),
      () => rarely('abort', () => transaction.abort()),
      // Upgrades that make indexes do not end in Chromium if they are committed.
      () => transaction.mode !== 'versionchange' && rarely('commit', () => transaction.commit()),
    ];
    random.pick(...actions)();
  }

  function follow(
    label: string,
    request: IDBRequest,
    transaction: IDBTransaction,
    names: readonly string[],
    depth: number,
  ): void {
    let steps = PREFETCHES ? 0 : random.below(5);
    const prevents = random.chance(0.7);
    const throws = random.chance(0.02);
    const more = random.chance(0.5) ? random.below(3) : 0;
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor instanceof IDBCursor) {
        log(
          label,
          'at',
          cursor.key,
          cursor.primaryKey,
          cursor instanceof IDBCursorWithValue ? cursor.value : 'no value',
        );
        if (random.chance(0.3))
          attempt(`${label} update`, () =>
            cursor.update(
              random.chance(0.6)
                ? { ...(cursor as IDBCursorWithValue).value, tens: random.below(3) }
                : recordBy(random),
            ),
          );
        if (random.chance(0.2)) attempt(`${label} delete`, () => cursor.delete());
        if (steps-- > 0) {
          const to = keyBy(random) as IDBValidKey;
          const next = () => cursor.continue();
          attempt(
            `${label} goes on`,
            random.pick(
              next,
              next,
              () => cursor.continue(to),
              () => cursor.advance(2),
            ),
          );
        }
      } else {
        log(label, 'yields', request.result);
      }
      if (depth < 3) for (let i = 0; i < more; i++) act(transaction, names, depth + 1);
      if (throws) throw new TypeError('thrown by a program');
    };
    request.onerror = (event) => {
      log(label, 'fails', request.error, prevents);
      if (prevents) event.preventDefault();
      if (depth < 3 && random.chance(0.3)) act(transaction, names, depth + 1);
    };
  }

  /** Changes what an upgrade may change. */
  function reshape(db: IDBDatabase, transaction: IDBTransaction): void {
    const name = random.pick(...STORES, 'other');
    const store = () => transaction.objectStore(random.pick(...Array.from(db.objectStoreNames), 'other'));
    switch (random.below(7)) {
      case 0:
        return void attempt('create', () => createStore(db, name, random.pick(...STORES)));
      case 1:
        return void attempt('drop', () => db.deleteObjectStore(name));
      case 2:
        return void attempt('rename', () => {
          store().name = name;
        });
      case 3:
        return void attempt('drop index', () => store().deleteIndex(random.pick(...INDEXES, 'more')));
      case 4:
        return void attempt('create index', () => store().createIndex('more', 'id', { unique: random.chance(0.3) }));
      case 5:
        return void attempt('rename index', () => {
          store().index(random.pick(...INDEXES)).name = random.pick('tens', 'renamed');
        });
      default:
        return void log('names', db.objectStoreNames, transaction.objectStoreNames);
    }
  }

  function shape(db: IDBDatabase, transaction: IDBTransaction) {
    log(db.version, db.objectStoreNames);
    for (const name of Array.from(db.objectStoreNames)) {
      const { keyPath, autoIncrement, indexNames } = transaction.objectStore(name);
      log(name, keyPath, autoIncrement, indexNames);
    }
  }

  return { act, reshape, shape };
}

const ignored = (event: Event) => {
  if ((event as ErrorEvent).message.includes('thrown by a program')) event.preventDefault();
};

/** Programs that nobody has thought of: writes, reads, cursors, failures, aborts, commits and upgrades in any order. */
export const programs = Array.from({ length: PROGRAMS }, (_, seed) => randomProgram(seed));

export function randomProgram(seed: number) {
  return comparison(
    `program ${seed}`,
    async (context) => {
      const { indexedDB, name, log, attempt, open, listen } = context;
      const random = createRandom(seed);
      const { act, reshape, shape } = createProgram(context, random);
      addEventListener('error', ignored);
      const stores = STORES.filter(() => random.chance(0.5));
      const created = await open(1, (db) => {
        for (const store of stores) createStore(db, store);
      });
      created.close();
      for (let version = 2; version < 5; version++) {
        const request = indexedDB.open(name, version);
        request.onupgradeneeded = () => {
          const { result: db, transaction } = request as { result: IDBDatabase; transaction: IDBTransaction };
          listen('database', db);
          listen('upgrade', transaction);
          for (let i = random.below(8); i > 0; i--) {
            if (random.chance(0.5)) reshape(db, transaction);
            else act(transaction, [...Array.from(db.objectStoreNames), 'other']);
          }
          attempt('shape', () => shape(db, transaction)); // it may have been aborted
        };
        const db = await result(request).catch((error) => void log('not upgraded', error));
        if (db === undefined) continue;
        for (let round = 0; round < 3 && db.objectStoreNames.length > 0; round++) {
          const names = Array.from(db.objectStoreNames).filter(() => random.chance(0.7));
          if (names.length === 0) continue;
          const transaction = db.transaction(names, random.chance(0.85) ? 'readwrite' : 'readonly');
          for (let i = 1 + random.below(8); i > 0; i--)
            act(transaction, [...names, ...(random.chance(0.05) ? ['other'] : [])]);
          listen('transaction', transaction);
          log(await ended(transaction), transaction.error);
        }
        if (db.objectStoreNames.length > 0) {
          const transaction = db.transaction(Array.from(db.objectStoreNames));
          shape(db, transaction);
          for (const store of Array.from(db.objectStoreNames)) {
            log(
              store,
              await result(transaction.objectStore(store).getAllKeys()),
              await result(transaction.objectStore(store).getAll()),
            );
          }
        }
        db.close();
      }
      removeEventListener('error', ignored);
    },
    { window: true },
  );
}
