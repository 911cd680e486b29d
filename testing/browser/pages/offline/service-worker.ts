import { openShop } from './shop.ts';

type SyncEvent = Event & { readonly tag: string; waitUntil(done: Promise<void>): void };

const PATIENCE_MILLIS = 60_000;

addEventListener('sync', (event) => {
  const { tag } = event as SyncEvent;
  if (tag === 'edits') (event as SyncEvent).waitUntil(sendEdits());
});

/** Sends what is pending, or sees a page do so. Where that fails, the browser tries again later. */
async function sendEdits(): Promise<void> {
  const { sync, db } = openShop();
  await db.open();
  try {
    await new Promise<void>((resolve, reject) => {
      sync.status.subscribe(({ phase, pending, problem }) => {
        if ((phase === 'live' || phase === 'polling') && pending === 0) resolve();
        if (phase === 'failed') reject(new Error(problem?.detail));
      });
      setTimeout(() => reject(new Error('the server was not reached')), PATIENCE_MILLIS);
    });
  } finally {
    db.close();
    sync.close();
  }
}
