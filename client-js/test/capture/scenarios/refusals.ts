import { capture } from '../../../src/capture/index.ts';
import type { UnsupportedValueError } from '../../../src/model/index.ts';
import {
  done,
  latest,
  notesOf,
  open,
  openTodos,
  record,
  result,
  same,
  scenario,
  thrownBy,
  todos,
  write,
} from '../harness.ts';

function messageOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    const { name, code, message } = error as UnsupportedValueError;
    return `${name} (${code}): ${message}`;
  }
}

export const refusals = [
  scenario('without options all is captured, and without anybody who listens', async (environment) => {
    const factory = capture(environment.native);
    const db = await open(factory, environment.name, 1, todos);
    same(await write(db, 'todos', (transaction) => transaction.objectStore('todos').put({ id: 1 })), 'complete');
    same([db.version, [...db.objectStoreNames]], [1, ['todos']]);
    db.close();
    const plain = await open(environment.native, environment.name);
    same(plain.objectStoreNames.length > 1, true, 'the side store is there');
    plain.close();
  }),

  scenario('what cannot travel is written as ever by default', async (environment) => {
    const { db } = await openTodos(environment);
    const cyclic: Record<string, unknown> = { id: 1 };
    cyclic.self = cyclic;
    same(await write(db, 'todos', (transaction) => transaction.objectStore('todos').put(cyclic)), 'complete');
    const read = await result(db.transaction('todos').objectStore('todos').get(1));
    same(read.self === read, true);
    db.close();
  }),

  scenario('refusing names the field, and leaves the transaction as it was', async (environment) => {
    const { db, connection } = await openTodos(environment, { unsupported: 'refuse' });
    const transaction = db.transaction('todos', 'readwrite');
    const end = done(transaction);
    const store = transaction.objectStore('todos');
    const cyclic: Record<string, unknown> = { id: 1, inner: {} };
    (cyclic.inner as Record<string, unknown>).self = cyclic;
    same(
      messageOf(() => store.put(cyclic)),
      'UnsupportedValueError (unsupported): inner.self: a cyclic value cannot travel',
    );
    same(
      messageOf(() => store.add({ id: 1, files: [1, /x/] })),
      'UnsupportedValueError (unsupported): files.1: RegExp cannot travel',
    );
    same(
      thrownBy(() => store.put({ id: 'x'.repeat(2000) })),
      'UnsupportedValueError',
    );
    store.put({ id: 2, fine: new Date(5) });
    const cursor = await result(store.openCursor());
    same(
      thrownBy(() => cursor?.update({ id: 2, pattern: /x/ })),
      'UnsupportedValueError',
    );
    same(await end, 'complete');
    same(await result(db.transaction('todos').objectStore('todos').getAll()), [{ id: 2, fine: new Date(5) }]);
    same(await notesOf(connection, 'todos'), [['put', 2]]);
    db.close();
  }),

  scenario('refusing refuses writes to stores that generate their keys', async (environment) => {
    const recorder = record(environment, { unsupported: 'refuse', stores: ['log'] });
    const db = await open(recorder.factory, environment.name, 1, (db) => {
      db.createObjectStore('log', { autoIncrement: true });
      db.createObjectStore('own', { autoIncrement: true });
    });
    const transaction = db.transaction(['log', 'own'], 'readwrite');
    const end = done(transaction);
    same(
      messageOf(() => transaction.objectStore('log').add('x')),
      'UnsupportedValueError (unsupported): the value: the object store log generates its keys, which would collide between devices',
    );
    transaction.objectStore('own').add('not tracked');
    same(await end, 'complete');
    same(recorder.untracked, ['log: generated-keys']);
    same(latest(recorder).trackedStores.length, 0);
    db.close();
  }),

  scenario('refusing runs getters once, and checks what they yield', async (environment) => {
    const { db } = await openTodos(environment, { unsupported: 'refuse' });
    let runs = 0;
    const value = {
      id: 1,
      get computed() {
        return ++runs;
      },
    };
    await write(db, 'todos', (transaction) => transaction.objectStore('todos').put(value));
    same(await result(db.transaction('todos').objectStore('todos').get(1)), { id: 1, computed: 1 });
    same(runs, 1);
    db.close();
  }),
];
