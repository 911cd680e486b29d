import type { Status } from '../sync/status.ts';

const PHASES: Readonly<Record<Status['phase'], readonly [name: string, meaning: string]>> = {
  offline: ['Offline', 'Edits are kept on this device and sent later.'],
  connecting: ['Connecting', 'On the way to the server. Edits are kept meanwhile.'],
  syncing: ['Syncing', 'Reading what the server has. What has arrived can be used.'],
  live: ['Live', 'In step with the server, and told of changes as they happen.'],
  polling: ['Polling', 'In step, by asking now and then: something on the way holds live feeds back.'],
  failed: ['Stopped', 'The server refuses this client, and that does not change by itself. Edits are kept.'],
};

/** What to do about a problem, by its code (docs/problems.md). */
const ADVICE: Readonly<Record<string, string>> = {
  malformed: 'Update the application: the server does not understand what it sends. A proxy may also have changed it.',
  'protocol-unsupported': 'Update the application, or the server: they speak different versions.',
  unauthenticated: 'Sign in again: the server does not accept the token.',
  forbidden: 'Ask whoever runs the server for access to this space.',
  'replica-bound': 'Sign in as the person who used this database first, or clear it.',
  'not-found': 'Check the address of the server: it usually ends with /v1.',
  'too-large': 'Send less at once, or raise the limit that is named.',
  'rate-limited': 'Wait: the server is asked too often, and this client tries again by itself.',
  internal: 'Look at the log of the server.',
  'store-unavailable': 'Wait: the server does not reach its store, and this client tries again by itself.',
  quota: 'Free some storage: the browser gives this site no more.',
  closed: 'Load the page again: the browser has closed the database.',
  database: 'Close other tabs of this site and load the page again: the database cannot be opened.',
};

const OTHERWISE = 'Load the page again; if it lasts, tell the application’s developers what stands here.';

/** A status in plain words. */
export interface StatusWords {
  readonly phase: string;
  readonly meaning: string;
  /** What is wrong, and what to do. */
  readonly problem?: { readonly detail: string; readonly advice: string };
}

export const statusWords = ({ phase, problem }: Status): StatusWords => ({
  phase: PHASES[phase][0],
  meaning: PHASES[phase][1],
  ...(problem && { problem: { detail: problem.detail, advice: adviceOn(problem.code) } }),
});

const adviceOn = (code: string): string => (Object.hasOwn(ADVICE, code) && ADVICE[code]) || OTHERWISE;
