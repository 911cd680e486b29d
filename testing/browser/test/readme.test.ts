import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { openContext } from '../src/browser.ts';
import { createFolder } from '../src/folder.ts';
import { startReplica } from '../src/replica.ts';
import { eventually } from '../src/waiting.ts';

const REPOSITORY = resolve(import.meta.dirname, '../../..');

/** The code of a language as it stands in the README. */
function example(language: string): string {
  const readme = readFileSync(resolve(REPOSITORY, 'README.md'), 'utf8');
  const found = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(readme)?.[1];
  if (found === undefined) throw new Error(`the README has no example in ${language}`);
  return found;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

it('runs the examples of the README against each other', async () => {
  const folder = createFolder();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  writeFileSync(folder.in('Shop.java'), example('java'));
  const classpath = [
    resolve(REPOSITORY, 'server/target/watersmeet-server.jar'),
    resolve(REPOSITORY, 'server/target/lib/*'),
  ];
  const shop = spawn(
    'java',
    ['-Xmx256m', '-cp', classpath.join(':'), folder.in('Shop.java'), String(port), folder.in('data')],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    await eventually('the Java example serves', async () => ((await fetch(url)).status > 0 ? true : undefined), 60_000);

    const script = await build({
      stdin: { contents: example('ts'), loader: 'ts', resolveDir: resolve(import.meta.dirname, '..') },
      bundle: true,
      format: 'esm',
      target: 'es2022',
      write: false,
    });
    const context = await openContext(folder.in('profile'));
    await context.route(`${url}/page`, (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<!doctype html><script type="module" src="/page.js"></script>',
      }),
    );
    await context.route(`${url}/page.js`, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: script.outputFiles[0]?.text as string }),
    );
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(`${url}/page`);
    await page.waitForFunction(() => document.title === 'todos (live)');

    const java = startReplica(url, 'shop-7', 'token-of-ada', 'todos', { tags: 'set', votes: 'counter' });
    await java.sync();
    expect(await java.all()).toEqual({
      milk: { title: 'Buy oat milk', tags: ['shop'], votes: 1 },
      bread: { title: 'Bake bread', tags: [], votes: 0 },
    });
    await java.stop();
    const titles = await page.evaluate(
      () =>
        new Promise<string[]>((done) => {
          indexedDB.open('shop').onsuccess = (opened) => {
            const store = (opened.target as IDBOpenDBRequest).result.transaction('todos').objectStore('todos');
            store.getAll().onsuccess = (read) =>
              done((read.target as IDBRequest<{ title: string }[]>).result.map(({ title }) => title));
          };
        }),
    );
    expect(titles.toSorted()).toEqual(['Bake bread', 'Buy oat milk']);
    await context.close();
  } finally {
    shop.kill('SIGKILL');
    await once(shop, 'exit');
    folder.delete();
  }
});
