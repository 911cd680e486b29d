import { cpSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Browser, launch } from '../src/browser.ts';
import { createFolder, type Folder } from '../src/folder.ts';
import { type JavaReplica, startReplica } from '../src/replica.ts';
import { live } from '../src/replicas.ts';
import { type Server, startServer, TOKENS } from '../src/server.ts';
import { eventually } from '../src/waiting.ts';

let folder: Folder;
let server: Server;
let java: JavaReplica;

beforeAll(async () => {
  folder = createFolder();
  server = await startServer({ data: folder.in('data') });
  java = startReplica(server.url, 'shop', TOKENS.java);
});
afterAll(async () => {
  await java.stop();
  await server.stop();
  folder.delete();
});

const open = (profile: string) =>
  launch({ profile: folder.in(profile), url: server.url, flavour: 'idb', space: 'shop', token: TOKENS.ada });

const connect = (browser: Browser, on: boolean) =>
  browser.run(({ sync }, wanted) => (wanted ? sync.connect() : sync.disconnect()), on);

it('goes on in both copies of a profile, and what either counts counts once', async () => {
  const original = await open('ada');
  await live(original);
  await original.run(({ app }) => app.put({ id: 'a', name: 'box', tags: [], quantity: 2 }));
  await quantityIs(2);
  await live(original);
  await original.close();
  cpSync(folder.in('ada'), folder.in('copy'), { recursive: true });

  const browsers = await Promise.all([open('ada'), open('copy')]);
  for (const [i, browser] of browsers.entries()) {
    await live(browser);
    await connect(browser, false);
    await browser.run(({ app }, by) => app.count('a', by), i + 3);
  }
  for (const browser of browsers) await connect(browser, true);
  await quantityIs(2 + 3 + 4);
  for (const browser of browsers) await browser.run(({ app }) => app.count('a', 10)); // each under an id of its own by now
  await quantityIs(2 + 3 + 4 + 20, browsers);
  await Promise.all(browsers.map((browser) => browser.close()));
});

/** Waits until a Java replica, and browsers, show that all that was counted counts once. */
function quantityIs(quantity: number, browsers: readonly Browser[] = []): Promise<true> {
  return eventually('all have counted all', async () => {
    await java.sync();
    const items = [await java.get('a'), ...(await Promise.all(browsers.map(first)))];
    expect(items.map((item) => item?.quantity)).toEqual(items.map(() => quantity));
    return true as const;
  });
}

const first = (browser: Browser) => browser.run(async ({ app }) => (await app.all())[0]);
