import { type Context, comparison, ended, event, pause, result } from './context.ts';

/** The exceptions of handlers while something runs, in the order in which the window hears of them. They are kept from the console. */
async function heard(work: () => Promise<void>): Promise<string[]> {
  const messages: string[] = [];
  const hear = (event: ErrorEvent) => {
    messages.push(event.message.replace(/^Uncaught |^Error: /g, '').replace(/^Error: /, ''));
    event.preventDefault();
  };
  window.addEventListener('error', hear);
  try {
    await work();
    await pause();
  } finally {
    window.removeEventListener('error', hear);
  }
  return messages;
}

const fail = (message: string) => () => {
  throw new Error(message);
};

type Where = 'request' | 'transaction' | 'db' | 'db captures';

async function throwing({ open, log }: Context, type: 'success' | 'error', where: Where, prevent: boolean) {
  const db = await open();
  const transaction = db.transaction('s', 'readwrite');
  const store = transaction.objectStore('s');
  store.put('kept?', 'key');
  const request = type === 'success' ? store.put(1, 2) : store.add(1, 1);
  const target = { request, transaction, db, 'db captures': db }[where];
  const capture = where === 'db captures';
  const calls: string[] = [];
  const messages = await heard(async () => {
    if (prevent) request.addEventListener(type, (event) => event.preventDefault());
    target.addEventListener(type, fail('first'), capture);
    target.addEventListener(type, () => calls.push('second'), capture);
    if (!capture) (target as IDBRequest)[`on${type}`] = fail('attribute');
    else target.addEventListener(type, fail('third'), capture);
    calls.push(await ended(transaction));
  });
  log(type, where, prevent, calls, messages, transaction.error, request.error);
  db.close();
  const again = await open(); // where nothing throws
  const left = again.transaction('s', 'readwrite').objectStore('s');
  log(await result(left.getAllKeys()));
  await result(left.delete('key'));
  again.close();
}

/** Section 5.9 to 5.12 with the DOM's “report an exception”: handlers that throw. */
export const exceptions = [
  comparison(
    'handlers of requests that throw',
    async (context) => {
      const db = await context.open(1, (db) => db.createObjectStore('s').put(1, 1));
      db.close();
      for (const type of ['success', 'error'] as const) {
        for (const where of ['request', 'transaction', 'db', 'db captures'] as const) {
          await throwing(context, type, where, false);
          await throwing(context, type, where, true);
        }
      }
    },
    { window: true },
  ),

  comparison(
    'handlers of complete, abort and versionchange that throw',
    async ({ indexedDB, open, name, log }) => {
      const db = await open(1, (db) => db.createObjectStore('s'));
      const messages = await heard(async () => {
        const transaction = db.transaction('s', 'readwrite');
        transaction.objectStore('s').put(1, 1);
        transaction.oncomplete = fail('complete');
        log(await ended(transaction));
        const aborted = db.transaction('s', 'readwrite');
        aborted.onabort = fail('abort');
        aborted.objectStore('s').put(2, 2).onerror = fail('error of an aborted request');
        aborted.abort();
        log(await ended(aborted));
        db.onversionchange = fail('versionchange');
        const request = indexedDB.open(name, 2);
        request.onblocked = fail('blocked');
        await event(request, 'blocked');
        db.close();
        request.onsuccess = fail('success');
        (await result(request)).close();
      });
      log(messages);
      const again = await open();
      log(await result(again.transaction('s').objectStore('s').getAllKeys()), again.version);
    },
    { window: true },
  ),

  comparison(
    'handlers of upgradeneeded that throw',
    async ({ indexedDB, open, name, log, listen }) => {
      for (const setUp of [
        (request: IDBOpenDBRequest) => {
          request.onupgradeneeded = fail('attribute');
        },
        (request: IDBOpenDBRequest) => {
          request.addEventListener('upgradeneeded', fail('listener'));
          request.addEventListener('upgradeneeded', () => log('second', request.transaction?.error));
        },
        (request: IDBOpenDBRequest) => {
          request.onupgradeneeded = () => {
            request.result.createObjectStore('s').put(1, 1);
            throw new Error('after a write');
          };
        },
      ]) {
        const request = indexedDB.open(name, 3);
        listen('request', request, ['success', 'error', 'blocked']);
        const messages = await heard(async () => {
          setUp(request);
          await Promise.race([event(request, 'error'), event(request, 'success')]);
        });
        log(messages, request.error, request.transaction);
      }
      const db = await open();
      log(db.version, db.objectStoreNames);
    },
    { window: true },
  ),

  comparison(
    'events that are stopped on their way',
    async ({ open, log }) => {
      const db = await open(1, (db) => db.createObjectStore('s').put(1, 1));
      for (const stop of ['stopPropagation', 'stopImmediatePropagation'] as const) {
        for (const captures of [true, false]) {
          const order: string[] = [];
          const transaction = db.transaction('s', 'readwrite');
          const requests = [transaction.objectStore('s').put(2, 2), transaction.objectStore('s').add(1, 1)];
          const listener = (event: Event) => {
            order.push(`db ${event.type} ${event.eventPhase}`);
            event[stop]();
          };
          const both = ['success', 'error', 'abort', 'complete'];
          for (const type of both) db.addEventListener(type, listener, captures);
          for (const type of both) transaction.addEventListener(type, () => order.push(`transaction ${type}`));
          for (const request of requests) {
            for (const type of both) request.addEventListener(type, () => order.push(`request ${type}`));
          }
          const end = new Promise<void>((resolve) => {
            const check = () => (transaction.error === null ? setTimeout(check, 5) : setTimeout(resolve, 20));
            check();
          });
          await end;
          for (const type of both) db.removeEventListener(type, listener, captures);
          log(stop, captures, order, transaction.error);
        }
      }
      log(await result(db.transaction('s').objectStore('s').getAllKeys()));
    },
    { window: true },
  ),
];
