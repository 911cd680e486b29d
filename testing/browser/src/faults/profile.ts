import type { TestPage } from '../../pages/main.ts';
import { PAGE } from '../application.ts';
import { expressionOf, type Flavour } from '../browser.ts';
import { type Engine, type EngineProfile, type EngineTab, openEngine } from '../engines.ts';
import { clientOf, holders } from '../locks.ts';
import { isWrong } from '../page-errors.ts';
import { eventually } from '../waiting.ts';

const FROZEN_MILLIS = 1000;

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
  /** Halts a tab for a second, in browsers that let one. */
  freeze(tab: number): Promise<void>;
  /**
   * Halts the tab that leads until another one has taken the lead, in browsers that let one.
   *
   * @param meanwhile what is done in the other tab, by its number
   */
  freezeLeader(meanwhile: (tab: AppTab, number: number) => Promise<unknown>): Promise<void>;
  /** Leaves the space from a tab and begins anew in all of them, unless something would be lost. */
  leave(tab: number): Promise<void>;
  /** Somebody else opens the application in this browser, and writes a document. */
  intrude(id: string): Promise<void>;
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

  async function start(tab: EngineTab, flavour = options.flavour, user = name): Promise<void> {
    await tab.goto(url + PAGE);
    await tab.evaluate(`start(${JSON.stringify({ flavour, space, token, user })})`);
  }

  /** @param user somebody else, whom the client tells that it does not work */
  async function openTab(flavour?: Flavour, user?: string): Promise<EngineTab & AppTab> {
    const tab = await browser.openTab((text) => {
      if (isWrong(text, user === undefined ? [] : [TURNED_AWAY])) errors.push(`${name}: ${text}`);
    });
    await start(tab, flavour, user);
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
    openTab: (flavour) => openTab(flavour),
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
    async freeze(tab) {
      const thaw = await tabs[tab]?.freeze?.();
      await new Promise((resolve) => setTimeout(resolve, FROZEN_MILLIS));
      await thaw?.();
    },
    async freezeLeader(meanwhile) {
      const clients = await Promise.all(tabs.map(clientOf));
      const leading = await holders(tabs[0] as AppTab);
      const leader = clients.findIndex((client) => leading.includes(client));
      const other = (leader + 1) % tabs.length;
      const tab = tabs[other] as AppTab;
      const thaw = await tabs[leader]?.freeze?.();
      if (thaw === undefined) return;
      await meanwhile(tab, other);
      await eventually('another tab leads than the frozen one', async () =>
        (await holders(tab)).includes(clients[other]) ? true : undefined,
      );
      await thaw();
    },
    async leave(tab) {
      const left = await tabs[tab]?.run(({ sync }) =>
        sync.erase().then(
          () => true,
          ({ code }: { code?: string }) => {
            if (code !== 'unsent') throw new Error(`erase() has failed with ${code}`);
            return false;
          },
        ),
      );
      if (left) for (const each of tabs) await start(each);
    },
    async intrude(id) {
      const tab = await openTab(undefined, 'somebody else');
      const done = await tab.run(
        ({ app }, id) =>
          app.put({ id, name: id, tags: [], quantity: 0 }).then(
            () => true,
            () => false,
          ),
        id,
      );
      if (done) errors.push(`${name}: somebody else has put ${id}`);
      await eventually('it is told', async () =>
        (await tab.run(({ sync }) => sync.status.value.problem?.code)) === 'other-user' ? true : undefined,
      );
      await tab.kill();
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

/** What the client writes for somebody else, once: Firefox does not say which error that is. */
const TURNED_AWAY = /^Watersmeet stopped: (NotOwnError|JSHandle@error)/;
