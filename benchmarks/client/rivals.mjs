import indexeddb from 'pouchdb-adapter-indexeddb';
import PouchDB from 'pouchdb-core';
import { createRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';

// What runs in the page beside ours: databases that keep what synchronising needs, too. Each takes documents in one call, and is timed until it has them.
PouchDB.plugin(indexeddb);

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
