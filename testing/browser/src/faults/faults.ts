import { TOKENS } from '../server.ts';
import type { AppProfile } from './profile.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** One thing that goes wrong, or right again. */
export interface Fault {
  readonly what: string;
  run(): Promise<unknown>;
  /** The profile whose tab it ends or halts, and which: what that tab is doing may be lost with it. */
  readonly ends?: { readonly profile: AppProfile; readonly tab: number };
}

/** Chooses what goes wrong. */
export function createFaults(random: Random, world: World): () => Fault {
  const { gateway } = world;
  const expired = new Set<string>();
  const disconnected = new Set<string>();

  function toggle(set: Set<string>, name: string): boolean {
    const on = !set.has(name);
    if (on) set.add(name);
    else set.delete(name);
    return on;
  }

  const onTab = (verb: string, run: (profile: AppProfile, tab: number) => Promise<void>) => (profile: AppProfile) => {
    const tab = random.below(profile.tabs.length);
    return { what: `${profile.name}'s tab ${tab} is ${verb}`, run: () => run(profile, tab), ends: { profile, tab } };
  };

  const kinds: readonly (readonly [weight: number, (profile: AppProfile) => Fault])[] = [
    [
      4,
      ({ name }) => {
        const on = !gateway.cut.has(name);
        return { what: `${name}'s network is ${on ? 'cut' : 'back'}`, run: async () => gateway.setCut(name, on) };
      },
    ],
    [2, ({ name }) => ({ what: `an answer to ${name} is lost`, run: async () => gateway.loseAnswers(name, 1) })],
    [1, ({ name }) => ({ what: `${name} is answered 503 twice`, run: async () => gateway.refuse(name, 2) })],
    [3, onTab('reloaded', (profile, tab) => profile.reload(tab))],
    [2, onTab('killed', (profile, tab) => profile.killTab(tab))],
    [
      1,
      (profile) => ({
        what: `${profile.name}'s browser is killed`,
        run: profile.killBrowser,
        ends: { profile, tab: random.below(profile.tabs.length) },
      }),
    ],
    [1, onTab('frozen for a second', (profile, tab) => profile.freeze(tab))],
    [
      2,
      (profile) => {
        const tab = random.below(profile.tabs.length);
        return { what: `${profile.name}'s tab ${tab} leaves, if it may`, run: () => profile.leave(tab) };
      },
    ],
    [
      1,
      (profile) => ({ what: `somebody else comes to ${profile.name}'s browser`, run: () => profile.intrude('stolen') }),
    ],
    [1, () => ({ what: 'the server is killed', run: world.restartServer })],
    [
      2,
      (profile) => {
        const name = profile.name as keyof typeof TOKENS;
        const on = toggle(expired, name);
        return {
          what: `${name}'s token ${on ? 'expires' : 'is renewed'}`,
          run: () => profile.setToken(on ? expiredToken(name) : TOKENS[name]),
        };
      },
    ],
    [
      2,
      (profile) => {
        const on = !toggle(disconnected, profile.name);
        const tab = random.below(profile.tabs.length);
        return {
          what: `${profile.name}'s tab ${tab} ${on ? 'connects' : 'disconnects'}`,
          run: async () => profile.tabs[tab]?.run(({ sync }, on) => (on ? sync.connect() : sync.disconnect()), on),
        };
      },
    ],
  ];
  const weighted = kinds.flatMap(([weight, kind]) => Array.from({ length: weight }, () => kind));
  return () => random.of(weighted)(random.of(world.profiles));
}

/** A token that was one's own and that the server no longer accepts. */
export function expiredToken(name: string): string {
  return `expired-token-of-${name}`;
}
