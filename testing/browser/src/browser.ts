import { readdirSync, readFileSync } from 'node:fs';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { TestPage } from '../pages/main.ts';
import { applicationScript, PAGE, PAGE_HTML, SCRIPT } from './application.ts';
import { CHROMIUM } from './chromium.mjs';
import { isWrong } from './page-errors.ts';

export type Flavour = 'dexie' | 'idb' | 'raw' | 'next';

/** A page of the test application, in whatever browser. */
export interface Driven {
  /** Runs a function in the page, with what the page has started. */
  run<T>(work: (page: TestPage) => T | Promise<T>): Promise<T>;
  run<T, A>(work: (page: TestPage, argument: A) => T | Promise<T>, argument: A): Promise<T>;
  /** Closes the browser. */
  close(): Promise<void>;
}

/** A page beside which there can be others of the same browser. */
export interface DrivenTab extends Driven {
  /** The test application once more, in another tab, or another version of it. */
  openTab(flavour?: Flavour): Promise<DrivenTab>;
  /** Closes this tab alone. */
  closeTab(): Promise<void>;
}

/** Chromium with a profile on disk, and one page of the test application in it. */
export interface Browser extends DrivenTab {
  readonly context: BrowserContext;
  readonly page: Page;
  openTab(flavour?: Flavour): Promise<Browser>;
  /** Ends every process of the browser at once, as a crash does. */
  kill(): void;
}

export interface LaunchOptions {
  readonly profile: string;
  readonly url: string;
  readonly flavour: Flavour;
  readonly space: string;
  readonly token: string;
  /** Runs in the page before anything else. */
  readonly before?: () => void;
}

/** A browser with a profile on disk. */
export function openContext(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, CHROMIUM);
}

export async function launch({ profile, url, flavour, space, token, before }: LaunchOptions): Promise<Browser> {
  const context = await openContext(profile);
  const javascript = await applicationScript();
  // The page comes from the server's own origin, but does not need the server: an application that works offline.
  await context.route(`${url}${PAGE}`, (route) => route.fulfill({ contentType: 'text/html', body: PAGE_HTML }));
  await context.route(`${url}${SCRIPT}`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: javascript }),
  );
  if (before !== undefined) await context.addInitScript(before);
  const errors: string[] = [];
  const note = (text: string) => {
    if (isWrong(text)) errors.push(`page of ${token}: ${text}`);
  };
  const onPage = async (page: Page, flavour: Flavour): Promise<Browser> => {
    page.on('pageerror', (error) => note(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') note(message.text());
    });
    await page.goto(url + PAGE);
    await page.evaluate((options) => window.start(options), { flavour, space, token });
    return {
      context,
      page,
      run: async <T, A>(work: (page: TestPage, argument: A) => T | Promise<T>, argument?: A) => {
        if (errors.length > 0) throw new Error(errors.join('\n'));
        return page.evaluate<T>(expressionOf(work, argument));
      },
      openTab: async (other = flavour) => onPage(await context.newPage(), other),
      closeTab: () => page.close(),
      close: () => context.close(),
      kill: () => killProcessesOf(profile),
    };
  };
  return onPage(context.pages()[0] ?? (await context.newPage()), flavour);
}

/** Halts a page in whatever it does, as Chromium freezes those in the background; it freezes itself no page that it takes for visible, as it does all of a headless browser. Returns what has the page go on. */
export async function freeze(page: Page): Promise<() => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Debugger.enable');
  const stopped = new Promise((resolve) => devtools.once('Debugger.paused', resolve));
  const paused = devtools.send('Runtime.evaluate', { expression: 'debugger' });
  await stopped;
  return async () => {
    await Promise.all([paused, devtools.send('Debugger.disable')]);
  };
}

/** What to evaluate in a page, so that a function runs there with what the page has started. */
export function expressionOf<T, A>(work: (page: TestPage, argument: A) => T | Promise<T>, argument?: A): string {
  const value = argument === undefined ? 'undefined' : JSON.stringify(argument);
  return `(async () => (${work.toString()})(await window.started, ${value}))()`;
}

/** Every process that was started with the profile. */
export function killProcessesOf(profile: string): void {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`--user-data-dir=${profile}`))
        process.kill(Number(name), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
