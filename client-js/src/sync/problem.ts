import type { PushOutcome } from './messages.ts';

/** What must happen before the same request can succeed (P-14). */
export type Retry = 'never' | 'later' | 'token' | 'settle' | 'pull' | 'resync' | 'reoffer';

/** A request that the server refused as a whole (P-14). */
export class ProblemError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly retry: Retry,
    readonly detail: string,
    /** The last accepted push, where the refusal tells it (P-6). */
    readonly last: PushOutcome | null | undefined,
    /** How long to wait, in milliseconds, where the server says so. */
    readonly retryAfter: number | undefined,
  ) {
    super(`${code}: ${detail}`);
    this.name = 'ProblemError';
  }
}

/** The server was not reached, or its answer did not arrive. */
export class NetworkError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NetworkError';
  }
}

const RETRIES: readonly string[] = ['never', 'later', 'token', 'settle', 'pull', 'resync', 'reoffer'];

/** The problem that an answer tells; one made from the status alone if its body is none. */
export function problemOf(
  status: number,
  body: unknown,
  outcome: PushOutcome | null | undefined,
  retryAfter?: number,
): ProblemError {
  const { code, retry, detail } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return new ProblemError(
    typeof code === 'string' ? code : `http-${status}`,
    status,
    typeof retry === 'string' && RETRIES.includes(retry) ? (retry as Retry) : retryOf(status, retry),
    typeof detail === 'string' ? detail : `the server answered with status ${status}`,
    outcome,
    retryAfter,
  );
}

/** What a status asks for: of an answer that is no problem, or of one whose `retry` a later version of the format has added (P-14). */
function retryOf(status: number, retry: unknown): Retry {
  if (status === 401) return 'token';
  if (typeof retry !== 'string' || status >= 500) return 'later';
  return status === 409 ? 'resync' : 'never';
}
