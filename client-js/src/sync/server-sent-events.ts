import { HeldFeedError, NetworkError } from './problem.ts';

export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** How long a stream may be silent, in milliseconds. */
export interface Patience {
  /** Before anything comes. */
  readonly begin: number;
  /** Later. */
  readonly silence: number;
}

/**
 * The events of a stream of Server-Sent Events, as the HTML standard describes it; comments count as a sign of life.
 *
 * @throws HeldFeedError if nothing comes at the beginning
 * @throws NetworkError if the stream breaks, or falls silent
 */
export async function* eventsOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { begin, silence }: Patience,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  let begun = false;
  try {
    while (true) {
      const { done, value } = await within(begun ? silence : begin, reader.read()).catch((error: unknown) => {
        if (!begun && error instanceof DOMException && error.name === 'TimeoutError') throw new HeldFeedError(begin);
        throw new NetworkError(String(error));
      });
      begun = true;
      if (done) return;
      buffer += value;
      const blocks = buffer.split(/\r\n\r\n|\n\n|\r\r/);
      buffer = blocks.pop() as string;
      for (const block of blocks) {
        const event = parse(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {}); // the stream has failed already, or nobody reads it any more
  }
}

function parse(block: string): ServerSentEvent | undefined {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
  return data.length === 0 ? undefined : { event, data: data.join('\n') };
}

async function within<T>(millis: number, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException(`nothing came for ${millis} ms`, 'TimeoutError')), millis);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}
