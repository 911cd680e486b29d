/** Bytes while they are written. */
export interface Output {
  octet(octet: number): void;
  integer(value: number): void;
  signed(value: number): void;
  raw(bytes: Uint8Array): void;
  /** Writes bytes after their length. */
  part(bytes: Uint8Array): void;
  /** Writes a text after its length, which goes to another output if there is one. */
  text(text: string, lengths?: Output): void;
  bytes(): Uint8Array;
}

/** A column of runs while it is written (M-28). */
export interface RunsOutput {
  add(value: number): void;
  end(): void;
}

const encoder = new TextEncoder();

export function createOutput(): Output {
  let buffer = new Uint8Array(64);
  let size = 0;

  function reserve(more: number): void {
    if (size + more > buffer.length) {
      const larger = new Uint8Array(Math.max(size + more, 2 * buffer.length));
      larger.set(buffer);
      buffer = larger;
    }
  }

  function octet(value: number): void {
    reserve(1);
    buffer[size++] = value;
  }

  function integer(value: number): void {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) octet((rest % 128) + 128);
    octet(rest);
  }

  function raw(bytes: Uint8Array): void {
    reserve(bytes.length);
    buffer.set(bytes, size);
    size += bytes.length;
  }

  const output: Output = {
    octet,
    integer,
    signed: (value) => integer(value < 0 ? -2 * value - 1 : 2 * value),
    raw,
    part(bytes) {
      integer(bytes.length);
      raw(bytes);
    },
    text(text, lengths = output) {
      const bytes = encoder.encode(text);
      lengths.integer(bytes.length);
      raw(bytes);
    },
    bytes: () => buffer.slice(0, size),
  };
  return output;
}

export function createRunsOutput(column: Output): RunsOutput {
  let current = 0;
  let count = 0;
  function end(): void {
    if (count > 0) {
      column.integer(current);
      column.integer(count - 1);
    }
    count = 0;
  }
  return {
    add(value) {
      if (value !== current) end();
      current = value;
      count++;
    },
    end,
  };
}
