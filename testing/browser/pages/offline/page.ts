import { openShop } from './shop.ts';

type WithSync = ServiceWorkerRegistration & { readonly sync?: { register(tag: string): Promise<void> } };

const { sync, db } = openShop();
await db.open();
const registration: WithSync = await navigator.serviceWorker.register('/service-worker.js');

/** Asks the browser to wake the service worker as soon as there is a network, also when this page is gone by then. */
function sendLater(): void {
  const { phase, pending } = sync.status.value;
  const isLeft = document.visibilityState === 'hidden';
  if (pending > 0 && (phase !== 'live' || isLeft)) registration.sync?.register('edits').catch(() => {}); // they go with the next page
}
sync.status.subscribe(sendLater);
document.addEventListener('visibilitychange', sendLater);

const form = document.forms[0] as HTMLFormElement;
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  await db.items.put({ id: crypto.randomUUID(), name: String(new FormData(form).get('name')) });
  form.reset();
});
form.hidden = false;
