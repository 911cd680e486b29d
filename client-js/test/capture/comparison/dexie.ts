import Dexie, { type Table, type Transaction } from 'dexie';
import { type Context, comparison, result } from './context.ts';

interface Item {
  id: number;
  name: string;
  tags?: string[];
  rank?: number;
}

function dexieOn({ indexedDB, name }: Context): Dexie {
  return new Dexie(name, { indexedDB, IDBKeyRange });
}

/** A database with the tables `items` and `log`; its items are named `a`, `b` and `c`. */
async function openItems(context: Context): Promise<{ db: Dexie; items: Table<Item, number> }> {
  const db = dexieOn(context);
  db.version(1).stores({ items: 'id, &name, *tags, [rank+name]', log: '++id, text' });
  const items = db.table<Item, number>('items');
  await items.bulkAdd(['a', 'b', 'c'].map((name, i) => ({ id: i + 1, name, tags: [name, 'all'], rank: i % 2 })));
  return { db, items };
}

/** Logs what a promise of Dexie's yields, or how it fails. */
async function settle({ log }: Context, label: string, promise: PromiseLike<unknown>): Promise<void> {
  await Promise.resolve(promise).then(
    (value) => log(label, '->', value),
    (error) => log(label, 'fails', error, 'inner', error.inner?.name, 'failures', error.failures?.length),
  );
}

/** What Dexie, which reads everything of IndexedDB's interface that it can, does with it. */
export const dexie = [
  comparison('Dexie: bulk writes that fail in part', async (context) => {
    const { db, items } = await openItems(context);
    const taken = [4, 2, 5].map((id) => ({ id, name: `n${id}` }));
    await settle(context, 'bulkAdd', items.bulkAdd(taken, { allKeys: true }));
    await settle(context, 'after it', items.toCollection().primaryKeys());
    await settle(
      context,
      'caught in a transaction',
      db.transaction('rw', items, async () => {
        await items
          .bulkPut([
            { id: 6, name: 'a' },
            { id: 7, name: 'g' },
          ])
          .catch((error) => {
            context.log(error.name, Object.keys(error.failuresByPos), error.failures.map(String));
          });
        return items.count();
      }),
    );
    await settle(
      context,
      'thrown on',
      db.transaction('rw', items, () =>
        items.bulkAdd([
          { id: 8, name: 'h' },
          { id: 1, name: 'i' },
        ]),
      ),
    );
    await settle(context, 'invalid keys', items.bulkPut([{ id: 9, name: 'j' }, { id: {}, name: 'k' } as never]));
    await settle(
      context,
      'bulkUpdate',
      items.bulkUpdate([
        { key: 1, changes: { name: 'z' } },
        { key: 99, changes: { rank: 1 } },
      ]),
    );
    await settle(context, 'bulkDelete', items.bulkDelete([1, 99]));
    await settle(context, 'bulkGet', items.bulkGet([1, 2, 3]));
    await settle(context, 'at the end', items.toArray());
    db.close();
  }),

  comparison('Dexie: hooks see each write, and may change it', async (context) => {
    const { db, items } = await openItems(context);
    const { log } = context;
    items.hook('creating', function (key, item) {
      log('creating', key, item);
      this.onsuccess = (made) => log('created', made);
      this.onerror = (error) => log('not created', (error as Error).name);
      item.rank ??= 7;
    });
    items.hook('updating', function (changes, key, item) {
      log('updating', changes, key, item);
      this.onsuccess = (updated) => log('updated', updated);
      return { tags: ['hooked'] };
    });
    items.hook('deleting', function (key, item) {
      log('deleting', key, item);
      this.onsuccess = () => log('deleted', key);
    });
    items.hook('reading', (item) => ({ ...item, read: true }));
    await settle(context, 'add', items.add({ id: 10, name: 'x' }));
    await settle(context, 'add again', items.add({ id: 10, name: 'y' }));
    await settle(context, 'put', items.put({ id: 10, name: 'y' }));
    await settle(context, 'update', items.update(10, { rank: 8 }));
    await settle(context, 'modify', items.where('rank').equals(0).modify({ rank: 5 }));
    await settle(context, 'delete', items.where('id').above(2).delete());
    await settle(context, 'read', items.toArray());
    db.close();
  }),

  comparison('Dexie: a modification by a function, that takes away and fails', async (context) => {
    const { db, items } = await openItems(context);
    const modify = (work: (item: Item, holder: { value: Item }) => void) =>
      items.toCollection().modify((item, holder) => work(item, holder as { value: Item }));
    await settle(
      context,
      'replaced',
      modify((item, holder) => {
        holder.value = { ...item, rank: item.id * 10 };
      }),
    );
    await settle(
      context,
      'taken away',
      modify((item, holder) => {
        if (item.id === 2) Reflect.deleteProperty(holder, 'value');
      }),
    );
    await settle(
      context,
      'failing',
      modify((item) => {
        if (item.id === 3) throw new RangeError('not this one');
        item.rank = -1;
      }),
    );
    await settle(
      context,
      'another key',
      modify((item) => {
        item.id += 100;
      }),
    );
    await settle(
      context,
      'a name that is taken',
      modify((item) => {
        item.name = 'same';
      }),
    );
    await settle(context, 'left', items.toArray());
    db.close();
  }),

  comparison('Dexie: transactions within transactions', async (context) => {
    const { db, items } = await openItems(context);
    const log = db.table('log');
    await settle(
      context,
      'committed together',
      db.transaction('rw', items, log, async () => {
        await items.put({ id: 4, name: 'd' });
        await db.transaction('rw', items, () => items.delete(1));
        await db.transaction('r', log, () => log.count());
        return items.toCollection().primaryKeys();
      }),
    );
    await settle(
      context,
      'an inner one fails',
      db.transaction('rw', items, log, async (outer: Transaction) => {
        await items.put({ id: 5, name: 'e' });
        await db
          .transaction('rw', items, async () => {
            await items.put({ id: 6, name: 'f' });
            throw new RangeError('inner');
          })
          .catch((error) => context.log('caught', error.name, outer.active));
        await items.put({ id: 7, name: 'g' });
      }),
    );
    await settle(
      context,
      'a table that is not in scope',
      db.transaction('rw', items, () => db.transaction('rw', log, () => log.clear())),
    );
    await settle(
      context,
      'one of its own',
      db.transaction('rw', items, () =>
        db.transaction('rw!', log, () => log.add({ text: 'apart' })).then(() => context.log('over')),
      ),
    );
    await settle(
      context,
      'writing where only reading',
      db.transaction('r', items, () => items.put({ id: 8, name: 'h' })),
    );
    await settle(
      context,
      'aborted by hand',
      db.transaction('rw', items, async (transaction: Transaction) => {
        await items.clear();
        transaction.abort();
      }),
    );
    await settle(
      context,
      'kept alive',
      db.transaction('rw', items, async () => {
        await Dexie.waitFor(new Promise((resolve) => setTimeout(resolve, 20)));
        return items.put({ id: 9, name: 'i' });
      }),
    );
    await settle(context, 'left', items.toCollection().primaryKeys());
    await settle(context, 'logged', log.toArray());
    db.close();
  }),

  comparison('Dexie: upgrades over several versions, one of which fails', async (context) => {
    const { db } = await openItems(context);
    db.close();
    const failing = dexieOn(context);
    failing.version(1).stores({ items: 'id, &name, *tags, [rank+name]', log: '++id, text' });
    failing
      .version(2)
      .stores({ items: 'id, name', extra: 'key' })
      .upgrade(async (transaction) => {
        await transaction.table('items').toCollection().modify({ rank: 100 });
        await transaction.table('extra').add({ key: 1 });
        throw new RangeError('not now');
      });
    await settle(context, 'failing', failing.open());
    failing.close();

    const second = dexieOn(context);
    second.version(1).stores({ items: 'id, &name, *tags, [rank+name]', log: '++id, text' });
    second.version(2).stores({ copies: 'id, rank' });
    second.version(3).upgrade(async (transaction) => {
      const all = await transaction.table<Item>('items').toArray();
      await transaction.table('copies').bulkAdd(all);
      await transaction.table('items').where('name').equals('b').delete();
    });
    second.version(4).stores({ items: null });
    second.on('ready', () => context.log('ready'));
    second.on('populate', () => context.log('populate'));
    await settle(
      context,
      'opened',
      second.open().then((opened) => opened.verno),
    );
    await settle(context, 'copies', second.table('copies').orderBy('rank').toArray());
    const native = second.backendDB();
    context.log(
      native.version,
      native.objectStoreNames,
      second.tables.map(({ name }) => name),
    );
    second.close();

    const unknowing = dexieOn(context);
    await settle(
      context,
      'without a schema',
      unknowing.open().then((opened) => opened.verno),
    );
    context.log(
      unknowing.tables.map(({ name, schema }) => [name, schema.primKey.src, schema.indexes.map(({ src }) => src)]),
    );
    unknowing.close();

    const older = dexieOn(context);
    older.version(2).stores({ copies: 'id' });
    await settle(
      context,
      'with an older one',
      older.open().then((opened) => [opened.verno, opened.backendDB().version]),
    );
    older.close();
  }),

  comparison('Dexie: closing, opening again and deleting', async (context) => {
    const { db, items } = await openItems(context);
    context.log(db.isOpen(), db.hasBeenClosed(), db.hasFailed());
    db.close({ disableAutoOpen: false });
    await settle(context, 'opens by itself', items.count());
    db.close();
    await settle(context, 'closed', items.count());
    context.log(db.isOpen(), db.hasBeenClosed());
    await settle(
      context,
      'open',
      db.open().then(() => items.count()),
    );

    const other = dexieOn(context);
    other.on('versionchange', (event) => context.log('versionchange', event.oldVersion, event.newVersion));
    db.on('versionchange', (event) => context.log('versionchange here', event.oldVersion, event.newVersion));
    await other.open();
    await settle(context, 'delete', db.delete());
    context.log(db.isOpen(), other.isOpen());
    await settle(context, 'exists', Dexie.exists(`${context.name}2`));
    await settle(
      context,
      'open the deleted one',
      db.open().then(() => items.count()),
    );
    db.close();
    other.close();
  }),

  comparison('Dexie: someone who does not close blocks a deletion', async (context) => {
    const { db } = await openItems(context);
    db.close();
    const holding = await result(context.indexedDB.open(context.name));
    context.log(holding.version);
    const last = dexieOn(context);
    last.version(2).stores({ items: 'id' });
    last.on('blocked', (event) => {
      context.log('blocked', event.oldVersion, event.newVersion);
      holding.close();
    });
    await settle(
      context,
      'opened',
      last.open().then((opened) => opened.backendDB().version),
    );
    last.close();
  }),

  comparison('Dexie: collections walk stores and indexes in every way', async (context) => {
    const { db, items } = await openItems(context);
    await items.bulkPut([4, 5, 6, 7].map((id) => ({ id, name: `n${id}`, tags: ['all', `t${id % 2}`], rank: id % 2 })));
    const keys = (label: string, collection: { primaryKeys(): PromiseLike<unknown> }) =>
      settle(context, label, collection.primaryKeys());
    await keys('between', items.where('id').between(2, 5, true, true).reverse());
    await keys('anyOf', items.where('id').anyOf(6, 1, 99));
    await keys('noneOf', items.where('id').noneOf([1, 2, 3]));
    await keys('starts with', items.where('name').startsWithIgnoreCase('N'));
    await keys('tags', items.where('tags').anyOf('t0', 'a').distinct());
    await keys('compound', items.where('[rank+name]').between([1, Dexie.minKey], [1, Dexie.maxKey]));
    await keys('or', items.where('id').equals(1).or('name').equals('n6'));
    await keys('offset', items.orderBy('name').offset(2).limit(3));
    await keys(
      'until',
      items.orderBy('id').until(({ id }) => id === 4, true),
    );
    await settle(context, 'filter', items.filter(({ rank }) => rank === 1).sortBy('name'));
    await settle(context, 'unique keys', items.orderBy('tags').uniqueKeys());
    await settle(context, 'last', items.orderBy('id').last());
    await settle(
      context,
      'each',
      items.each((item, cursor) => context.log(item.id, cursor.key, cursor.primaryKey)),
    );
    await settle(context, 'no such index', items.where('nothing').equals(1).toArray());
    db.close();
  }),
];
