import { createServer, type IncomingMessage, type RequestOptions, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { applicationScript, PAGE, PAGE_HTML, SCRIPT } from './application.ts';

/**
 * What stands between browsers and the server: it serves the test application, also while the server is away, and passes everything else on, unless it is
 * told to stand in the way of somebody. Whom a request is of, its bearer token says.
 */
export interface Gateway {
  readonly url: string;
  /** The port of the server behind it: another one once that is started again. */
  port: number;
  /** Whose connections are cut and refused. */
  readonly cut: ReadonlySet<string>;
  setCut(name: string, on: boolean): void;
  /** The server does what the next requests of somebody ask for, but their answers are lost on the way back. */
  loseAnswers(name: string, count: number): void;
  /** The next requests of somebody are answered with 503, by the gateway itself. */
  refuse(name: string, count: number): void;
  /** Serves a text at a path of the application. */
  serve(path: string, type: string, body: string): void;
  /** Stands in nobody's way any more. */
  heal(): void;
  close(): Promise<void>;
}

/**
 * @param names who is known, by their tokens
 * @param own its own port, a free one unless told
 */
export async function startGateway(port: number, names: ReadonlyMap<string, string>, own = 0): Promise<Gateway> {
  const served = new Map<string, readonly [type: string, body: string]>([
    [PAGE, ['text/html', PAGE_HTML]],
    [SCRIPT, ['text/javascript', await applicationScript()]],
  ]);
  const cut = new Set<string>();
  const losing = new Map<string, number>();
  const refusing = new Map<string, number>();
  const open = new Map<string, Set<() => void>>();
  let target = port;

  const server = createServer((message, response) => {
    const page = served.get(message.url as string);
    if (page !== undefined) {
      response.writeHead(200, { 'content-type': `${page[0]}; charset=utf-8` }).end(page[1]);
      return;
    }
    const token = message.headers.authorization?.replace(/^Bearer /, '') ?? '';
    const name = names.get(token) ?? '';
    if (cut.has(name)) message.socket.destroy();
    else if (takeOne(refusing, name)) response.writeHead(503).end();
    else pass(message, response, name, takeOne(losing, name));
  });

  function pass(message: IncomingMessage, response: ServerResponse, name: string, loses: boolean): void {
    const { method, headers, url } = message;
    const options = { host: '127.0.0.1', port: target, path: url, method, headers } as RequestOptions;
    const onward = request(options, (answer) => {
      if (loses) {
        answer.resume().on('close', () => response.destroy());
        return;
      }
      response.writeHead(answer.statusCode as number, answer.headers).flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    const end = () => {
      onward.destroy();
      response.destroy();
    };
    const all = open.get(name) ?? new Set();
    open.set(name, all.add(end));
    response.on('close', () => {
      all.delete(end);
      onward.destroy();
    });
    onward.on('error', () => response.destroy());
    message.pipe(onward);
  }

  await new Promise<void>((listening) => server.listen(own, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get port() {
      return target;
    },
    set port(another) {
      target = another;
    },
    cut,
    setCut(name, on) {
      if (!on) cut.delete(name);
      else {
        cut.add(name);
        for (const end of [...(open.get(name) ?? [])]) end();
      }
    },
    loseAnswers: (name, count) => losing.set(name, count),
    refuse: (name, count) => refusing.set(name, count),
    serve: (path, type, body) => served.set(path, [type, body]),
    heal() {
      cut.clear();
      losing.clear();
      refusing.clear();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function takeOne(counts: Map<string, number>, name: string): boolean {
  const left = counts.get(name) ?? 0;
  if (left === 0) return false;
  counts.set(name, left - 1);
  return true;
}
