import {
  latest,
  notesOf,
  open,
  openTodos,
  pause,
  record,
  rejectionOf,
  result,
  same,
  scenario,
  thrownBy,
  todos,
  write,
} from '../harness.ts';

/** A database made without the capture layer, with one record, closed again. */
async function existing(factory: IDBFactory, name: string, version = 3): Promise<void> {
  const db = await open(factory, name, version, (db, transaction) => {
    todos(db, transaction, undefined as never);
    db.createObjectStore('log', { autoIncrement: true });
    transaction.objectStore('todos').put({ id: 1, title: 'before' });
  });
  db.close();
}

const versionsIn = (event: IDBVersionChangeEvent) => [event.oldVersion, event.newVersion];

export const versions = [
  scenario('the application sees its own versions everywhere', async (environment) => {
    const { factory } = record(environment);
    const { name } = environment;
    const seen: unknown[] = [];
    const first = await open(factory, name, 2, (db, transaction, event) => {
      seen.push(versionsIn(event), db.version);
      todos(db, transaction, event);
    });
    same(first.version, 2);
    same((await factory.databases()).find((info) => info.name === name)?.version, 2);

    first.onversionchange = (event) => {
      seen.push(['versionchange', versionsIn(event)]);
      // Closed only when the other is blocked.
    };
    const request = factory.open(name, 5);
    request.onblocked = (event) => {
      seen.push(['blocked', versionsIn(event)]);
      first.close();
    };
    request.onupgradeneeded = (event) => seen.push(versionsIn(event));
    const second = await result(request);
    second.onversionchange = (event) => {
      seen.push(['versionchange', versionsIn(event)]);
      setTimeout(() => second.close(), 20);
    };
    const deletion = factory.deleteDatabase(name);
    deletion.onblocked = (event) => seen.push(['blocked', versionsIn(event)]);
    deletion.addEventListener('success', (event) => seen.push(['deleted', versionsIn(event as IDBVersionChangeEvent)]));
    await result(deletion);
    same(seen, [
      [0, 2],
      2,
      ['versionchange', [2, 5]],
      ['blocked', [2, 5]],
      [2, 5],
      ['versionchange', [5, null]],
      ['blocked', [5, null]],
      ['deleted', [5, null]],
    ]);
    same(
      (await factory.databases()).some((info) => info.name === name),
      false,
    );
  }),

  scenario('a lower version is refused in terms of the application', async (environment) => {
    const { factory } = record(environment);
    (await open(factory, environment.name, 3, todos)).close();
    const error = await rejectionOf(open(factory, environment.name, 2));
    same(error.name, 'VersionError');
    same(/\d{5}/.test(error.message), false, `no native version in "${error.message}"`);
    (await open(factory, environment.name, 3)).close();
  }),

  scenario('what is no version is refused, as is one that is too high', async (environment) => {
    const { factory } = record(environment);
    for (const version of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 44, 2 ** 52 - 1, 2 ** 53]) {
      same(
        thrownBy(() => factory.open(environment.name, version)),
        'TypeError',
        `version ${version}`,
      );
    }
    same(
      thrownBy(() => (factory.open as unknown as () => void)()),
      'TypeError',
    );
    const db = await open(factory, environment.name, 2.7);
    same(db.version, 2);
    db.close();
  }),

  scenario('a database opened without a version starts at 1', async (environment) => {
    const recorder = record(environment);
    const { factory } = recorder;
    const seen: unknown[] = [];
    const first = await open(factory, environment.name, undefined, (db, transaction, event) => {
      seen.push(versionsIn(event), db.version);
      todos(db, transaction, event);
    });
    same([first.version, seen], [1, [[0, 1], 1]]);
    await write(first, 'todos', (transaction) => transaction.objectStore('todos').put({ id: 1 }));
    same(await notesOf(latest(recorder), 'todos'), [['put', 1]]);
    first.close();
    const upgraded = () => seen.push('upgraded');
    (await open(factory, environment.name, undefined, upgraded)).close();
    (await open(factory, environment.name, 1, upgraded)).close();
    const last = await open(factory, environment.name, undefined, upgraded);
    same([last.version, seen.length], [1, 2]);
    same(await notesOf(latest(recorder), 'todos'), [['put', 1]]);
    last.close();
  }),

  scenario('an existing database is adopted at its version, unnoticed', async (environment) => {
    await existing(environment.native, environment.name);
    const recorder = record(environment);
    const seen: string[] = [];
    const db = await open(recorder.factory, environment.name, 3, () => seen.push('upgraded'));
    same([db.version, [...db.objectStoreNames], seen], [3, ['log', 'todos'], []]);
    same(await notesOf(latest(recorder), 'todos'), [['adopt']]);
    same(recorder.untracked, ['log: generated-keys']);
    same(await result(db.transaction('todos').objectStore('todos').get(1)), { id: 1, title: 'before' });
    await write(db, 'todos', (transaction) => transaction.objectStore('todos').put({ id: 2 }));
    db.close();
    const again = await open(recorder.factory, environment.name, 3);
    await pause(20);
    same(await notesOf(latest(recorder), 'todos'), [['adopt'], ['put', 2]], 'adopted once');
    again.close();
  }),

  scenario('an existing database is adopted along with an upgrade', async (environment) => {
    await existing(environment.native, environment.name);
    const recorder = record(environment);
    const seen: unknown[] = [];
    const db = await open(recorder.factory, environment.name, 4, (db, transaction, event) => {
      seen.push(versionsIn(event), [...db.objectStoreNames], [...transaction.objectStoreNames]);
      transaction.objectStore('todos').put({ id: 2 });
      db.createObjectStore('more');
    });
    same(seen, [
      [3, 4],
      ['log', 'todos'],
      ['log', 'todos'],
    ]);
    same(await notesOf(latest(recorder), 'todos'), [['adopt'], ['put', 2]]);
    same(await notesOf(latest(recorder), 'more'), []);
    db.close();
  }),

  scenario('an existing database is adopted when opened without a version', async (environment) => {
    await existing(environment.native, environment.name);
    const recorder = record(environment);
    const seen: string[] = [];
    const request = recorder.factory.open(environment.name);
    request.onupgradeneeded = () => seen.push('upgraded');
    let target: unknown;
    request.onsuccess = (event) => {
      target = event.target;
      seen.push('success');
    };
    const db = await result(request);
    same([target === request, request.result === db, request.readyState, request.error], [true, true, 'done', null]);
    await pause(20);
    same([db.version, seen, recorder.opened.length], [3, ['success'], 1]);
    same(await notesOf(latest(recorder), 'todos'), [['adopt']]);
    await write(db, 'todos', (transaction) => transaction.objectStore('todos').delete(1));
    same((await notesOf(latest(recorder), 'todos')).at(-1), ['delete', 1]);
    db.close();
  }),

  scenario('an existing database is not harmed by opening it at a lower version', async (environment) => {
    await existing(environment.native, environment.name);
    const { factory, opened } = record(environment);
    const error = await rejectionOf(open(factory, environment.name, 2, () => same('upgraded', 'refused')));
    same(
      [error.name, error.message],
      ['VersionError', 'The requested version (2) is less than the existing version (3).'],
    );
    same(opened.length, 0);
    const db = await open(environment.native, environment.name, 3);
    same([...db.objectStoreNames], ['log', 'todos']);
    db.close();
  }),

  scenario(
    'a captured database is opened by capture alone, and copied into a plain one to go back',
    async (environment) => {
      const { factory, db } = await openTodos(environment);
      await write(db, 'todos', (transaction) => void transaction.objectStore('todos').put({ id: 1, title: 'one' }));
      db.close();
      same((await rejectionOf(open(environment.native, environment.name, 1))).name, 'VersionError');

      const captured = await open(factory, environment.name, 1);
      const records = await result(captured.transaction('todos').objectStore('todos').getAll());
      captured.close();
      await result(factory.deleteDatabase(environment.name));
      const plain = await open(environment.native, environment.name, 1, (created, transaction, event) => {
        todos(created, transaction, event);
        for (const copy of records) transaction.objectStore('todos').add(copy);
      });
      same(Array.from(plain.objectStoreNames), ['todos']);
      same(await result(plain.transaction('todos').objectStore('todos').getAll()), [{ id: 1, title: 'one' }]);
      plain.close();
    },
  ),

  scenario('a store that is tracked only later is taken up then', async (environment) => {
    const { name } = environment;
    const before = record(environment, { stores: ['other'] });
    const first = await open(before.factory, name, 1, (db) => {
      db.createObjectStore('other');
      db.createObjectStore('todos').put(1, 1);
    });
    same(
      latest(before).trackedStores.map((store) => store.name),
      ['other'],
    );
    first.close();

    const after = record(environment, { stores: ['todos'] });
    const second = await open(after.factory, name, 1);
    await pause(50);
    same([await notesOf(latest(after), 'todos'), after.written], [[['adopt']], [['todos']]]);
    second.close();

    const again = record(environment, { stores: '*' });
    const third = await open(again.factory, name, 1);
    await pause(50);
    same(
      [await notesOf(latest(again), 'other'), again.written],
      [[['adopt']], [['other']]],
      'writes were missed meanwhile',
    );
    same(await notesOf(latest(again), 'todos'), [['adopt']]);
    third.close();
  }),

  scenario('other databases pass through untouched', async (environment) => {
    const { name } = environment;
    const recorder = record(environment, { database: `${name} captured` });
    const { factory } = recorder;
    const other = await open(factory, name, 2, todos);
    const plain = await open(environment.native, name, 2);
    same([recorder.opened.length, other.version, [...plain.objectStoreNames]], [0, 2, ['todos']]);
    other.close();
    plain.close();
    (await open(factory, `${name} captured`, 2, todos)).close();
    const known = (await factory.databases()).filter((info) => info.name?.startsWith(name));
    same(
      known.map((info) => info.version),
      [2, 2],
    );
    same(factory.cmp(1, 2), -1);
    const { open: openAgain, cmp } = factory;
    same([factory.open === openAgain, factory.cmp === cmp], [true, true]);
  }),
];
