import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOCUMENTS } from './documents.mjs';
import { startOurs, startPouch, TOKEN } from './servers.mjs';

/** Names of spaces, and of the rival's databases: one for each row. */
const [FIRST, EDITS, WARMING] = ['first', 'edits', 'warming'];
/** How many single writes each server has seen before edits are measured: it compiles what runs often. */
const WARMED = 3000;
/** How many edits one contender makes before it is the other's turn. */
const TURN = 20;

/**
 * The client against servers: first synchronisation and edits on their way, beside PouchDB that replicates with pouchdb-server.
 *
 * @param {import('playwright-core').BrowserContext} context
 * @param {string} script defines the workloads
 * @param {import('playwright-core').Page} plainPage of the server that has all documents as one answer
 * @param {number} rounds
 * @param {number} edits how many to measure
 */
export async function measureSync(context, script, plainPage, rounds, edits) {
  const folder = mkdtempSync(join(tmpdir(), 'watersmeet-bench-'));
  const servers = [];
  try {
    const ours = await startOurs(join(folder, 'ours'));
    servers.push(ours);
    const pouch = await startPouch(join(folder, 'pouch'));
    servers.push(pouch);
    const pageAt = (host, { port }) => openPage(context, `http://${host}:${port}`, script);
    const first = await measureFirst(
      { ours: await pageAt('127.0.0.1', ours), plain: plainPage, pouch: await pageAt('localhost', pouch) },
      rounds,
    );
    const latency = await measureEdits(
      {
        ours: [await pageAt('127.0.0.1', ours), await pageAt('localhost', ours)],
        pouch: [await pageAt('127.0.0.1', pouch), await pageAt('localhost', pouch)],
      },
      edits,
    );
    return { first, latency };
  } finally {
    await Promise.all(servers.map(({ stop }) => stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A page of a server's origin that the server does not have. Nothing stands between the page and the server once it is loaded. */
async function openPage(context, origin, script) {
  const page = await context.newPage();
  const html = `<!doctype html><script>${script.replaceAll('</script', '<\\/script')}</script>`;
  await page.route(`${origin}/benchmark`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto(`${origin}/benchmark`);
  await page.unrouteAll();
  return page;
}

async function measureFirst({ ours, plain, pouch }, rounds) {
  await ours.evaluate(`seed('${FIRST}', '${TOKEN}')`);
  await pouch.evaluate(`pouchSeed('${FIRST}', allDocuments())`);
  const times = { ours: [], plain: [], pouch: [] };
  for (let round = 0; round <= rounds; round++) {
    // In turn, so that what slows the machine down slows all of them down.
    const run = {
      plain: await plain.evaluate(`plainFirst('/documents.json')`),
      ours: await ours.evaluate(`firstSync('${FIRST}', '${TOKEN}')`),
      pouch: await pouch.evaluate(`pouchFirst('${FIRST}', ${DOCUMENTS})`),
    };
    if (round > 0) for (const name of Object.keys(times)) times[name].push(run[name]); // the first one warms up
  }
  return times;
}

async function measureEdits({ ours, pouch }, edits) {
  await ours[0].evaluate(`seed('${WARMING}', '${TOKEN}', ${WARMED}, 1)`);
  await pouch[0].evaluate(`pouchWarm('${WARMING}', ${WARMED})`);
  await Promise.all(ours.map((page) => page.evaluate(`follow('${EDITS}', '${TOKEN}')`)));
  await Promise.all(pouch.map((page) => page.evaluate(`pouchFollow('${EDITS}')`)));
  const times = { ours: [], pouch: [] };
  for (let turn = 0; turn * TURN <= edits; turn++) {
    for (const [name, pages, edit, arrival] of [
      ['ours', ours, 'edit', 'arrival'],
      ['pouch', pouch, 'pouchEdit', 'pouchArrival'],
    ]) {
      const took = [];
      for (let i = 0; i < TURN; i++) took.push(await timeEdit(pages, edit, arrival, `${turn}-${i}`));
      if (turn > 0) times[name].push(...took); // the first turn warms up
    }
  }
  return times;
}

/** One edit, from before it is put in one page until the other page has been told of it. */
async function timeEdit([writer, reader], edit, arrival, id) {
  await reader.evaluate(`void (window.arrived = ${arrival}('${id}'))`);
  const start = await writer.evaluate(`${edit}('${id}', 'title of ${id}')`);
  return (await reader.evaluate('arrived')) - start;
}
