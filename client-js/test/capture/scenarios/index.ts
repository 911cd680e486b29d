import type { Scenario } from '../harness.ts';
import { hiding } from './hiding.ts';
import { libraries } from './libraries.ts';
import { refusals } from './refusals.ts';
import { uniqueIds } from './unique-ids.ts';
import { upgrades } from './upgrades.ts';
import { versions } from './versions.ts';
import { writes } from './writes.ts';

export const scenarios: readonly Scenario[] = [
  ...writes,
  ...hiding,
  ...upgrades,
  ...versions,
  ...refusals,
  ...uniqueIds,
  ...libraries,
];
