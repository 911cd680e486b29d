import { MalformedError } from '../../model/index.ts';
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

/** The greatest length of an event, in UTF-16 code units: far above that of any page that a tab can hold. One without end would fill the memory. */
const MAX_EVENT_LENGTH = 1 << 27;

/**
 * The events of a stream of Server-Sent Events, as the HTML standard describes it; comments count as a sign of life.
 *
 * @throws HeldFeedError if nothing comes at the beginning
 * @throws NetworkError if the stream breaks, or falls silent
 * @throws MalformedError if an event is too long
 */
export async function* eventsOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { begin, silence }: Patience,
  maxLength = MAX_EVENT_LENGTH,
): AsyncGenerator<ServerSentEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const events = createEvents(maxLength);
  let begun = false;
  try {
    while (true) {
      const { done, value } = await within(begun ? silence : begin, reader.read()).catch((error: unknown) => {
        if (!begun && error instanceof DOMException && error.name === 'TimeoutError') throw new HeldFeedError(begin);
        throw new NetworkError(String(error));
      });
      begun = true;
      if (done) return; // an event that is not complete is none
      yield* events.read(value);
    }
  } finally {
    reader.cancel().catch(() => {}); // the stream has failed already, or nobody reads it any more
  }
}

/** Puts events together from the pieces of a stream. */
function createEvents(maxLength: number) {
  const lines = createLines();
  let event = '';
  let data: string[] = [];
  let length = 0;

  function take(line: string): void {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
    length += line.length;
  }

  return {
    *read(piece: string): Generator<ServerSentEvent> {
      for (const line of lines.read(piece)) {
        if (line !== '') {
          take(line);
          continue;
        }
        if (data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n') };
        event = '';
        data = [];
        length = 0;
      }
      if (length + lines.unfinished() > maxLength) {
        throw new MalformedError('event', `is longer than ${maxLength} characters`);
      }
    },
  };
}

/** Puts lines together; they end with a line feed, a carriage return, or both, which may come apart. */
function createLines() {
  let rest = '';
  let returned = false;
  return {
    read(piece: string): string[] {
      const text = returned && piece.startsWith('\n') ? piece.slice(1) : piece;
      if (piece !== '') returned = piece.endsWith('\r');
      const [first, ...others] = text.split(/\r\n|\n|\r/) as [string, ...string[]];
      if (others.length === 0) {
        rest += first;
        return [];
      }
      const lines = [rest + first, ...others.slice(0, -1)];
      rest = others.at(-1) as string;
      return lines;
    },
    /** The length of the line that has not ended. */
    unfinished: () => rest.length,
  };
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
