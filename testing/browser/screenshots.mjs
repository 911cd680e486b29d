/** Plays a little of the demo, on data of its own, and takes its pictures; see bin/screenshots. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { CHROMIUM } from './src/chromium.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const images = join(root, 'docs/images');
const folder = mkdtempSync(join(tmpdir(), 'watersmeet-screenshots-'));

const demo = spawn(join(root, 'bin/demo'), ['--port', '0', '--data', folder], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(demo, 'exit');

async function address() {
  for await (const line of createInterface({ input: demo.stdout })) {
    const found = /ready at (http:\/\/\S+?)\/?(\s|$)/.exec(line);
    if (found) return found[1];
  }
  throw new Error('The demo ended before it was ready; what it said stands above');
}

const pane = (page, side) => page.frameLocator(`[data-testid=pane-${side}]`);
const phase = (page, side, wanted) => pane(page, side).locator(`[data-testid=status][data-phase=${wanted}]`).waitFor();
const row = (page, side, at) => pane(page, side).getByTestId('item').nth(at);

async function write(field, text) {
  await field.fill(text);
  await field.press('Enter');
}

/** Both edit the same note while offline; the right comes back and edits more, the left comes back and sees what it has overruled. */
async function play(page) {
  await phase(page, 'left', 'live');
  await phase(page, 'right', 'live');
  await pane(page, 'left').getByTestId('fill').click();
  await row(page, 'right', 3).waitFor();

  await page.getByTestId('both-online').click();
  for (const side of ['left', 'right']) await phase(page, side, 'offline');
  await write(row(page, 'right', 0).getByTestId('item-note'), 'Reorder on Friday');
  await write(row(page, 'right', 0).getByTestId('item-tag-add'), 'counted');
  await write(row(page, 'left', 0).getByTestId('item-note'), 'Top shelf, behind the rope');
  await row(page, 'left', 0).getByTestId('item-more').click();

  await pane(page, 'right').getByTestId('online').click();
  await phase(page, 'right', 'live');
  await pane(page, 'right').getByTestId('status-pending').waitFor({ state: 'hidden' });
  await pane(page, 'left').getByTestId('online').click();
  await phase(page, 'left', 'live');
  await pane(page, 'left').getByTestId('inside-toggle').click();
  const inspector = pane(page, 'left').getByTestId('inspector');
  await inspector.getByRole('tab', { name: 'Conflicts' }).click();
  await inspector.locator('.lost').first().waitFor();

  await pane(page, 'right').getByTestId('online').click();
  await phase(page, 'right', 'offline');
  await row(page, 'right', 1).getByTestId('item-more').click();
  await pane(page, 'right').getByTestId('status-pending').waitFor();
}

async function picture(page, name, colorScheme, options = {}) {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  for (const frame of page.frames()) {
    // Someone else's change glows for a while, and focus leaves a ring.
    await frame.evaluate(async () => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      await Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {})));
    });
  }
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(images, name), ...options });
}

try {
  const url = await address();
  const browser = await chromium.launch(CHROMIUM);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    await page.goto(url);
    await play(page);
    await picture(page, 'demo-light.png', 'light');
    await picture(page, 'demo-dark.png', 'dark');
  } finally {
    await browser.close();
  }
} finally {
  demo.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
