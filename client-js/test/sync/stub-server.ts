import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';

/** A request as a stub is asked it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** A live feed that a stub has begun. */
export interface OpenFeed {
  readonly asked: Asked;
  readonly closed: boolean;
  event(name: string, data: unknown): void;
  end(): void;
}

/** A real HTTP server that answers as a test says, and keeps what it was asked. */
export interface Stub {
  readonly url: string;
  readonly asked: Asked[];
  readonly feeds: OpenFeed[];
  close(): Promise<void>;
}

export type Answer =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly json: unknown }
  | 'feed';

export async function startStub(answer: (asked: Asked) => Answer): Promise<Stub> {
  const asked: Asked[] = [];
  const feeds: OpenFeed[] = [];
  const server = createServer(async (message, response) => {
    const question = await read(message);
    asked.push(question);
    const told = answer(question);
    if (told === 'feed') {
      feeds.push(begin(question, response));
      return;
    }
    const headers = { 'Content-Type': 'application/json', ...told.headers };
    response.writeHead(told.status ?? 200, headers).end(JSON.stringify(told.json));
  });
  return { url: await listen(server), asked, feeds, close: () => close(server) };
}

async function read(message: IncomingMessage): Promise<Asked> {
  let text = '';
  for await (const chunk of message) text += chunk;
  const { pathname, searchParams } = new URL(message.url as string, 'http://stub');
  return {
    method: message.method as string,
    path: pathname,
    query: searchParams,
    headers: message.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

function begin(asked: Asked, response: ServerResponse): OpenFeed {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  response.flushHeaders();
  let closed = false;
  response.on('close', () => {
    closed = true;
  });
  return {
    asked,
    get closed() {
      return closed;
    },
    event: (name, data) => response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`),
    end: () => response.end(),
  };
}

/** A real proxy that holds each answer back until it is complete: what comes of a live feed never arrives. */
export async function startBufferingProxy(
  target: string,
  passesHeaders: boolean,
): Promise<Omit<Stub, 'asked' | 'feeds'>> {
  const server = createServer((message, response) => {
    const { method, headers } = message;
    const onward = request(new URL(message.url as string, target), { method: method as string, headers }, (answer) => {
      const chunks: Buffer[] = [];
      const head = () => response.writeHead(answer.statusCode as number, answer.headers);
      if (passesHeaders) head().flushHeaders();
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        if (!passesHeaders) head();
        response.end(Buffer.concat(chunks));
      });
    });
    response.on('close', () => onward.destroy());
    onward.on('error', () => response.destroy());
    message.pipe(onward);
  });
  return { url: await listen(server), close: () => close(server) };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** Waits until a check no longer fails, for as long as a machine that has other things to do may take. */
export function eventually(check: () => unknown): Promise<unknown> {
  return vi.waitFor(check, { timeout: 20_000, interval: 10 });
}
