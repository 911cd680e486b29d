import { MalformedError } from '../model/index.ts';

/** A part of a message in bytes while it is read. Lengths are checked against the bytes that are there: nothing is allocated for what is only announced. */
export interface Input {
  readonly bytes: Uint8Array;
  atEnd(): boolean;
  octet(): number;
  /** An unsigned integer: seven bits a byte, the lowest first, in as few bytes as it needs (M-28). */
  integer(): number;
  /** A signed integer: zigzag. */
  signed(): number;
  /** Passes bytes by and returns where they begin. */
  skip(length: number): number;
  /** Takes a part that is preceded by its length. */
  part(place: string): Input;
  /** How many parts are left, each preceded by its length. None is passed by. */
  parts(): number;
  /** A text that is preceded by its length. @param maxBytes what is longer is refused before it is decoded */
  text(maxBytes?: number): string;
  /** Checks that all has been read. */
  end(): void;
  fail(reason: string): never;
}

/** A column of runs while it is read (M-28). */
export interface Runs {
  /** The next integer, which is below a bound. */
  next(bound: number): number;
  end(): void;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @param place what the bytes are of, for errors */
export function createInput(bytes: Uint8Array, place: string): Input {
  let at = 0;

  function fail(reason: string): never {
    throw new MalformedError(place, `at byte ${at}: ${reason}`);
  }

  function octet(): number {
    return at < bytes.length ? (bytes[at++] as number) : fail('ends too early');
  }

  function integer(): number {
    let next = octet();
    let value = next & 127;
    for (let scale = 128; next > 127; scale *= 128) {
      next = octet();
      if (next === 0) fail('an integer takes more bytes than it needs');
      value += (next & 127) * scale;
      if (value > Number.MAX_SAFE_INTEGER) fail(`an integer is above ${Number.MAX_SAFE_INTEGER}`);
    }
    return value;
  }

  function skip(length: number): number {
    if (length > bytes.length - at) fail(`${length} bytes are asked for, ${bytes.length - at} are left`);
    at += length;
    return at - length;
  }

  function take(): Uint8Array {
    const length = integer();
    const from = skip(length);
    return bytes.subarray(from, from + length);
  }

  function parts(): number {
    const from = at;
    let count = 0;
    for (; at < bytes.length; count++) skip(integer());
    at = from;
    return count;
  }

  return {
    bytes,
    atEnd: () => at === bytes.length,
    octet,
    integer,
    signed() {
      const zigzag = integer();
      return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    },
    skip,
    part: (name) => createInput(take(), name),
    parts,
    text(maxBytes = Number.POSITIVE_INFINITY) {
      const text = take();
      if (text.length > maxBytes) fail(`a text has at most ${maxBytes} bytes, not ${text.length}`);
      return textOf(text) ?? fail('a text is not UTF-8');
    },
    end() {
      if (at !== bytes.length) fail(`${bytes.length - at} bytes are left over`);
    },
    fail,
  };
}

/** The text of bytes; undefined if they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

export function createRuns(column: Input): Runs {
  let current = -1;
  let left = 0;
  return {
    next(bound) {
      if (left === 0) {
        const value = column.integer();
        if (value === current) column.fail('two runs one after the other have the same integer');
        current = value;
        left = column.integer() + 1;
      }
      left--;
      return current < bound ? current : column.fail(`${current} is not below ${bound}`);
    },
    end() {
      if (left !== 0) column.fail(`a run is ${left} longer than what it is of`);
      column.end();
    },
  };
}
