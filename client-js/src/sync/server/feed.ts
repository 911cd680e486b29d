import { MalformedError } from '../../model/index.ts';
import { type Page, readPage, readSpaceEvent } from './messages.ts';
import { HeldFeedError, type ProblemError } from './problem.ts';
import { reached, request, type Server, toldProblem } from './request.ts';
import { eventsOf, type Patience, type ServerSentEvent } from './server-sent-events.ts';

/** Where a space is followed from. */
export interface Start {
  readonly space: string;
  readonly cursor: string;
}

/** What a feed tells: a page of a space, or a problem that ends one space, or all if none is named. */
export type Told =
  | { readonly space: string; readonly page: Page }
  | { readonly space: string | null; readonly error: ProblemError };

const EVENTS = { Accept: 'text/event-stream' };

/**
 * The live feed of one space (P-13).
 *
 * @throws MalformedError if an event is not as it has to be
 */
export async function* feedOfOne(
  server: Server,
  { space, cursor }: Start,
  patience: Patience,
  signal: AbortSignal,
): AsyncGenerator<Told> {
  const path = `/spaces/${encodeURIComponent(space)}/changes?${new URLSearchParams({ cursor })}`;
  for await (const told of open(server, path, { headers: EVENTS }, patience, signal)) {
    if (told.event === 'changes') yield { space, page: readPage(dataOf(told)) };
    if (told.event === 'problem') yield { space, error: problemIn(dataOf(told)) };
  }
}

/** One live feed of several spaces (P-20). Fails as that of one does. */
export async function* feedOfSeveral(
  server: Server,
  spaces: readonly Start[],
  patience: Patience,
  signal: AbortSignal,
): AsyncGenerator<Told> {
  const init = {
    method: 'POST',
    headers: { ...EVENTS, 'Content-Type': 'application/json' },
    body: JSON.stringify({ protocol: 1, spaces }),
  };
  for await (const told of open(server, '/feed', init, patience, signal)) {
    if (told.event !== 'changes' && told.event !== 'problem') continue;
    const { space, changes, problem } = readSpaceEvent(dataOf(told));
    if (told.event === 'problem') yield { space, error: problemIn(problem) };
    else if (space !== null) yield { space, page: readPage(changes) };
  }
}

/** Opens a stream of events, which has to begin at once. */
async function* open(
  server: Server,
  path: string,
  init: RequestInit,
  patience: Patience,
  outer: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  const held = new AbortController();
  const timer = setTimeout(() => held.abort(new HeldFeedError(patience.begin)), patience.begin);
  const signal = AbortSignal.any([outer, held.signal]);
  const response = await request(server, path, init, signal).finally(() => clearTimeout(timer));
  if (response.body === null) return;
  const events = eventsOf(response.body, patience)[Symbol.asyncIterator]();
  try {
    while (true) {
      const { done, value } = await events.next().catch((error: unknown) => {
        throw outer.aborted ? outer.reason : error;
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reached(outer, events.return(undefined)).catch(() => {}); // it has failed already, or nobody reads it any more
  }
}

/** What an event says. One that is no JSON is as malformed as one that is no page: the client begins anew, after a while. */
function dataOf({ event, data }: ServerSentEvent): unknown {
  try {
    return JSON.parse(data);
  } catch (error) {
    throw new MalformedError(`the event ${event}`, `is not JSON: ${(error as Error).message}`);
  }
}

/** A problem that came as an event has the status in itself. */
function problemIn(data: unknown): ProblemError {
  const status = (data as { status?: unknown } | null)?.status;
  return toldProblem(typeof status === 'number' ? status : 500, data);
}
