/** Binary data of JavaScript: the name of its constructor and its bytes in base64 (M-5). */
export type BinaryContent = readonly [constructor: string, base64: string];

interface ViewConstructor {
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBuffer): ArrayBufferView;
}

const VIEWS = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array', // not in every engine yet
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
];

const CHUNK = 0x8000; // arguments of one call

export function toBinary(name: string, value: ArrayBuffer | ArrayBufferView): BinaryContent {
  const bytes = ArrayBuffer.isView(value)
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : new Uint8Array(value);
  let characters = '';
  for (let i = 0; i < bytes.length; i += CHUNK) {
    characters += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  }
  return [name, btoa(characters)];
}

/** The value that a content stands for, or undefined if it stands for none in this engine. */
export function fromBinary(content: unknown): ArrayBuffer | ArrayBufferView | undefined {
  if (!Array.isArray(content) || content.length !== 2) {
    return undefined;
  }
  const [name, base64] = content;
  const bytes = typeof base64 === 'string' ? bytesOf(base64) : undefined;
  if (bytes === undefined || name === 'ArrayBuffer') {
    return bytes;
  }
  const View = VIEWS.includes(name) ? (globalThis as unknown as Record<string, ViewConstructor>)[name] : undefined;
  if (View === undefined || bytes.byteLength % (View.BYTES_PER_ELEMENT ?? 1) !== 0) {
    return undefined;
  }
  return new View(bytes);
}

function bytesOf(base64: string): ArrayBuffer | undefined {
  let characters: string;
  try {
    characters = atob(base64);
  } catch {
    return undefined;
  }
  // atob forgives white space, missing padding and loose last bits; one value must have one text.
  if (btoa(characters) !== base64) {
    return undefined;
  }
  const bytes = new Uint8Array(characters.length);
  for (let i = 0; i < characters.length; i++) {
    bytes[i] = characters.charCodeAt(i);
  }
  return bytes.buffer;
}
