import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Watersmeet } from '@watersmeet/client';
import type Dexie from 'dexie';
import type { BrowserContext, Page } from 'playwright-core';
import { build, type InlineConfig, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openContext } from '../src/browser.ts';
import { examplesIn, freePort } from '../src/example.ts';
import { createFolder, type Folder } from '../src/folder.ts';
import { type JavaReplica, startReplica } from '../src/replica.ts';
import { type Server, startServer, TOKENS } from '../src/server.ts';
import { eventually } from '../src/waiting.ts';

declare global {
  var db: Dexie;
  var sync: Watersmeet;
}

const REPOSITORY = resolve(import.meta.dirname, '../../..');
const MODULES = resolve(REPOSITORY, 'node_modules');
const run = promisify(execFile);

let folder: Folder;
let project: string;
let server: Server;
let java: JavaReplica;
let site: PreviewServer;
let context: BrowserContext;
let page: Page;

/** A project as an application's developers have it: the client as npm installs it from its tarball, all else as it is installed here. */
beforeAll(async () => {
  folder = createFolder();
  project = folder.in('project');
  cpSync(resolve(import.meta.dirname, '../vite-app'), project, { recursive: true });
  await run('npm', ['pack', '--pack-destination', folder.path], { cwd: resolve(REPOSITORY, 'client-js') });
  const { version } = JSON.parse(readFileSync(resolve(REPOSITORY, 'client-js/package.json'), 'utf8'));
  const tarball = folder.in(`watersmeet-client-${version}.tgz`);
  const installed = folder.in('installed');
  mkdirSync(installed);
  writeFileSync(resolve(installed, 'package.json'), '{ "private": true }');
  const quietly = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund'];
  await run('npm', ['install', ...quietly, tarball], { cwd: installed });
  renameSync(resolve(installed, 'node_modules'), resolve(project, 'node_modules'));
  mkdirSync(resolve(project, 'node_modules/@types'));
  const { dependencies, devDependencies } = JSON.parse(readFileSync(resolve(project, 'package.json'), 'utf8'));
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    if (name !== '@watersmeet/client') symlinkSync(resolve(MODULES, name), resolve(project, 'node_modules', name));
  }
});
afterAll(async () => {
  await context?.close();
  await site?.close();
  await java?.stop();
  await server?.stop();
  folder.delete();
});

it('has what an application needs, and nothing else', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json'], { cwd: resolve(REPOSITORY, 'client-js') });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  expect(paths).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'package.json']));
  for (const entry of ['index', 'react', 'inspector', 'capture', 'batch']) {
    expect(paths).toEqual(expect.arrayContaining([`dist/${entry}.js`, `dist/${entry}.js.map`]));
  }
  const others = paths.filter(
    (path) => !/^(README\.md|LICENSE|package\.json|dist\/.*\.(js|js\.map|d\.ts))$/.test(path),
  );
  expect(others).toEqual([]);
});

it('says its types first, is free of side effects, and has each entry that it names', () => {
  const installed = resolve(project, 'node_modules/@watersmeet/client');
  const manifest = JSON.parse(readFileSync(resolve(installed, 'package.json'), 'utf8'));
  expect(manifest.sideEffects).toBe(false);
  for (const conditions of Object.values<Record<string, string>>(manifest.exports)) {
    expect(Object.keys(conditions)[0]).toBe('types');
    for (const file of Object.values(conditions))
      expect(readFileSync(resolve(installed, file)).length).toBeGreaterThan(0);
  }
});

it('is typechecked in a fresh project, declarations and the examples of the guides included', async () => {
  for (const guide of ['README.md', 'docs/add-sync-to-dexie.md', 'docs/add-sync-to-indexeddb.md']) {
    examplesIn(guide, 'ts').forEach((example, i) => {
      writeFileSync(resolve(project, `src/${guide.replaceAll('/', '-')}-${i}.ts`), `${example}\nexport {};\n`);
    });
  }
  const tsc = resolve(project, 'node_modules/typescript/bin/tsc');
  await run(tsc, ['-p', project]);
  const declarations = {
    extends: './tsconfig.json',
    compilerOptions: { skipLibCheck: false },
    include: ['node_modules/@watersmeet/client/dist/**/*.d.ts'],
    exclude: [],
  };
  writeFileSync(resolve(project, 'declarations.json'), JSON.stringify(declarations));
  await run(tsc, ['-p', resolve(project, 'declarations.json')]);
});

it('is built by Vite, and runs against the server', async () => {
  server = await startServer({ data: folder.in('data') });
  java = startReplica(server.url, 'shop', TOKENS.java);
  await java.put('a', { name: 'apple', tags: [], quantity: 1 });
  await java.sync();
  const port = await freePort();
  const config: InlineConfig = { root: project, configFile: false, logLevel: 'error' };
  await build(config);
  site = await preview({
    ...config,
    preview: { host: '127.0.0.1', port, strictPort: true, proxy: { '/v1': server.url } },
  });
  context = await openContext(folder.in('profile'));
  page = context.pages()[0] ?? (await context.newPage());
  page.on('pageerror', (error) => console.error('page:', error));
  await page.goto(`http://127.0.0.1:${port}/`);
  await shows('#items', 'apple');
  await shows('#status', 'live, 0 to send');
});

it('has React show what arrives', async () => {
  await java.put('b', { name: 'bread', tags: [], quantity: 1 });
  await java.sync();
  await shows('#items', 'applebread');
});

it('has React show what waits, and what met', async () => {
  await page.evaluate(() => sync.disconnect());
  await shows('#status', 'offline, 0 to send');
  await page.evaluate(() => db.table('items').update('a', { name: 'almond' }));
  await shows('#pending', 'a');
  await shows('#status', 'offline, 1 to send');
  await page.click('#toggle');
  await page.click('#toggle');
  await shows('#pending', 'a');

  await java.edit('a', { name: 'apricot' });
  await java.sync();
  await page.evaluate(() => sync.connect());
  await page.evaluate(() => sync.now());
  await shows('#pending', '');
  await shows('#conflicts', 'name: almond or apricotseen');
  await shows('#items', 'apricotbread');
  await page.click('#conflicts button');
  await shows('#conflicts', '');
});

it('has React show what was refused, and make it again', async () => {
  await page.route('**/sync', async (route) => {
    const body = route.request().postDataJSON() as { push?: { documents: { cells: unknown[][] }[] } };
    // A stamp from the future, as of a damaged client.
    for (const document of body.push?.documents ?? [])
      for (const cell of document.cells) cell[1] = `7${'Z'.repeat(25)}`;
    await route.continue({ postData: JSON.stringify(body) });
  });
  await page.evaluate(() => db.table('items').update('b', { name: 'bun' }));
  await shows('#refused', 'bun: stamp-from-futureagain');
  await shows('#items', 'apricotbread');
  await page.unroute('**/sync');
  await page.click('#refused button');
  await shows('#refused', '');
  await shows('#items', 'apricotbun');
  await eventually('the edit is confirmed', async () => {
    await java.sync();
    return (await java.get('b'))?.name === 'bun' ? true : undefined;
  });
});

function shows(selector: string, text: string): Promise<unknown> {
  return eventually(`${selector} shows ${text}`, async () =>
    (await page.locator(selector).textContent()) === text ? true : undefined,
  );
}
