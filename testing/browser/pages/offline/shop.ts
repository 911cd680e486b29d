import { watersmeet } from '@watersmeet/client';
import Dexie, { type EntityTable } from 'dexie';

/** The shop's database and what keeps it in step: the same in pages and in the service worker. */
export function openShop() {
  const sync = watersmeet({ url: '/v1', space: 'shop', token: sessionToken });
  const db = new Dexie('shop', { indexedDB: sync.indexedDB, IDBKeyRange }) as Dexie & {
    items: EntityTable<{ id: string; name: string }, 'id'>;
  };
  db.version(1).stores({ items: 'id' });
  return { sync, db };
}

/** A token for whom the session's cookie stands for: a service worker has no page that it could ask. */
async function sessionToken(): Promise<string> {
  const answer = await fetch('/session/token');
  if (!answer.ok) throw new Error(`no token: the server answered ${answer.status}`);
  return answer.text();
}
