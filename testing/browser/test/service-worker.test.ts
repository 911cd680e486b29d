import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BrowserContext, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundled } from '../src/application.ts';
import { openContext } from '../src/browser.ts';
import { createFolder, type Folder } from '../src/folder.ts';
import { type Gateway, startGateway } from '../src/gateway.ts';
import { type JavaReplica, startReplica } from '../src/replica.ts';
import { type Server, startServer, TOKENS } from '../src/server.ts';
import { eventually } from '../src/waiting.ts';

const GUIDE = resolve(import.meta.dirname, '../../../docs/service-worker.md');
const PAGES = '../pages/offline';

let folder: Folder;
let server: Server;
let gateway: Gateway;
let java: JavaReplica;
let context: BrowserContext;

beforeAll(async () => {
  folder = createFolder();
  server = await startServer({ data: folder.in('data') });
  gateway = await startGateway(server.port, new Map([[TOKENS.ada, 'ada']]));
  gateway.serve(
    '/',
    'text/html',
    '<!doctype html><form hidden><input name="name"></form><script type="module" src="/page.js"></script>',
  );
  gateway.serve('/page.js', 'text/javascript', await bundled(`${PAGES}/page.ts`, 'esm'));
  gateway.serve('/service-worker.js', 'text/javascript', await bundled(`${PAGES}/service-worker.ts`));
  gateway.serve('/session/token', 'text/plain', TOKENS.ada);
  java = startReplica(gateway.url, 'shop', TOKENS.java);
  context = await openContext(folder.in('profile'));
});
afterAll(async () => {
  await context.close();
  await java.stop();
  await gateway.close();
  await server.stop();
  folder.delete();
});

it.each(['shop', 'page', 'service-worker'])('is what the guide shows: %s.ts', (name) => {
  const code = readFileSync(resolve(import.meta.dirname, PAGES, `${name}.ts`), 'utf8');
  expect(readFileSync(GUIDE, 'utf8')).toContain(`\`\`\`ts\n// ${name}.ts\n${code}\`\`\``);
});

it('sends, from the service worker, what a page had not sent when it was closed', async () => {
  const watching = await context.newPage(); // of the same origin, or it would not be told of the worker
  await watching.goto(`${gateway.url}/session/token`);
  const session = await context.newCDPSession(watching);
  const registration = registrationOf(session);
  const page = await context.newPage();
  await page.goto(gateway.url);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  gateway.setCut('ada', true);
  await page.fill('input', 'left behind');
  await page.press('input', 'Enter');
  await page.waitForFunction(async () => {
    const { sync } = (await navigator.serviceWorker.ready) as unknown as { sync: { getTags(): Promise<string[]> } };
    return (await sync.getTags()).includes('edits');
  });
  await page.close();

  // The browser has woken the worker already, as it knows nothing of the cut, and would do so again in some minutes.
  gateway.heal();
  await session.send('ServiceWorker.dispatchSyncEvent', {
    origin: gateway.url,
    registrationId: await registration,
    tag: 'edits',
    lastChance: false,
  });
  const names = await eventually('the edit has arrived', async () => {
    await java.sync();
    const items = Object.values(await java.all());
    return items.length === 0 ? undefined : items.map(({ name }) => name);
  });
  expect(names).toEqual(['left behind']);
});

/** The id by which the browser knows the registration of a service worker. */
async function registrationOf(session: CDPSession): Promise<string> {
  const registered = new Promise<string>((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0] !== undefined) resolve(registrations[0].registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  return registered;
}
