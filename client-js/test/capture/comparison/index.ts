import type { Comparison } from './context.ts';
import { cursors } from './cursors.ts';
import { databases } from './databases.ts';
import { dexie } from './dexie.ts';
import { exceptions } from './exceptions.ts';
import { idb } from './idb.ts';
import { injections } from './injections.ts';
import { interfaces } from './interfaces.ts';
import { keys } from './keys.ts';
import { lifetimes } from './lifetimes.ts';
import { programs } from './programs.ts';
import { stores } from './stores.ts';
import { transactions } from './transactions.ts';
import { upgrades } from './upgrades.ts';
import { structuredClones } from './values.ts';

/** The chapters of the Indexed Database API 3.0, what nobody has thought of, and what libraries do. */
export const chapters: Readonly<Record<string, readonly Comparison[]>> = {
  databases,
  upgrades,
  transactions,
  stores,
  cursors,
  keys,
  'structured clones': structuredClones,
  interfaces,
  lifetimes,
  exceptions,
  injections,
  programs,
  dexie,
  idb,
};
