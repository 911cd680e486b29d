import 'fake-indexeddb/auto';
import { reactive, shallowReactive, toRaw } from '@vue/reactivity';
import Dexie from 'dexie';
import { IDBFactory } from 'fake-indexeddb';
import { createDraft, finishDraft, produce } from 'immer';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CapturedConnection, capture } from '../../src/capture/index.ts';
import { type Cells, createClock, makeStamp } from '../../src/model/index.ts';
import { collectionsOf, declaredBy } from '../../src/sync/collection.ts';
import { createReplica, type Replica } from '../../src/sync/replica.ts';
import { takeLead } from '../../src/sync/tabs/leader.ts';

/** A form that saves a whole record which it read before a colleague's change arrived. */

const COLLEAGUE = '0000000000B0B';

interface Item {
  id: string;
  name: string;
  shelf: string;
  quantity: number;
  note?: string;
}

let dexie: Dexie;
let replica: Replica;
let now = 1_790_000_000_000;
let counted: string | undefined;

beforeEach(async () => {
  let connection: CapturedConnection | undefined;
  const indexedDB = capture(new IDBFactory(), {
    follow: true,
    reading: createClock({ millis: () => now++ }).reading,
    onOpen: (opened) => {
      connection = opened;
    },
  });
  dexie = new Dexie('shop', { indexedDB, IDBKeyRange });
  dexie.version(1).stores({ items: 'id, name' });
  await dexie.open();
  const captured = connection as CapturedConnection;
  const random = { bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };
  replica = createReplica(
    await takeLead(captured, { space: 'shop-7' }, () => now, random),
    collectionsOf(captured, declaredBy({ items: { quantity: 'counter', address: 'map', tags: 'set' } })),
    { onLocal: (_, __, reason) => expect.fail(reason), onEdited: () => {}, onShown: () => {}, onConflict: () => {} },
  );
  counted = undefined;
  await raw((store) => store.put({ id: 'a', name: 'box', shelf: 'left', quantity: 5, address: {}, tags: [] }));
  await replica.drain();
});

/** A colleague moves the item to another shelf and adds one. */
async function colleague(shelf = 'right', added = 1): Promise<void> {
  const millis = now++;
  const stamp = makeStamp(millis, 0, COLLEAGUE);
  counted ??= `["c","quantity","${stamp.slice(0, 13)}","${COLLEAGUE}"]`;
  const cells: Cells = {
    [`["e","${COLLEAGUE}"]`]: [stamp, 0],
    '["r","shelf"]': [stamp, 0, shelf],
    [counted]: [stamp, 0, added],
  };
  const documents = [{ collection: 'items', id: 'a', cells, whole: false }];
  await replica.applyPage({ documents, dropped: [], withdrawn: [], cursor: 'c', more: false });
}

function raw<T>(work: (store: IDBObjectStore) => IDBRequest<T>, mode: IDBTransactionMode = 'readwrite'): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = dexie.backendDB().transaction('items', mode);
    const request = work(transaction.objectStore('items'));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

const get = () => raw<Item>((store) => store.get('a'), 'readonly');
const save = (item: Item) => raw((store) => store.put(item));
const copies: Record<string, (item: Item) => Item> = {
  'the record itself': (item) => item,
  spread: (item) => ({ ...item }),
  'Object.assign': (item) => Object.assign({}, item),
  'a React state, set twice': (item) => {
    let state = item;
    const setState = (change: (state: Item) => Item) => {
      state = change(state);
    };
    setState((before) => ({ ...before, note: 'typing' }));
    setState((before) => ({ ...before, note: 'typed' }));
    return state;
  },
  'a Vue proxy, taken raw': (item) => toRaw(reactive(item)),
  'a shallow Vue proxy, spread': (item) => ({ ...shallowReactive(item) }),
  'an Immer draft': (item) => finishDraft(createDraft(item)) as Item,
  'a structured clone': (item) => structuredClone(item),
  'a JSON round trip': (item) => JSON.parse(JSON.stringify(item)),
};

async function expectMerged(): Promise<void> {
  await replica.drain();
  expect(await get()).toMatchObject({ name: 'crate', shelf: 'right', quantity: 7 });
}

describe('a record that was read before a colleague changed other fields', () => {
  it.each(Object.entries(copies))('and put as %s keeps these, and counts both', async (_, copy) => {
    const form = copy(await get());
    await colleague();
    await save(produce(form, (draft) => void Object.assign(draft, { name: 'crate', quantity: 6 })));
    await expectMerged();
  });

  it.each(Object.entries(copies).filter(([name]) => !/clone|JSON/.test(name)))(
    'and put as %s, while lists read it again, keeps them, too',
    async (_, copy) => {
      const form = copy(await get());
      await colleague();
      await raw((store) => store.getAll(), 'readonly');
      await get();
      await save({ ...form, name: 'crate', quantity: 6 });
      await expectMerged();
    },
  );

  it.each(['a structured clone', 'a JSON round trip'])(
    'and put as %s after it was read again undoes them',
    async (copy) => {
      const form = copies[copy]?.(await get()) as Item;
      await colleague();
      await get();
      await save({ ...form, name: 'crate', quantity: 6 });
      await replica.drain();
      expect(await get()).toMatchObject({ name: 'crate', shelf: 'left', quantity: 6 });
    },
  );

  it('and read by getAll, by an index or by a cursor keeps these', async () => {
    const reads: ((store: IDBObjectStore) => IDBRequest)[] = [
      (store) => store.getAll(),
      (store) => store.index('name').get('box'),
      (store) => store.index('name').getAll(),
    ];
    for (const read of reads) {
      const found: Item | Item[] = await raw(read, 'readonly');
      const [form] = [found].flat() as [Item];
      const before = await get();
      await colleague(`to ${now}`, before.quantity);
      const { shelf } = await get();
      await save({ ...form, note: `noted ${now}` });
      await replica.drain();
      expect((await get()).shelf).toBe(shelf);
    }
  });

  it('and saved twice counts each once', async () => {
    const form = await get();
    await colleague();
    await save({ ...form, name: 'crate', quantity: 6 });
    await replica.drain();
    await save({ ...form, name: 'crate', quantity: 7 });
    await replica.drain();
    expect(await get()).toMatchObject({ name: 'crate', shelf: 'right', quantity: 8 });
  });

  it('and saved twice before anything is drained counts each once', async () => {
    const form = await get();
    await colleague();
    await save({ ...form, name: 'crate', quantity: 6 });
    const again = await get();
    await save({ ...again, quantity: again.quantity + 1 });
    await replica.drain();
    expect(await get()).toMatchObject({ name: 'crate', shelf: 'right', quantity: 8 });
  });

  it('and read again between put and drain keeps them with the next put, too', async () => {
    const form = await get();
    await colleague();
    await save({ ...form, name: 'crate', quantity: 6 });
    const again = await get();
    await replica.drain();
    await save({ ...again, note: 'more' });
    await replica.drain();
    expect(await get()).toMatchObject({ name: 'crate', shelf: 'right', quantity: 7, note: 'more' });
  });

  it('keeps several changes of several colleagues', async () => {
    const form = await get();
    await colleague('middle', 1);
    await colleague('right', 3);
    await save({ ...form, name: 'crate', quantity: 6 });
    await replica.drain();
    expect(await get()).toMatchObject({ name: 'crate', shelf: 'right', quantity: 9 });
  });

  it('is overwritten where the person changed the same field', async () => {
    const form = await get();
    await colleague();
    await save({ ...form, shelf: 'top' });
    await replica.drain();
    expect(await get()).toMatchObject({ shelf: 'top', quantity: 6 });
  });

  it('is put back where the person has seen the change, and wants it undone', async () => {
    await colleague();
    const seen = await get();
    await save({ ...seen, shelf: 'left' });
    await replica.drain();
    expect(await get()).toMatchObject({ shelf: 'left', quantity: 6 });
  });
});

describe('Dexie', () => {
  const items = () => dexie.table<Item, string>('items');

  it.each([
    ['put', (form: Item) => items().put({ ...form, name: 'crate', quantity: 6 })],
    ['bulkPut', (form: Item) => items().bulkPut([{ ...form, name: 'crate', quantity: 6 }])],
  ] as const)('%s of what was read before keeps the changes', async (_, write) => {
    const form = (await items().get('a')) as Item;
    await colleague();
    await items().toArray();
    await write(form);
    await expectMerged();
  });

  it.each([
    [
      'update',
      () => items().update('a', (item) => void Object.assign(item, { name: 'crate', quantity: item.quantity + 1 })),
    ],
    [
      'modify',
      () =>
        items()
          .where({ id: 'a' })
          .modify((item) => void Object.assign(item, { name: 'crate', quantity: item.quantity + 1 })),
    ],
  ] as const)('%s is right by itself', async (_, write) => {
    await colleague();
    await write();
    await expectMerged();
  });
});

describe('what the marks of reads show', () => {
  it('is nothing to keys, for…in, JSON and clones, and is not stored', async () => {
    await colleague();
    const item = await get();
    const names: string[] = [];
    for (const name in item) names.push(name);
    expect(names).toEqual(Object.keys(item));
    expect(Object.getOwnPropertySymbols(item)).toHaveLength(1);
    expect(Object.getOwnPropertySymbols(structuredClone(item))).toEqual([]);
    expect(JSON.stringify(item)).not.toMatch(/watersmeet/);
  });

  it('is nothing at all where reads are not followed', async () => {
    const factory = capture(new IDBFactory());
    const db = await new Promise<IDBDatabase>((resolve) => {
      const request = factory.open('plain', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('s', { keyPath: 'id' }).put({ id: 1 });
      request.onsuccess = () => resolve(request.result);
    });
    const record = await new Promise<object>((resolve) => {
      const request = db.transaction('s').objectStore('s').get(1);
      request.onsuccess = () => resolve(request.result);
    });
    expect(Reflect.ownKeys(record)).toEqual(['id']);
    db.close();
  });
});
