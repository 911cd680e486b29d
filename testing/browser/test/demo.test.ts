import type { FrameLocator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openContext } from '../src/browser.ts';
import { createFolder, type Folder } from '../src/folder.ts';
import { type Server, startDemo } from '../src/server.ts';
import { eventually } from '../src/waiting.ts';

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

it('shows what a replica holds', async () => {
  const left = pane('left');
  await left.getByTestId('held-toggle').click();
  await left.getByTestId('held-delivered').getByTestId('cell').first().waitFor();
  const paths = await left
    .getByTestId('cell')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-path') ?? ''));
  expect(paths.some((path) => path.startsWith('["s","tags"'))).toBe(true);
});

it('answers that it is well', async () => {
  const health = await fetch(`${server.url}/health`);
  expect(health.status).toBe(200);
  expect(await health.json()).toEqual({ status: 'up' });
});
