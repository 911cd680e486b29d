import { ProblemError } from './problem.ts';

/** The versions of the merge format that this client speaks (P-27). */
export const SPOKEN: readonly number[] = [1];

/** The version that is spoken with one server. */
export interface Versions {
  /** Asks in the version that was understood last; where that is not spoken any more, in the greatest that both speak. */
  agreed<T>(ask: (version: number) => Promise<T>): Promise<T>;
}

export function createVersions(spoken: readonly number[]): Versions {
  let version = Math.max(...spoken);
  return {
    async agreed(ask) {
      try {
        return await ask(version);
      } catch (error) {
        if (!(error instanceof ProblemError) || error.code !== 'protocol-unsupported') throw error;
        const common = spoken.filter((own) => own !== version && error.supported.includes(own));
        if (common.length === 0) throw error;
        version = Math.max(...common);
        return ask(version);
      }
    },
  };
}

/** Refuses an answer of another version than the one that was asked for: it may mean anything. */
export function checkVersion(answer: unknown, asked: number): void {
  const version = (answer as { protocol?: unknown } | null)?.protocol;
  if (version === asked) return;
  const detail = `the server answers in version ${JSON.stringify(version)}, not in ${asked}`;
  const supported = typeof version === 'number' ? [version] : [];
  throw new ProblemError('protocol-unsupported', 200, 'never', detail, undefined, undefined, supported);
}
