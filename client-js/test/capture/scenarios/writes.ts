import type { Note } from '../../../src/capture/index.ts';
import {
  done,
  latest,
  notesOf,
  open,
  openTodos,
  pause,
  record,
  result,
  rowsOf,
  same,
  scenario,
  thrownBy,
  write,
} from '../harness.ts';

export const writes = [
  scenario('each write leaves a note, in the order of the writes', async (environment) => {
    const { db, connection } = await openTodos(environment);
    await write(db, 'todos', (transaction) => {
      const store = transaction.objectStore('todos');
      store.put({ id: 'a' });
      store.add({ id: 'b' });
      store.delete('a');
      store.clear();
      store.put({ id: 'c' });
    });
    const expected: Note[] = [['put', 'a'], ['put', 'b'], ['delete', 'a'], ['clear'], ['put', 'c']];
    same(await notesOf(connection, 'todos'), expected);
    same(await result(db.transaction('todos').objectStore('todos').getAll()), [{ id: 'c' }]);
    db.close();
  }),

  scenario('the writes of one turn share a row, and the clock is read once for it', async (environment) => {
    const { db, connection } = await openTodos(environment);
    const transaction = db.transaction('todos', 'readwrite');
    const end = done(transaction);
    const store = transaction.objectStore('todos');
    store.put({ id: 1 });
    await result(store.put({ id: 2 }));
    store.put({ id: 3 });
    await end;
    const rows = await rowsOf(connection, 'todos');
    same(
      rows.map((row) => row.notes),
      [
        [
          ['put', 1],
          ['put', 2],
        ],
        [['put', 3]],
      ],
    );
    same(
      rows.map((row) => row.at),
      [
        [1_790_000_000_000, 0],
        [1_790_000_000_000, 1],
      ],
    );
    db.close();
  }),

  scenario('a range leaves its bounds', async (environment) => {
    const { db, connection } = await openTodos(environment);
    const { keyRange } = environment;
    await write(db, 'todos', (transaction) => {
      const store = transaction.objectStore('todos');
      store.delete(keyRange.bound('a', 'b', true, false));
      store.delete(keyRange.lowerBound(new Date(5)));
      store.delete(keyRange.upperBound(['x', 1], true));
      store.delete(keyRange.only(7));
    });
    same(await notesOf(connection, 'todos'), [
      ['range', 'a', 'b', true, false],
      ['range', new Date(5), undefined, false, true],
      ['range', undefined, ['x', 1], true, true],
      ['range', 7, 7, false, false],
    ]);
    db.close();
  }),

  scenario('keys come from arguments and from key paths of all forms', async (environment) => {
    const recorder = record(environment);
    const db = await open(recorder.factory, environment.name, 1, (db) => {
      db.createObjectStore('outOfLine');
      db.createObjectStore('nested', { keyPath: 'meta.id' });
      db.createObjectStore('compound', { keyPath: ['list', 'meta.at'] });
      db.createObjectStore('length', { keyPath: 'title.length' });
      db.createObjectStore('whole', { keyPath: '' });
    });
    const stores = ['outOfLine', 'nested', 'compound', 'length', 'whole'];
    await write(db, stores, (transaction) => {
      transaction.objectStore('outOfLine').put('value', 'key');
      transaction.objectStore('nested').put({ meta: { id: 3 } });
      transaction.objectStore('compound').add({ list: 'x', meta: { at: new Date(9) } });
      transaction.objectStore('length').put({ title: 'four' });
      transaction.objectStore('whole').put('itself');
    });
    const noted = await Promise.all(stores.map((store) => notesOf(latest(recorder), store)));
    same(noted.flat(), [
      ['put', 'key'],
      ['put', 3],
      ['put', ['x', new Date(9)]],
      ['put', 4],
      ['put', 'itself'],
    ]);
    same(
      latest(recorder).trackedStores.map(({ name, keyPath }) => [name, keyPath]),
      [
        ['compound', ['list', 'meta.at']],
        ['length', 'title.length'],
        ['nested', 'meta.id'],
        ['outOfLine', null],
        ['whole', ''],
      ],
    );
    db.close();
  }),

  scenario('a note keeps the key as it was at the write', async (environment) => {
    const { db, connection } = await openTodos(environment);
    await write(db, 'todos', (transaction) => {
      const store = transaction.objectStore('todos');
      const date = new Date(1);
      const list = ['a', new Date(2)] as [string, Date];
      const bytes = new Uint8Array([1, 2, 3, 4]);
      store.put({ id: date });
      store.put({ id: list });
      store.put({ id: bytes.subarray(1, 3) });
      store.delete(list);
      date.setTime(1000);
      list[0] = 'z';
      list[1].setTime(2000);
      bytes.fill(9);
    });
    same(await notesOf(connection, 'todos'), [
      ['put', new Date(1)],
      ['put', ['a', new Date(2)]],
      ['put', new Uint8Array([2, 3]).buffer],
      ['delete', ['a', new Date(2)]],
    ]);
    db.close();
  }),

  scenario('getters run once, also those on the key path', async (environment) => {
    const { db, connection } = await openTodos(environment);
    let runs = 0;
    const value = Object.defineProperty({}, 'id', { get: () => `run ${++runs}`, enumerable: true });
    await write(db, 'todos', (transaction) => transaction.objectStore('todos').put(value));
    same(runs, 1);
    same(await notesOf(connection, 'todos'), [['put', 'run 1']]);
    same(await result(db.transaction('todos').objectStore('todos').getAllKeys()), ['run 1']);
    db.close();
  }),

  scenario('a getter on the key path does not run when the transaction is over', async (environment) => {
    const { db } = await openTodos(environment);
    let runs = 0;
    const value = Object.defineProperty({}, 'id', { get: () => ++runs, enumerable: true });
    const transaction = db.transaction('todos', 'readwrite');
    const store = transaction.objectStore('todos');
    await done(transaction);
    same(
      thrownBy(() => store.put(value)),
      'TransactionInactiveError',
    );
    same(runs, 0);
    db.close();
  }),

  scenario('an explicit commit takes the notes along', async (environment) => {
    const { db, connection, written } = await openTodos(environment);
    await write(db, 'todos', (transaction) => {
      transaction.objectStore('todos').put({ id: 'a' });
      transaction.commit();
    });
    same(written, [['todos']], 'not written afterwards');
    same(await notesOf(connection, 'todos'), [['put', 'a']]);
    db.close();
  }),

  scenario('a commit behind our back loses no note', async (environment) => {
    const { db, connection, written } = await openTodos(environment);
    await write(db, 'todos', (transaction) => {
      transaction.objectStore('todos').put({ id: 'a' });
      Object.getPrototypeOf(Object.getPrototypeOf(transaction)).commit.call(transaction);
    });
    await pause(50);
    same(await notesOf(connection, 'todos'), [['put', 'a']]);
    same(written, [['todos']]);
    db.close();
  }),

  scenario('an add directly before a commit leaves its note, whether or not the key was taken', async (environment) => {
    const { db, connection, written } = await openTodos(environment);
    const add = async (...ids: string[]) => {
      const transaction = db.transaction('todos', 'readwrite');
      const end = done(transaction);
      for (const id of ids) transaction.objectStore('todos').add({ id });
      transaction.commit();
      return end;
    };
    same(await add('a', 'b'), 'complete');
    same(await add('c', 'a'), 'abort');
    same(await result(db.transaction('todos').objectStore('todos').getAllKeys()), ['a', 'b']);
    while (written.length === 0) await pause(1);
    const notes = await notesOf(connection, 'todos');
    same(notes.slice(0, 2), [
      ['put', 'a'],
      ['put', 'b'],
    ]);
    db.close();
  }),

  scenario('the note names the key that was written, whatever a getter made of it meanwhile', async (environment) => {
    const { db, connection } = await openTodos(environment);
    const record = {
      id: 1,
      get changes() {
        this.id++;
        return true;
      },
    };
    await write(db, 'todos', (transaction) => transaction.objectStore('todos').put(record));
    const [key] = await result(db.transaction('todos').objectStore('todos').getAllKeys());
    same(await notesOf(connection, 'todos'), [['put', key]]);
    db.close();
  }),

  scenario('a write whose note comes too late is aborted rather than left without it', async (environment) => {
    const { db, connection, written } = await openTodos(environment);
    const { queueMicrotask } = globalThis;
    // Something like a framework's patch that turns microtasks into tasks.
    globalThis.queueMicrotask = (callback) => void setTimeout(callback);
    try {
      const transaction = db.transaction('todos', 'readwrite');
      const end = done(transaction);
      const store = transaction.objectStore('todos');
      store.put({ id: 'a' });
      let left = 200;
      const keepAlive = () => {
        if (left-- > 0) store.get('a').onsuccess = keepAlive;
      };
      keepAlive();
      same(await end, written.length === 1 ? 'complete' : 'abort');
    } finally {
      globalThis.queueMicrotask = queueMicrotask;
    }
    await pause(50);
    const records = await result(db.transaction('todos').objectStore('todos').count());
    same((await notesOf(connection, 'todos')).length, records, 'as many notes as records');
    db.close();
  }),

  scenario('an aborted transaction leaves no notes', async (environment) => {
    const { db, connection, written } = await openTodos(environment);
    const end = await write(db, 'todos', (transaction) => {
      transaction.objectStore('todos').put({ id: 'a' });
      transaction.abort();
    });
    same(end, 'abort');
    const transaction = db.transaction('todos', 'readwrite');
    const later = done(transaction);
    await result(transaction.objectStore('todos').put({ id: 'b' }));
    transaction.abort();
    await later;
    same(await notesOf(connection, 'todos'), []);
    same(written, []);
    db.close();
  }),

  scenario('a failed add that the application handles leaves the rest as it was', async (environment) => {
    const { db, connection } = await openTodos(environment);
    await write(db, 'todos', (transaction) => transaction.objectStore('todos').add({ id: 'a', n: 1 }));
    const end = await write(db, 'todos', (transaction) => {
      transaction.objectStore('todos').add({ id: 'a', n: 2 }).onerror = (event) => {
        event.preventDefault();
        event.stopPropagation();
      };
      transaction.objectStore('todos').add({ id: 'b' });
    });
    same(end, 'complete');
    same(await result(db.transaction('todos').objectStore('todos').getAll()), [{ id: 'a', n: 1 }, { id: 'b' }]);
    same((await notesOf(connection, 'todos')).at(-1), ['put', 'b']);
    db.close();
  }),

  scenario('a write that throws leaves no note', async (environment) => {
    const { db, connection } = await openTodos(environment);
    await write(db, 'todos', (transaction) => {
      const store = transaction.objectStore('todos');
      same(
        thrownBy(() => store.delete(null as unknown as IDBValidKey)),
        'DataError',
      );
      same(
        thrownBy(() => store.put({ title: 'no id' })),
        'DataError',
      );
      same(
        thrownBy(() => store.put({ id: 'a', run: () => {} })),
        'DataCloneError',
      );
      same(
        thrownBy(() => store.put({ id: 'a' }, 'a')),
        'DataError',
      );
      same(
        thrownBy(() => (store.put as unknown as () => void)()),
        'TypeError',
      );
    });
    const reader = db.transaction('todos').objectStore('todos');
    same(
      thrownBy(() => reader.clear()),
      'ReadOnlyError',
    );
    const over = db.transaction('todos', 'readwrite');
    const store = over.objectStore('todos');
    await done(over);
    same(
      thrownBy(() => store.clear()),
      'TransactionInactiveError',
    );
    same(await notesOf(connection, 'todos'), []);
    db.close();
  }),

  scenario('cursors note what they update and delete', async (environment) => {
    const recorder = record(environment);
    const db = await open(recorder.factory, environment.name, 1, (db) => {
      db.createObjectStore('todos', { keyPath: 'id' }).createIndex('byTitle', 'title');
    });
    await write(db, 'todos', (transaction) => {
      for (const id of [1, 2, 3, 4]) transaction.objectStore('todos').put({ id, title: `t${9 - id}` });
    });
    await write(db, 'todos', (transaction) => {
      transaction.objectStore('todos').openCursor().onsuccess = (event) => {
        const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result;
        if (!cursor) return;
        if (cursor.key === 1) cursor.update({ ...cursor.value, done: true });
        if (cursor.key === 2) cursor.delete();
        cursor.continue();
      };
    });
    await write(db, 'todos', (transaction) => {
      const request = transaction.objectStore('todos').index('byTitle').openCursor(null, 'prev');
      request.onsuccess = () => {
        const cursor = request.result;
        if (!cursor) return;
        if (cursor.primaryKey === 3) cursor.update({ ...cursor.value, done: true });
        if (cursor.primaryKey === 4) cursor.delete();
        cursor.continue();
      };
    });
    const noted = (await notesOf(latest(recorder), 'todos')).slice(4);
    same(noted, [
      ['put', 1],
      ['delete', 2],
      ['put', 3],
      ['delete', 4],
    ]);
    same(await result(db.transaction('todos').objectStore('todos').getAllKeys()), [1, 3]);
    db.close();
  }),

  scenario(
    'a cursor notes the key at which it stands, whatever became of the one that it handed out',
    async (environment) => {
      const recorder = record(environment);
      const db = await open(recorder.factory, environment.name, 1, (db) => void db.createObjectStore('todos'));
      const connection = latest(recorder);
      const keys = [new Date(1), [1, 'a'], [2, 'b']];
      await write(db, 'todos', (transaction) => {
        for (const key of keys) transaction.objectStore('todos').put('new', key);
      });
      await write(db, 'todos', (transaction) => {
        transaction.objectStore('todos').openCursor().onsuccess = (event) => {
          const cursor = (event.target as IDBRequest<IDBCursorWithValue | null>).result;
          if (!cursor) return;
          const { primaryKey } = cursor;
          if (primaryKey instanceof Date) primaryKey.setTime(77);
          else (primaryKey as IDBValidKey[]).push('changed');
          if (isAt(cursor.key, keys[1])) cursor.delete();
          else cursor.update('updated');
          cursor.continue();
        };
      });
      const notes = await notesOf(connection, 'todos');
      same(notes.slice(3), [
        ['put', keys[0]],
        ['delete', keys[1]],
        ['put', keys[2]],
      ]);
      db.close();
    },
    { globals: true },
  ),

  scenario('only the stores asked for are tracked, and generated keys cannot be', async (environment) => {
    const recorder = record(environment, { stores: ['todos', 'log'] });
    const db = await open(recorder.factory, environment.name, 1, (db) => {
      for (const name of ['todos', 'drafts']) db.createObjectStore(name, { keyPath: 'id' });
      db.createObjectStore('log', { autoIncrement: true });
    });
    same(recorder.untracked, ['log: generated-keys']);
    same(latest(recorder).trackedStores, [{ name: 'todos', keyPath: 'id' }]);
    await write(db, ['todos', 'drafts', 'log'], (transaction) => {
      transaction.objectStore('todos').put({ id: 1 });
      transaction.objectStore('drafts').put({ id: 2 });
      transaction.objectStore('log').add('line');
    });
    same(recorder.written, [['todos']]);
    same(await notesOf(latest(recorder), 'todos'), [['put', 1]]);
    same(await notesOf(latest(recorder), 'drafts'), []);
    db.close();
  }),

  scenario('completed transactions are told, with the stores they wrote', async (environment) => {
    const recorder = record(environment);
    const db = await open(recorder.factory, environment.name, 1, (db) => {
      for (const name of ['a', 'b', 'c']) db.createObjectStore(name);
    });
    await write(db, ['a', 'b', 'c'], (transaction) => {
      transaction.objectStore('c').put(1, 1);
      transaction.objectStore('a').put(1, 1);
    });
    await write(db, 'b', (transaction) => transaction.objectStore('b').get(1));
    same(recorder.written, [['c', 'a']]);
    db.close();
  }),

  scenario(
    'transactions on different stores still run in parallel',
    async (environment) => {
      const { factory } = record(environment);
      const db = await open(factory, environment.name, 1, createTwoStores);
      await whileWriting(db, 'a', () => write(db, 'b', (transaction) => transaction.objectStore('b').put(1, 1)));
      db.close();
    },
    { parallel: true },
  ),

  scenario(
    'opening waits for no writer, nor do writers for it',
    async (environment) => {
      const { factory } = record(environment);
      const first = await open(factory, environment.name, 1, createTwoStores);
      await whileWriting(first, 'a', async () => {
        const second = await open(factory, environment.name, 1);
        await write(second, 'b', (transaction) => transaction.objectStore('b').put(1, 1));
        second.close();
      });
      first.close();
    },
    { parallel: true },
  ),
];

function createTwoStores(db: IDBDatabase): void {
  for (const name of ['a', 'b']) db.createObjectStore(name);
}

/** Keeps a writing transaction open until the work is done; fails if the work waits for its end. */
async function whileWriting(db: IDBDatabase, name: string, work: () => Promise<unknown>): Promise<void> {
  const transaction = db.transaction(name, 'readwrite');
  const end = done(transaction);
  const store = transaction.objectStore(name);
  let [turns, finished] = [0, false];
  const keepAlive = () => {
    if (!finished && ++turns < 5000) store.put(turns, 1).onsuccess = keepAlive;
  };
  keepAlive();
  await work();
  finished = true;
  await end;
  same(turns < 5000, true, 'the work was done while the transaction was running');
}

function isAt(key: IDBValidKey, expected: unknown): boolean {
  return indexedDB.cmp(key, expected) === 0;
}
