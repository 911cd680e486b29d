import { unlessAborted } from '../waiting.ts';
import { readOutcome } from './messages.ts';
import { NetworkError, type ProblemError, problemOf, TokenError } from './problem.ts';

/** Who is asked, and as whom. */
export interface Server {
  /** The address under which it serves `spaces/…`, without a slash at its end. */
  readonly url: string;
  readonly bearer: string;
  readonly fetch: typeof fetch;
}

/** Sends a request. What the server refuses is a {@link ProblemError}; what does not reach it is a {@link NetworkError}. */
export async function request(
  { url, bearer, fetch }: Server,
  path: string,
  init: RequestInit,
  signal: AbortSignal,
): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('Authorization', `Bearer ${bearer}`);
  const response = await reached(signal, fetch(url + path, { ...init, headers, signal, cache: 'no-store' }));
  if (!response.ok) throw await refusal(response);
  return response;
}

/** What fails on the way to the server or back is a {@link NetworkError}, unless it was given up on purpose. */
export async function reached<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (signal.aborted && !isTimeout(error)) throw signal.reason;
    throw new NetworkError(String(error));
  }
}

/**
 * Asks the application for a token. It may have to fetch that: what fails as fetch does, or takes too long, is a {@link NetworkError}, and anything else a
 * {@link TokenError}.
 */
export async function bearerFrom(token: () => string | Promise<string>, signal: AbortSignal): Promise<string> {
  try {
    return await unlessAborted(signal, Promise.resolve(token()));
  } catch (error) {
    if (signal.aborted && !isTimeout(error)) throw signal.reason;
    if (error instanceof TypeError || isTimeout(error)) throw new NetworkError(`no token: ${String(error)}`);
    throw new TokenError(error);
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

async function refusal(response: Response): Promise<ProblemError> {
  const retryAfter = readRetryAfter(response.headers, Date.now());
  const body: unknown = await response.json().catch(() => undefined);
  return toldProblem(response.status, body, retryAfter);
}

const LONGEST = 24 * 60 * 60 * 1000;

/** How long a server asks to be left alone: seconds, or a date, by its own clock where it tells that (RFC 9110, 10.2.3). In milliseconds, a day at most; undefined if it does not say. */
export function readRetryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get('Retry-After');
  if (text === null) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) * 1000 : undefined;
  const millis = seconds ?? Date.parse(text) - (Date.parse(headers.get('Date') ?? '') || now);
  return Number.isNaN(millis) ? undefined : Math.min(Math.max(0, millis), LONGEST);
}

/** The problem that came in the body of an answer, or in an event of a stream. */
export function toldProblem(status: number, body: unknown, retryAfter?: number): ProblemError {
  const last = typeof body === 'object' && body !== null && 'last' in body ? readOutcome(body.last) : undefined;
  return problemOf(status, body, last, retryAfter);
}
