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
  try {
    await db.open();
    await sync.now({ signal: AbortSignal.timeout(PATIENCE_MILLIS) });
  } finally {
    await sync.close();
    db.close();
  }
}
