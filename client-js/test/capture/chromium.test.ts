import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { scenarios } from './scenarios/index.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

describe.skipIf(!existsSync(executablePath))('in Chromium', () => {
  let profile: string;
  let server: Server;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    server = await serve(await bundle());
    profile = await mkdtemp(join(tmpdir(), 'capture-'));
    // Persistent: the default context does not keep IndexedDB on disk.
    context = await chromium.launchPersistentContext(profile, {
      executablePath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    page = await context.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });

  afterAll(async () => {
    await context?.close();
    server?.close();
    if (profile) await rm(profile, { recursive: true, force: true });
  });

  test.each(scenarios)('$name', async ({ name }) => {
    const failure = await page.evaluate((name) => (window as unknown as Runner).runScenario(name), name);
    if (failure !== undefined) throw new Error(failure);
  });
});

interface Runner {
  runScenario(name: string): Promise<string | undefined>;
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { scenarios } from './scenarios/index.ts';
        window.runScenario = (name) =>
          scenarios
            .find((scenario) => scenario.name === name)
            .run({ native: indexedDB, keyRange: IDBKeyRange, name })
            .then(() => undefined, (error) => String(error.stack ?? error));
      `,
      resolveDir: import.meta.dirname,
      loader: 'ts',
    },
    bundle: true,
    format: 'iife',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

async function serve(script: string): Promise<Server> {
  const server = createServer((request, response) => {
    const [type, body] =
      request.url === '/scenarios.js'
        ? ['text/javascript', script]
        : ['text/html', '<!doctype html><script src="/scenarios.js"></script>'];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
