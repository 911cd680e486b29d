import http from 'pouchdb-adapter-http';
import indexeddb from 'pouchdb-adapter-indexeddb';
import PouchDB from 'pouchdb-core';
import replication from 'pouchdb-replication';
import { createRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';

// What runs in the page beside ours: databases that keep what synchronising needs, too. Each takes documents in one call, and is timed until it has them.
PouchDB.plugin(indexeddb).plugin(http).plugin(replication);

let databases = 0;

async function rxdb(documents) {
  const database = await createRxDatabase({
    name: `rxdb ${databases++}`,
    storage: getRxStorageDexie(),
    multiInstance: false,
  });
  const { items } = await database.addCollections({ items: { schema } });
  const time = await timed(() => items.bulkInsert(documents));
  await database.remove();
  return time;
}

const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 100 },
    name: { type: 'string' },
    shelf: { type: 'string' },
    text: { type: 'string' },
    price: { type: 'number' },
    quantity: { type: 'number' },
    done: { type: 'boolean' },
  },
};

async function pouchdb(documents) {
  const database = new PouchDB(`pouchdb ${databases++}`, { adapter: 'indexeddb' });
  await database.info(); // it is open
  const time = await timed(() => database.bulkDocs(documents.map(({ id, ...fields }) => ({ _id: id, ...fields }))));
  await database.destroy();
  return time;
}

async function timed(work) {
  const start = performance.now();
  const answers = await work();
  const time = performance.now() - start;
  const refused = Array.isArray(answers) ? answers.filter(({ error }) => error) : answers.error;
  if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused[0])}`);
  return time;
}

export const rivals = { rxdb, pouchdb };

/** How many documents a replication asks for at a time: more are no faster. */
const BATCH = 1000;

function remote(space) {
  return new PouchDB(`${location.origin}/${space}`, { adapter: 'http' });
}

/** Has the server of the page's origin hold documents. */
async function pouchSeed(space, documents) {
  const answers = await remote(space).bulkDocs(documents.map(({ id, ...fields }) => ({ _id: id, ...fields })));
  const refused = answers.filter(({ error }) => error);
  if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused[0])}`);
}

/** Has the server take documents one by one. */
async function pouchWarm(space, count) {
  const database = remote(space);
  for (let i = 0; i < count; i++) await database.put({ _id: `${i}`, title: `title of ${i}` });
}

/** A device's first synchronisation. */
async function pouchFirst(space, count) {
  const database = new PouchDB(`first ${databases++}`, { adapter: 'indexeddb' });
  await database.info(); // it is open
  const start = performance.now();
  const { docs_written } = await PouchDB.replicate(remote(space), database, { batch_size: BATCH });
  const time = performance.now() - start;
  if (docs_written !== count) throw new Error(`${docs_written} documents arrived`);
  await database.destroy();
  return time;
}

let device;

/** Begins to replicate in both directions, for edits. */
async function pouchFollow(space) {
  device = new PouchDB(`device of ${location.host}`, { adapter: 'indexeddb' });
  await device.info();
  await new Promise((resolve, reject) => {
    device.sync(remote(space), { live: true }).on('paused', resolve).on('error', reject);
  });
}

/** Puts a document, without waiting for it. Returns when, on the clock that all pages share. */
async function pouchEdit(id, title) {
  const start = performance.timeOrigin + performance.now();
  device.put({ _id: id, title });
  return start;
}

/** When a document of another page is there. */
function pouchArrival(id) {
  return new Promise((resolve, reject) => {
    const changes = device.changes({ live: true, since: 'now' }).on('error', reject);
    changes.on('change', (change) => {
      if (change.id !== id) return;
      changes.cancel();
      resolve(performance.timeOrigin + performance.now());
    });
  });
}

export const pouchWorkloads = { pouchSeed, pouchWarm, pouchFirst, pouchFollow, pouchEdit, pouchArrival };
