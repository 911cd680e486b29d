import { IDBFactory } from 'fake-indexeddb';
import { expect } from 'vitest';
import { SyncError, type Watersmeet, watersmeet } from '../../src/index.ts';
import { FIELDS } from './harness.ts';
import type { Connection, MemoryServer } from './memory-server.ts';
import { eventually } from './stub-server.ts';

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly quantity: number;
}

/** A tab of an application: its client, and what the application does. */
export interface Tab {
  readonly sync: Watersmeet;
  /** Reads a record, or begins one, and puts it changed, in one transaction. Whether it is complete: if not, nothing of it is done. */
  change(id: string, change: (item: Item) => Item): Promise<boolean>;
  remove(id: string): Promise<boolean>;
  all(): Promise<Item[]>;
  /** The tab goes, and its connection with it: one that stayed would keep the database from being deleted. */
  close(): Promise<void>;
}

/** A browser with two tabs of an application, as one person uses it. */
export interface Device {
  readonly name: string;
  readonly connection: Connection;
  readonly tabs: readonly Tab[];
  /** Closes a tab and opens another one in its place. */
  reload(tab: number): Promise<void>;
  /** Leaves the space, and begins anew. Nothing is done while something would be lost. */
  leave(tab: number): Promise<void>;
  /** Somebody else opens the application here, and writes. Whether that was refused. */
  intrude(id: string): Promise<boolean>;
  close(): Promise<void>;
}

const TABS = 2;
let devices = 0;

/** @param refuses the documents that this person may not edit */
export async function openDevice(server: MemoryServer, refuses?: ReadonlySet<string>): Promise<Device> {
  const name = `shop-${devices++}`; // tabs hear of each other by the database's name
  const indexedDB = new IDBFactory();
  const connection = server.connection(refuses);
  const tabs: Tab[] = [];

  async function openTab(user = 'owner'): Promise<Tab> {
    const sync = watersmeet({
      url: 'http://server/v1',
      space: 'shop-7',
      user,
      token: () => 'token',
      fetch: connection.fetch,
      debug: true,
      collections: FIELDS,
      indexedDB,
    });
    return tabOf(sync, await open(sync.indexedDB, name));
  }

  async function close(): Promise<void> {
    await Promise.all(tabs.splice(0).map((tab) => tab.close()));
  }

  async function openTabs(): Promise<void> {
    while (tabs.length < TABS) tabs.push(await openTab());
    await eventually(() => expect(tabs.at(-1)?.sync.status.value.phase).toBe('live')); // from then on it is the owner's
  }

  await openTabs();
  return {
    name,
    connection,
    tabs,
    async reload(tab) {
      await tabs[tab]?.close();
      tabs[tab] = await openTab();
    },
    async leave(tab) {
      try {
        await tabs[tab]?.sync.erase();
      } catch (error) {
        if (error instanceof SyncError && error.code === 'unsent') return;
        throw error;
      }
      await close();
      await openTabs();
    },
    async intrude(id) {
      const other = await openTab('somebody else');
      const done = await other.change(id, (item) => item);
      await eventually(() => expect(other.sync.status.value.problem?.code).toBe('other-user'));
      await other.close();
      return !done;
    },
    close,
  };
}

function open(factory: IDBFactory, name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore('items', { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function tabOf(sync: Watersmeet, database: IDBDatabase): Tab {
  const write = (work: (store: IDBObjectStore) => void) =>
    new Promise<boolean>((resolve) => {
      const transaction = database.transaction('items', 'readwrite');
      transaction.oncomplete = () => resolve(true);
      transaction.onabort = () => resolve(false);
      work(transaction.objectStore('items'));
    });
  return {
    sync,
    change: (id, change) =>
      write((store) => {
        store.get(id).onsuccess = (event) => {
          const found = (event.target as IDBRequest<Item | undefined>).result;
          store.put(change(found ?? { id, name: '', tags: [], quantity: 0 }));
        };
      }),
    remove: (id) => write((store) => store.delete(id)),
    all: () =>
      new Promise((resolve, reject) => {
        const request = database.transaction('items').objectStore('items').getAll();
        request.onsuccess = () => resolve(structuredClone(request.result)); // without the marks of the read
        request.onerror = () => reject(request.error);
      }),
    async close() {
      await sync.close();
      database.close();
    },
  };
}
