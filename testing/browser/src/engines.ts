import { readdirSync, readFileSync } from 'node:fs';
import puppeteer, { type Page as FirefoxPage } from 'puppeteer-core';
import { freeze, killProcessesOf, openContext } from './browser.ts';

const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

export type Engine = 'Chromium' | 'Firefox';

/** A tab of a browser, whichever it is. */
export interface EngineTab {
  goto(url: string): Promise<void>;
  /** Evaluates an expression, which may yield a promise of JSON data. */
  evaluate<T>(expression: string): Promise<T>;
  /** Ends the tab as abruptly as the browser lets one: in Chromium its process, in Firefox the tab without asking the page. */
  kill(): Promise<void>;
  /** Halts the page until what it answers is called. Firefox offers nothing like it. */
  freeze?(): Promise<() => Promise<void>>;
}

/** A browser with a profile on disk. */
export interface EngineProfile {
  /** @param onError is told what pages write to the console as errors, and throw */
  openTab(onError: (text: string) => void): Promise<EngineTab>;
  close(): Promise<void>;
  /** Ends every process of the browser at once, as a crash does. */
  kill(): void;
}

export function openEngine(engine: Engine, profile: string): Promise<EngineProfile> {
  return engine === 'Chromium' ? openChromium(profile) : openFirefox(profile);
}

async function openChromium(profile: string): Promise<EngineProfile> {
  const context = await openContext(profile);
  return {
    async openTab(onError) {
      const page = await context.newPage();
      page.on('pageerror', (error) => onError(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') onError(message.text());
      });
      return {
        goto: async (url) => {
          await page.goto(url);
        },
        evaluate: (expression) => page.evaluate(expression),
        freeze: () => freeze(page),
        async kill() {
          const session = await context.newCDPSession(page);
          const crashed = page.waitForEvent('crash');
          session.send('Page.crash').catch(() => {}); // nobody is left to answer
          await crashed;
          await page.close();
        },
      };
    },
    close: () => context.close(),
    kill: () => killProcessesOf(profile),
  };
}

async function openFirefox(profile: string): Promise<EngineProfile> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    userDataDir: profile,
    protocolTimeout: 120_000,
    handleSIGINT: false,
  });
  return {
    async openTab(onError) {
      const page = await browser.newPage();
      page.on('pageerror', (error) => onError(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') onError(message.text());
      });
      return firefoxTab(page);
    },
    close: () => browser.close(),
    kill: () => killTree(browser.process()?.pid),
  };
}

function firefoxTab(page: FirefoxPage): EngineTab {
  return {
    goto: async (url) => {
      await page.goto(url);
    },
    evaluate: <T>(expression: string) => page.evaluate(expression) as Promise<T>,
    kill: () => page.close({ runBeforeUnload: false }),
  };
}

/** A process and all that it has started, and they. */
function killTree(root: number | undefined): void {
  if (root === undefined) return;
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      parents.set(Number(name), Number(parent));
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (pid: number): number[] => [
    pid,
    ...[...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => below(child)),
  ];
  for (const pid of below(root)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}
