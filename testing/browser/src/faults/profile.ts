import type { TestPage } from '../../pages/main.ts';
import { PAGE } from '../application.ts';
import { expressionOf, type Flavour } from '../browser.ts';
import { type Engine, type EngineProfile, type EngineTab, openEngine } from '../engines.ts';

/** A tab with the test application. */
export interface AppTab {
  run<T>(work: (page: TestPage) => T | Promise<T>): Promise<T>;
  run<T, A>(work: (page: TestPage, argument: A) => T | Promise<T>, argument: A): Promise<T>;
}

/** A browser with a profile on disk and some tabs of the test application, all of which may die. */
export interface AppProfile {
  readonly name: string;
  readonly tabs: readonly AppTab[];
  /** Another tab, of this or another version of the application, beside those that die and come back. */
  openTab(flavour?: Flavour): Promise<EngineTab & AppTab>;
  /** What the pages authenticate by, from now on and in tabs that are opened later. */
  setToken(token: string): Promise<void>;
  reload(tab: number): Promise<void>;
  /** Ends a tab abruptly and opens another one in its place. */
  killTab(tab: number): Promise<void>;
  /** Ends the browser abruptly and starts it again with the same profile. */
  killBrowser(): Promise<void>;
  /** What is wrong as the pages themselves say. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export interface ProfileOptions {
  readonly name: string;
  readonly engine: Engine;
  readonly flavour: Flavour;
  readonly folder: string;
  readonly url: string;
  readonly space: string;
  readonly token: string;
  readonly tabs: number;
}

export async function openProfile(options: ProfileOptions): Promise<AppProfile> {
  const { name, engine, folder, url, space } = options;
  const errors: string[] = [];
  let token = options.token;
  let browser: EngineProfile = await openEngine(engine, folder);
  const tabs: (EngineTab & AppTab)[] = [];

  async function start(tab: EngineTab, flavour = options.flavour): Promise<void> {
    await tab.goto(url + PAGE);
    await tab.evaluate(`start(${JSON.stringify({ flavour, space, token })})`);
  }

  async function openTab(flavour?: Flavour): Promise<EngineTab & AppTab> {
    const tab = await browser.openTab((text) => {
      if (isError(text)) errors.push(`${name}: ${text}`);
    });
    await start(tab, flavour);
    return {
      ...tab,
      run: <T, A>(work: (page: TestPage, argument: A) => T | Promise<T>, argument?: A) =>
        tab.evaluate<T>(expressionOf(work, argument)),
    };
  }

  async function openTabs(): Promise<void> {
    tabs.length = 0;
    for (let i = 0; i < options.tabs; i++) tabs.push(await openTab());
  }

  await openTabs();
  return {
    name,
    tabs,
    openTab,
    errors,
    async setToken(another) {
      token = another;
      for (const tab of tabs) {
        await tab.run((page, given) => {
          page.token = given;
        }, another);
      }
    },
    reload: (tab) => start(tabs[tab] as EngineTab),
    async killTab(tab) {
      await tabs[tab]?.kill();
      tabs[tab] = await openTab();
    },
    async killBrowser() {
      browser.kill();
      await browser.close().catch(() => {}); // it is gone already
      browser = await openEngine(engine, folder);
      await openTabs();
    },
    close: () => browser.close(),
  };
}

/** What the client says where it has gone wrong; that it does not reach a server, it says too. */
function isError(text: string): boolean {
  return /DisagreementError|Watersmeet stopped|TypeError|ReferenceError/.test(text) && !/fetch/i.test(text);
}
