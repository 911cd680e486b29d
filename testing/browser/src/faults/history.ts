import { createFaults } from './faults.ts';
import { createOperations, STANDING } from './operations.ts';
import { createOracle } from './oracle.ts';
import type { AppTab } from './profile.ts';
import { createRandom } from './random.ts';
import { type Setting, startWorld } from './world.ts';

/** How many steps a history has. */
const STEPS = 50;
/** How many of a hundred steps are faults, how many of those end a tab in the midst of what it does, and how many others are done in two tabs at once. */
const [FAULTY, AMIDST, TOGETHER] = [25, 60, 25];

/**
 * Plays the history that a seed decides: what two people do in two tabs each, and what goes wrong meanwhile. Midway and at the end everything works again.
 *
 * @throws Error if then not all hold the same, or if that is not what has to come of what was done; its message tells what was done
 */
export async function play(seed: number, setting: Setting): Promise<void> {
  const random = createRandom(seed);
  const world = await startWorld(setting);
  const oracle = createOracle();
  const nextOperation = createOperations(random, oracle);
  const done: string[] = [];

  async function settled(): Promise<void> {
    done.push('all is well again');
    await world.heal();
    const { records, letters } = await world.converged();
    const problems = [...oracle.problems(records, letters), ...world.profiles.flatMap(({ errors }) => errors)];
    if (problems.length > 0) throw new Error(problems.join('\n'));
    oracle.converged();
  }

  /** Others have to take over from the tabs that lead, where a browser lets one halt them. */
  async function freezeLeaders(): Promise<void> {
    const freezing = world.profiles.map(({ name, freezeLeader }) =>
      freezeLeader(async (tab, number) => {
        const operation = nextOperation();
        done.push(`${name}'s tab ${number} ${operation.what} while the other one, which leads, is frozen`);
        await operation.run(tab, `${name} ${number}`);
      }),
    );
    await Promise.all(freezing);
  }

  try {
    const first = world.profiles[0]?.tabs[0];
    for (const id of STANDING) {
      await first?.run(({ app }, id) => app.put({ id, name: id, tags: [], quantity: 0 }), id);
      oracle.put(id, id, 'the first tab', 'done');
    }
    await settled();
    let nextFault = createFaults(random, world);
    for (let step = 0; step < STEPS; step++) {
      if (step === STEPS / 2) {
        await settled();
        nextFault = createFaults(random, world);
        await freezeLeaders();
      }
      if (!random.percent(FAULTY)) {
        const together = Array.from({ length: random.percent(TOGETHER) ? 2 : 1 }, () => {
          const { name, tabs } = random.of(world.profiles);
          const tab = random.below(tabs.length);
          const operation = nextOperation();
          return {
            what: `${name}'s tab ${tab} ${operation.what}`,
            run: () => operation.run(tabs[tab] as AppTab, `${name} ${tab}`),
          };
        });
        done.push(together.map(({ what }) => what).join(', and at once '));
        await Promise.all(together.map(({ run }) => run()));
        continue;
      }
      const fault = nextFault();
      const tab = fault.ends?.profile.tabs[fault.ends.tab];
      const amidst = tab !== undefined && random.percent(AMIDST) ? nextOperation() : undefined;
      done.push(amidst === undefined ? fault.what : `${fault.what} while it ${amidst.what}`);
      const doing = tab && amidst?.run(tab, `${fault.ends?.profile.name} ${fault.ends?.tab}`);
      await fault.run();
      await doing;
    }
    await settled();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\nwhat was done:\n${done.join('\n')}`);
  } finally {
    await world.close();
  }
}
