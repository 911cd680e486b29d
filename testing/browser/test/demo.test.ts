import axe from 'axe-core';
import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openContext } from '../src/browser.ts';
import { createFolder, type Folder } from '../src/folder.ts';
import { type Server, startDemo } from '../src/server.ts';
import { eventually } from '../src/waiting.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

let folder: Folder;
let server: Server;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  folder = createFolder();
  server = await startDemo(folder.in('data'));
  const context = await openContext(folder.in('profile'));
  page = context.pages()[0] ?? (await context.newPage());
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  await page.goto(server.url);
});
afterAll(async () => {
  await page.context().close();
  await server.stop();
  folder.delete();
});

const pane = (side: 'left' | 'right') => page.frameLocator(`[data-testid=pane-${side}]`);
const phase = (side: FrameLocator, wanted: string) =>
  side.locator(`[data-testid=status][data-phase=${wanted}]`).waitFor({ timeout: 20_000 });

async function item(side: 'left' | 'right'): Promise<{ name: string; quantity: string; tags: string[] }> {
  const first = pane(side).getByTestId('item').first();
  return {
    name: await first.getByTestId('item-name').inputValue(),
    quantity: ((await first.getByTestId('item-quantity').textContent()) ?? '').trim(),
    tags: await first
      .getByTestId('item-tag')
      .evaluateAll((tags) => tags.map((tag) => tag.getAttribute('data-tag') ?? '')),
  };
}

async function same(): Promise<Awaited<ReturnType<typeof item>>> {
  return eventually('both panes show the same', async () => {
    const [left, right] = [await item('left'), await item('right')];
    if (JSON.stringify(left) !== JSON.stringify(right)) throw new Error(JSON.stringify({ left, right }));
    return left;
  });
}

it('shows two replicas that part and meet', async () => {
  await phase(pane('left'), 'live');
  await phase(pane('right'), 'live');
  await pane('left').getByTestId('fill').click();
  await pane('right').getByTestId('item').first().waitFor();
  const before = await same();

  for (const side of ['left', 'right'] as const) {
    await pane(side).getByTestId('online').click();
    await phase(pane(side), 'offline');
  }
  for (const side of ['left', 'right'] as const) {
    const first = pane(side).getByTestId('item').first();
    await first.getByTestId('item-more').click();
    await first.getByTestId('item-tag-add').fill(side);
    await first.getByTestId('item-tag-add').press('Enter');
    await first.locator(`li[data-tag=${side}]`).waitFor();
  }
  for (const side of ['left', 'right'] as const) await pane(side).getByTestId('online').click();
  await phase(pane('left'), 'live');
  await phase(pane('right'), 'live');

  const after = await eventually('both have both edits', async () => {
    const now = await same();
    return now.tags.includes('left') && now.tags.includes('right') ? now : undefined;
  });
  expect(Number(after.quantity)).toBe(Number(before.quantity) + 2);
  expect(problems).toEqual([]);
});

it('shows inside a replica what it holds, hostile values as text, and what was lost', async () => {
  const left = pane('left');
  await left.getByTestId('inside-toggle').click();
  const inspector = left.getByTestId('inspector');
  const name = left.getByTestId('item').first().getByTestId('item-name');
  await name.fill(HOSTILE);
  await name.press('Enter');
  await inspector.locator('[data-layer=delivered] [data-path=\'["r","name"]\'] .value').getByText(HOSTILE).waitFor();
  expect(await inspector.locator('img').count()).toBe(0);
  const colours = (name: string) => inspector.getByRole('tab', { name }).evaluate((tab) => getComputedStyle(tab).color);
  expect(await colours('Cells'), "the page's own colours").not.toBe(await colours('Status'));

  await page.getByTestId('both-online').click();
  for (const side of ['right', 'left'] as const) {
    await phase(pane(side), 'offline');
    const note = pane(side).getByTestId('item').first().getByTestId('item-note');
    await note.fill(`as the ${side} says`);
    await note.press('Enter');
  }
  // What the right has delivered meets what the left has not.
  await pane('right').getByTestId('online').click();
  await phase(pane('right'), 'live');
  await pane('right').getByTestId('status-pending').waitFor({ state: 'hidden' });
  await pane('left').getByTestId('online').click();
  await inspector.getByRole('tab', { name: 'Cells' }).press('ArrowRight');
  expect(await inspector.getByRole('tab', { name: 'Conflicts' }).getAttribute('aria-selected')).toBe('true');
  await inspector.locator('.won', { hasText: 'as the left says' }).waitFor();
  await inspector.locator('.lost', { hasText: 'as the right says' }).waitFor();
  expect(problems).toEqual([]);
});

it('shows what Java code on the server edits', async () => {
  const before = Number((await same()).quantity);
  await pane('left').getByTestId('item').first().getByTestId('item-more').click();
  await eventually('one more', async () => Number((await same()).quantity) === before + 1 || undefined);
  await page.getByTestId('robot').click();
  await eventually('five more', async () => Number((await same()).quantity) === before + 6 || undefined);
  expect((await same()).tags).toContain('counted');
});

it('takes orders only from its own pages', async () => {
  const { control } = (await (await fetch(`${server.url}/demo.json`)).json()) as { control: string };
  const kill = (headers: Record<string, string>) =>
    fetch(`${server.url}/demo/control/kill`, { method: 'POST', headers });
  const own = { Origin: server.url };
  expect((await kill({ ...own, Authorization: 'Bearer another' })).status).toBe(403);
  expect((await kill({ Origin: 'http://elsewhere.example', Authorization: `Bearer ${control}` })).status).toBe(403);
  expect((await kill({ Authorization: `Bearer ${control}` })).status).toBe(403);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

/** What axe-core says against a frame and all within it. */
async function violations(of: Frame): Promise<string[]> {
  for (const frame of [of, ...of.childFrames()]) await frame.evaluate(axe.source);
  return of.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const found = await axe.run();
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${String(node.target)} ${node.failureSummary}`),
    );
  });
}

it.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 360],
  ['dark', 360],
] as const)('is accessible, as axe-core sees it, when it is %s and %i pixels wide', async (colorScheme, width) => {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height: 720 });
  expect(await violations(page.mainFrame())).toEqual([]);
});

it('can be used by the keyboard alone, and says how long an edit has taken', async () => {
  const before = Number((await same()).quantity);
  const more = (side: 'left' | 'right') => pane(side).getByTestId('item').first().getByTestId('item-more');
  await page.getByTestId('both-online').focus();
  await page.keyboard.press('Space');
  for (const side of ['left', 'right'] as const) {
    await phase(pane(side), 'offline');
    await tabTo(more(side), 'Tab');
    await page.keyboard.press('Enter');
  }
  await tabTo(page.getByTestId('both-online'), 'Shift+Tab');
  await page.keyboard.press('Space');
  await eventually('both have counted both', async () => Number((await same()).quantity) === before + 2 || undefined);
  await tabTo(more('left'), 'Tab');
  await page.keyboard.press('Space');
  await eventually('the right has it', async () => Number((await same()).quantity) === before + 3 || undefined);
  await page
    .getByTestId('latency')
    .getByText(/^→ [\d,]+ ms$/)
    .waitFor();
  expect(problems).toEqual([]);
});

/** Goes on from what has the focus until something else has it, which has to show that. */
async function tabTo(wanted: Locator, key: 'Tab' | 'Shift+Tab'): Promise<void> {
  for (let presses = 0; presses < 200; presses++) {
    await page.keyboard.press(key);
    if (await wanted.evaluate((element) => document.hasFocus() && document.activeElement === element)) {
      expect(await wanted.evaluate((element) => getComputedStyle(element).outlineStyle)).not.toBe('none');
      return;
    }
  }
  throw new Error(`the keyboard does not lead to ${wanted}`);
}

it('is accessible with each tab of the inspector', async () => {
  await page.setViewportSize({ width: 1280, height: 720 });
  const inspector = pane('left').getByTestId('inspector');
  const frame = await (await page.getByTestId('pane-left').elementHandle())?.contentFrame();
  if (!frame) throw new Error('the left pane has no page');
  for (const name of ['Status', 'Outbox', 'Cells', 'Conflicts', 'Refused', 'Local']) {
    await inspector.getByRole('tab', { name }).click();
    await inspector.getByRole('tabpanel', { name }).waitFor();
    expect(await violations(frame), name).toEqual([]);
  }
});

it('loses nothing when the server is killed meanwhile', async () => {
  const before = Number((await same()).quantity);
  await page.getByTestId('kill').click();
  await page.locator('[data-testid=server][data-up=false]').waitFor();
  for (const side of ['left', 'right'] as const) {
    await pane(side).getByTestId('item').first().getByTestId('item-more').click();
  }
  await page.locator('[data-testid=server][data-up=true]').waitFor();
  expect(server.log()).toContain('The server was killed; starting it again');
  await eventually(
    'both edits are on both sides',
    async () => Number((await same()).quantity) === before + 2 || undefined,
  );
});

it('answers that it is well', async () => {
  const health = await fetch(`${server.url}/health`);
  expect(health.status).toBe(200);
  expect(await health.json()).toEqual({ status: 'up' });
});
