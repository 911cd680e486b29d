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
    /** The versions that the server speaks, where it does not speak this client's (P-27). */
    readonly supported: readonly number[] = [],
  ) {
    super(`${code}: ${detail}`);
    this.name = 'ProblemError';
  }
}

/** A live feed that brings nothing where it has to begin at once: something on the way holds it back (P-13). */
export class HeldFeedError extends Error {
  constructor(millis: number) {
    super(`the live feed has not begun within ${millis} ms`);
    this.name = 'HeldFeedError';
  }
}

/** The server was not reached, or its answer did not arrive. */
export class NetworkError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NetworkError';
  }
}

/** The application has given no token, for a reason of its own. */
export class TokenError extends Error {
  constructor(cause: unknown) {
    super(`token() has failed: ${String(cause)}`, { cause });
    this.name = 'TokenError';
  }
}

const RETRIES: readonly string[] = ['never', 'later', 'token', 'settle', 'pull', 'resync', 'reoffer'];

/** What a status alone says of another attempt (P-27). Of what is not even a problem nobody knows who answered: a proxy may, while the server is away. */
function retryBy(status: number, isProblem: boolean): Retry {
  if (status === 401) return 'token';
  if (!isProblem || status >= 500 || [408, 425, 429].includes(status)) return 'later';
  return status === 409 ? 'resync' : 'never';
}

/** The problem that an answer tells; one made from the status alone if its body is none. */
export function problemOf(
  status: number,
  body: unknown,
  outcome: PushOutcome | null | undefined,
  retryAfter?: number,
): ProblemError {
  const { code, retry, detail, supported } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  return new ProblemError(
    typeof code === 'string' ? code : `http-${status}`,
    status,
    typeof retry === 'string' && RETRIES.includes(retry) ? (retry as Retry) : retryBy(status, typeof code === 'string'),
    typeof detail === 'string' ? detail : `the server answered with status ${status}`,
    outcome,
    retryAfter,
    Array.isArray(supported) ? supported.filter((version) => typeof version === 'number') : [],
  );
}
