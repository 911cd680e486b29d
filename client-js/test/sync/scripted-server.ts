import type { Names, Turn } from './conversation.ts';

/** The server's side of a conversation: it answers as it is told, and holds live feeds open. */
export interface ScriptedServer {
  readonly fetch: typeof fetch;
  /** The next turns of the conversation. */
  expect(turns: readonly Turn[]): void;
  /** The turns that the client has not taken, and what it said out of turn. */
  left(): { turns: readonly Turn[]; unexpected: readonly string[] };
  /** The cursor that it has told last, if any. */
  told(): string | undefined;
  /** Whether a request is being answered, or a feed is open. */
  busy(): boolean;
}

interface SyncBody {
  readonly replica: string;
  readonly cursor: string | null;
  readonly pull: boolean;
  readonly push?: object;
}

export function createScriptedServer(names: Names): ScriptedServer {
  let turns: Turn[] = [];
  let cursor: string | undefined;
  const unexpected: string[] = [];
  const feeds = new Set<() => void>();
  let requests = 0;
  let cut = false;

  function take(turn: Turn): Turn {
    turns = turns.filter((other) => other !== turn);
    if (turn.lost) {
      cut = true; // until the conversation goes on: nothing of the client's gets through
      throw new TypeError('the connection was reset');
    }
    cursor = (turn.answer as { cursor?: string } | undefined)?.cursor ?? cursor;
    if (turn.problem === undefined) queueMicrotask(tell); // who is refused begins anew
    return turn;
  }

  function tell(): void {
    for (const feed of feeds) feed();
  }

  /** What a turn is answered. */
  function answer({ problem, answer }: Turn): Response {
    if (problem === undefined) return json({ time: Date.now(), protocol: 1, ...(names.spoken(answer) as object) });
    const status = (problem as { status: number }).status;
    return json(names.spoken(problem) as object, status, 'application/problem+json');
  }

  /** The page that comes next, if the conversation says so. */
  function page(after: string | null): Turn | undefined {
    const [next] = turns;
    return next !== undefined && next.pull === after ? take(next) : undefined;
  }

  function snapshot(replica: string, position: string | null): Response {
    names.own ??= replica;
    const turn = turns.find((turn) => turn.snapshot !== undefined && turn.snapshot.position === position);
    if (turn === undefined) return outOfTurn(`a snapshot from ${position}`);
    return answer(take(turn));
  }

  function sync(body: SyncBody): Response {
    let outcome: unknown;
    if (body.replica !== names.own) names.anew = body.replica;
    if (body.push !== undefined) {
      const turn = turns.find(({ push }) => push !== undefined);
      const known = turn?.cursor ?? body.cursor;
      if (turn === undefined || known !== body.cursor || !names.hears(turn.push, body.push)) {
        return outOfTurn(`the push ${JSON.stringify(body)}, where ${JSON.stringify(names.spoken(turn))} was expected`);
      }
      take(turn);
      if (turn.problem !== undefined) return answer(turn);
      outcome = names.spoken(turn.answer);
    }
    const changes = body.pull ? page(body.cursor) : undefined;
    if (changes?.problem !== undefined) return answer(changes);
    const nothing = { documents: [], cursor: body.cursor, more: false };
    return json({
      protocol: 1,
      time: Date.now(),
      ...(outcome !== undefined && { push: outcome }),
      ...(body.pull && { changes: names.spoken(changes?.answer ?? nothing) }),
    });
  }

  function feed(start: string, signal: AbortSignal): Response {
    let at = start;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const write = (event: string) => controller.enqueue(new TextEncoder().encode(event));
        const more = () => {
          for (let turn = page(at); turn !== undefined; turn = page(at)) {
            const data = JSON.stringify(names.spoken(turn.problem ?? turn.answer));
            write(`event: ${turn.problem === undefined ? 'changes' : 'problem'}\ndata: ${data}\n\n`);
            at = (turn.answer as { cursor?: string } | undefined)?.cursor ?? at;
          }
        };
        write(`event: changes\ndata: ${JSON.stringify({ documents: [], cursor: at, more: false })}\n\n`);
        more();
        feeds.add(more);
        signal.addEventListener('abort', () => {
          feeds.delete(more);
          controller.error(signal.reason);
        });
      },
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  function outOfTurn(what: string): Response {
    unexpected.push(what);
    return json({ code: 'internal', retry: 'later', detail: 'out of turn' }, 500, 'application/problem+json');
  }

  return {
    async fetch(input, init) {
      if (cut) throw new TypeError('the server cannot be reached');
      const url = new URL(String(input), 'http://127.0.0.1');
      const resource = url.pathname.split('/').at(-1);
      if (resource === 'changes') return feed(url.searchParams.get('cursor') as string, init?.signal as AbortSignal);
      requests++;
      try {
        return resource === 'snapshot'
          ? snapshot(url.searchParams.get('replica') as string, url.searchParams.get('position'))
          : sync(JSON.parse(String(init?.body)));
      } finally {
        requests--;
      }
    },
    expect(next) {
      turns = [...turns, ...next];
      cut = false;
      tell();
    },
    left: () => ({ turns, unexpected }),
    told: () => cursor,
    busy: () => requests > 0 || feeds.size > 0,
  };
}

function json(body: object, status = 200, type = 'application/json'): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': type } });
}
