// The browser client in Chromium, beside the browser's own IndexedDB and its rivals: `bin/bench client [--quick] [--json | --readme=FILE]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { CHROMIUM } from '../../testing/browser/src/chromium.mjs';
import { allDocuments } from './documents.mjs';
import { head, line, scores, writeReadme } from './report.mjs';
import { measureSync } from './sync.mjs';

const README = '--readme=';
const known = ['--quick', '--json', `${README}FILE`];
const flags = process.argv.slice(2);
const strange = flags.find((flag) => !known.includes(flag) && !flag.startsWith(README));
if (strange !== undefined) {
  console.error(`bin/bench client knows ${known.join(', ')}, not ${strange}`);
  process.exit(2);
}
const quick = flags.includes('--quick');
const json = flags.includes('--json');
const readme = flags.find((flag) => flag.startsWith(README))?.slice(README.length);
const rounds = quick ? 3 : 7;

const bundled = async (options) =>
  (await build({ bundle: true, write: false, target: 'es2022', minify: true, ...options })).outputFiles[0].text;
const entry = (path) =>
  bundled({
    entryPoints: [resolve(import.meta.dirname, '../../client-js/src', path)],
    external: ['react'],
    format: 'esm',
  });
const client = await entry('index.ts');
const entries = ['capture', 'inspector', 'react'];
const script = await bundled({
  stdin: {
    contents: `
      import { pouchWorkloads, rivals } from './rivals.mjs';
      import { allDocuments } from './documents.mjs';
      import { syncWorkloads } from './sync-workloads.ts';
      import { workloads } from './workloads.ts';
      Object.assign(window, workloads, syncWorkloads, pouchWorkloads, {
        allDocuments,
        rivalWorkload: (name) => rivals[name](allDocuments()),
      });`,
    resolveDir: import.meta.dirname,
    loader: 'ts',
  },
  nodePaths: [resolve(import.meta.dirname, '../rivals/node_modules')],
  define: { global: 'globalThis' },
  format: 'iife',
});

const HTML = '<!doctype html><script src="/script.js"></script>';
const served = {
  '/script.js': ['text/javascript', script],
  '/documents.json': ['application/json', JSON.stringify(allDocuments())],
};
const server = createServer((request, response) => {
  const [type, body] = served[request.url] ?? ['text/html', HTML];
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const profile = mkdtempSync(join(tmpdir(), 'watersmeet-bench-'));
const context = await chromium.launchPersistentContext(profile, CHROMIUM);

const rows = [];
if (!json) head.forEach((text) => void console.log(text));
const row = (name, unit, ours, rest = {}) => {
  rows.push({ name, unit, ours, ...rest });
  console.log(json ? JSON.stringify(rows.at(-1)) : line(rows.at(-1)));
};
try {
  const page = await pageAt('127.0.0.1');
  const rivalPage = await pageAt('localhost'); // another site, so another process: what a rival still does when it has answered does not count as ours
  const [, version] = (await page.evaluate('navigator.userAgent')).match(/Chrome\/(\S+)/);
  const contenders = {
    native: 'putWorkload(false)',
    captured: 'putWorkload(true)',
    drained: 'drainWorkload()',
    arrived: 'arriveWorkload()',
    rxdb: `rivalWorkload('rxdb')`,
    pouchdb: `rivalWorkload('pouchdb')`,
  };
  const runs = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    // In turn, so that what slows the machine down slows all of them down.
    for (const [name, work] of Object.entries(contenders)) {
      const run = await (work.startsWith('rival') ? rivalPage : page).evaluate(work);
      if (round > 0) runs[name].push(run); // the first one warms up
    }
  }
  const native = ['IndexedDB', median(runs.native)];
  const rivals = { 'RxDB on Dexie': median(runs.rxdb), PouchDB: median(runs.pouchdb) };
  row('capture-put-10k', 'ms', median(runs.captured), { limit: native, goal: { limit: 1.3 } });
  const drained = median(runs.drained.map(({ time }) => time));
  row('capture-drain-10k', 'ms', drained, { limit: native, rivals, goal: { limit: 2, rival: 2 } });
  row('arrive-10k', 'ms', median(runs.arrived.map(({ time }) => time)), { limit: native, goal: { limit: 1.5 } });
  const { native: plain, captured: followed } = await page.evaluate(`readWorkload(${rounds * 3})`);
  const goals = { get: { limit: 1.05 }, getAll: { limit: 1.15 } };
  for (const read of Object.keys(plain)) {
    row(`read ${read}`, 'ms', followed[read], { limit: ['IndexedDB', plain[read]], goal: goals[read] });
  }
  const sync = await measureSync(context, script, page, quick ? 3 : 5, quick ? 100 : 400);
  const plainFirst = ['fetch and one put', median(sync.first.plain)];
  const firstRivals = { PouchDB: median(sync.first.pouch) };
  row('first-sync-10k', 'ms', median(sync.first.ours), {
    limit: plainFirst,
    rivals: firstRivals,
    goal: { limit: 1.5, rival: 5 },
  });
  for (const [percent, goal] of [
    [50, { most: 20, rival: 3 }],
    [99, {}],
  ]) {
    const { ours, pouch } = sync.latency;
    row(`edit-p${percent}`, 'ms', percentile(ours, percent), { rivals: { PouchDB: percentile(pouch, percent) }, goal });
  }
  row('long-task drain', 'ms', median(runs.drained.map(({ longest }) => longest)), { goal: { most: 50 } });
  row('long-task arrive', 'ms', median(runs.arrived.map(({ longest }) => longest)), { goal: { most: 50 } });
  row('bundle-gzip', 'kB', gzipSync(client).length / 1000, { goal: { most: 16 } });
  for (const name of entries) {
    row(`bundle-gzip ${name}`, 'kB', gzipSync(await entry(`${name}/index.ts`)).length / 1000);
  }
  if (!json) console.log(`\n${rows.map(scores).join('\n')}`);
  if (readme !== undefined) writeReadme(readme, rows, version, quick);
} finally {
  await context.close();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}

async function pageAt(host) {
  const page = await context.newPage();
  await page.goto(`http://${host}:${server.address().port}/`);
  return page;
}

function median(numbers) {
  return percentile(numbers, 50);
}

function percentile(numbers, percent) {
  return numbers.toSorted((one, other) => one - other)[Math.floor((numbers.length * percent) / 100)];
}
