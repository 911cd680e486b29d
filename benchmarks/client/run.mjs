// The browser client in Chromium, beside the browser's own IndexedDB: `bin/bench client [--quick] [--json]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const known = ['--quick', '--json'];
const flags = process.argv.slice(2);
const strange = flags.find((flag) => !known.includes(flag));
if (strange !== undefined) {
  console.error(`bin/bench client knows ${known.join(' and ')}, not ${strange}`);
  process.exit(2);
}
const quick = flags.includes('--quick');
const rounds = quick ? 3 : 7;

const bundled = async (options) =>
  (await build({ bundle: true, write: false, target: 'es2022', ...options })).outputFiles[0].text;
const client = await bundled({
  entryPoints: [resolve(import.meta.dirname, '../../client-js/src/index.ts')],
  format: 'esm',
  minify: true,
});
const script = await bundled({
  stdin: {
    contents: `import { workloads } from './workloads.ts'; Object.assign(window, workloads);`,
    resolveDir: import.meta.dirname,
    loader: 'ts',
  },
  format: 'iife',
});

const server = createServer((request, response) => {
  const isScript = request.url === '/script.js';
  response.writeHead(200, { 'content-type': `${isScript ? 'text/javascript' : 'text/html'}; charset=utf-8` });
  response.end(isScript ? script : '<!doctype html><script src="/script.js"></script>');
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const profile = mkdtempSync(join(tmpdir(), 'watersmeet-bench-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
});

const rows = [];
const row = (name, value, unit, goal, detail) => rows.push({ name, value, unit, goal, detail });
try {
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const times = { native: [], captured: [], drained: [] };
  let longest = 0;
  for (let round = 0; round <= rounds; round++) {
    // In turn, so that what slows the machine down slows all of them down.
    const native = await page.evaluate('putWorkload(false)');
    const captured = await page.evaluate('putWorkload(true)');
    const drained = await page.evaluate('drainWorkload()');
    if (round === 0) continue; // warms up
    times.native.push(native);
    times.captured.push(captured);
    times.drained.push(drained.time);
    longest = Math.max(longest, drained.longest);
  }
  const [native, captured, drained] = [times.native, times.captured, times.drained].map(median);
  row('capture-put-10k', captured / native, '× native', '≤ 1.3', `${ms(captured)} beside ${ms(native)}`);
  row('capture-drain-10k', drained / native, '× native', '≤ 2', `${ms(drained)} beside ${ms(native)}`);
  const { native: plain, captured: followed } = await page.evaluate(`readWorkload(${rounds * 3})`);
  const goals = { get: '≤ 1.05', getAll: '≤ 1.15' };
  for (const read of Object.keys(plain)) {
    row(
      `read ${read}`,
      followed[read] / plain[read],
      '× native',
      goals[read],
      `${ms(followed[read])} beside ${ms(plain[read])}`,
    );
  }
  row('long-task', longest, 'ms', '≤ 50', 'while 10,000 documents drain; 0 if none takes 50 ms');
  row('bundle-gzip', gzipSync(client).length / 1000, 'kB', '≤ 16', 'capture, sync and merge');
} finally {
  await context.close();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}

for (const { name, value, unit, goal, detail } of rows) {
  if (flags.includes('--json')) console.log(JSON.stringify({ name, value, unit, goal, detail }));
  else
    console.log(
      `${name.padEnd(20)} ${value.toFixed(2).padStart(7)} ${unit.padEnd(8)} ${(goal ?? '').padEnd(7)} ${detail}`,
    );
}

function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

function ms(time) {
  return `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`;
}
