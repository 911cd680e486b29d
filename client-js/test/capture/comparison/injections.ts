import { comparison, ended, result } from './context.ts';

/** A set, as an array would run what it is to log. */
type Setting = readonly [name: PropertyKey, calls: Set<string>];

/** Puts accessors onto `Object.prototype` while some work is done. */
async function injected(names: readonly PropertyKey[], work: () => Promise<void>): Promise<string[]> {
  const calls = new Set<string>();
  for (const name of names) watch([name, calls]);
  try {
    await work();
  } finally {
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
  }
  return [...calls].sort();
}

function watch([name, calls]: Setting): void {
  Object.defineProperty(
    Object.prototype,
    name,
    Object.assign(Object.create(null), {
      get: () => void calls.add(`get ${String(name)}`),
      set: () => void calls.add(`set ${String(name)}`),
      configurable: true,
    }),
  );
}

const NUMBERS = Array.from({ length: 15 }, (_, i) => i);

/** What the application may do to the objects that all code shares, or to its own while they are used: nothing of it may be run that the browser does not run. */
export const injections = [
  comparison('accessors under numbers on Object.prototype', async ({ open, log }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    const long = NUMBERS.map((i) => `part ${i}`);
    const names = [0, 1, 10, 11, 14];
    const calls = await injected(names, async () => {
      const transaction = db.transaction('s', 'readwrite');
      const store = transaction.objectStore('s');
      for (const i of NUMBERS) store.put(i, i);
      store.put(long, long);
      store.delete(3);
      store.delete(IDBKeyRange.bound(long, long));
      store.put(long, long);
      await ended(transaction);
    });
    log(calls);
    const store = () => db.transaction('s').objectStore('s');
    let all: unknown[] = [];
    const reading = await injected(names, async () => {
      const [values, keys, one] = await Promise.all([
        result(store().getAll()),
        result(store().getAllKeys()),
        result(store().get(long)),
      ]);
      const cursor = await result(store().openCursor(long));
      all = [values.length, keys.length, one, cursor?.key, cursor?.primaryKey, cursor?.value];
    });
    log(reading, all);
    log(await result(store().count()));
  }),

  comparison('accessors under names on Object.prototype', async ({ open, log, indexedDB, name }) => {
    const names = [
      'id',
      'key',
      'primaryKey',
      'lower',
      'at',
      'notes',
      'name',
      'version',
      'stores',
      'keyPath',
      'autoIncrement',
      'durability',
    ];
    let db: IDBDatabase | undefined;
    log(
      await injected(names, async () => {
        db = await open(1, (db) => {
          db.createObjectStore('s', { keyPath: 'id' });
          db.createObjectStore('plain');
        });
      }),
    );
    log(
      await injected(names, async () => {
        const transaction = (db as IDBDatabase).transaction(['s', 'plain'], 'readwrite');
        transaction.objectStore('s').put({ id: 1, x: 1 });
        transaction.objectStore('s').add({ id: 2 });
        transaction.objectStore('s').delete(IDBKeyRange.only(2));
        transaction.objectStore('plain').put({}, 1);
        transaction.objectStore('plain').clear();
        transaction.commit();
        await ended(transaction);
      }),
    );
    log(
      await injected(names, async () => {
        const store = (db as IDBDatabase).transaction('s').objectStore('s');
        await result(store.getAll());
        const cursor = await result(store.openCursor());
        await Promise.resolve(cursor?.value);
      }),
    );
    log(await injected(names, async () => void (await indexedDB.databases()).length));
    const again = await result(indexedDB.open(name));
    log(await result(again.transaction('s').objectStore('s').getAll()), again.objectStoreNames);
    again.close();
  }),

  comparison('a getter changes the key while the record is cloned', async ({ open, log }) => {
    const db = await open(1, (db) => {
      db.createObjectStore('inline', { keyPath: 'id' });
      db.createObjectStore('s');
    });
    const transaction = db.transaction(['inline', 's'], 'readwrite');
    const record = {
      id: 1,
      get changes() {
        this.id++;
        return true;
      },
    };
    transaction.objectStore('inline').put(record);
    transaction.objectStore('inline').put(record);
    const key = [1, [2]];
    const changing = {
      get changes() {
        key[0] = 9;
        key.push(3);
        return true;
      },
    };
    transaction.objectStore('s').put(changing, key);
    const bytes = new Uint8Array([1, 2, 3]);
    const detaching = {
      get detaches() {
        structuredClone(bytes, { transfer: [bytes.buffer] });
        return true;
      },
    };
    transaction.objectStore('s').put(detaching, bytes);
    log(await ended(transaction));
    for (const name of ['inline', 's']) log(await result(db.transaction(name).objectStore(name).getAllKeys()));
  }),

  comparison('detached and shared buffers', async ({ open, log, attempt }) => {
    const db = await open(1, (db) => db.createObjectStore('s'));
    const transaction = db.transaction('s', 'readwrite');
    const store = transaction.objectStore('s');
    const detached = () => {
      const bytes = new Uint8Array([1, 2, 3]);
      structuredClone(bytes, { transfer: [bytes.buffer] });
      return bytes;
    };
    const shared = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer;
    const growing = new WebAssembly.Memory({ initial: 1 }).buffer;
    for (const [label, make] of Object.entries({
      'detached view': detached,
      'detached buffer': () => detached().buffer,
      'shared buffer': () => shared,
      'view of shared': () => new Uint8Array(shared, 0, 2),
      'view of memory': () => new Uint8Array(growing, 0, 2),
      'empty view': () => new Uint8Array(0),
      'data view': () => new DataView(new ArrayBuffer(4), 1, 2),
      'wide view': () => new Uint16Array([1, 2]).subarray(1),
      'in an array': () => [detached()],
    })) {
      attempt(`${label} as key`, () => void store.put(label, make() as IDBValidKey));
      attempt(`${label} as value`, () => void store.put({ x: label === 'view of memory' ? 0 : make() }, label));
      attempt(`${label} as range`, () => IDBKeyRange.only(make()));
      attempt(`get by ${label}`, () => void store.get(make() as IDBValidKey));
      attempt(`delete by ${label}`, () => void store.delete(make() as IDBValidKey));
    }
    log(await ended(transaction));
    log(await result(db.transaction('s').objectStore('s').getAllKeys()));
  }),

  comparison(
    'keys and ranges of another window',
    async ({ open, log, attempt }) => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const other = frame.contentWindow as unknown as typeof globalThis;
      const db = await open(1, (db) => db.createObjectStore('s'));
      const transaction = db.transaction('s', 'readwrite');
      const store = transaction.objectStore('s');
      const keys = [new other.Date(5), new other.Array(1, 2), new other.Uint8Array([1, 2]), new other.ArrayBuffer(3)];
      for (const key of keys) attempt('put', () => void store.put({ key: String(key) }, key as IDBValidKey));
      attempt('delete a range', () => void store.delete(other.IDBKeyRange.only(new other.Date(5))));
      attempt('an object', () => void store.put(new other.Object(), 1));
      attempt('names', () => db.transaction(new other.Array('s') as unknown as string[]).objectStoreNames);
      log(await ended(transaction));
      log(await result(db.transaction('s').objectStore('s').getAllKeys()));
      frame.remove();
    },
    { window: true },
  ),
];
