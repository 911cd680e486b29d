/** A JavaScript value, described by JSON: what it is and what it is made of. */
export type Description =
  | readonly ['plain', null | boolean | string]
  | readonly ['number', bits: string]
  | readonly ['undefined']
  | readonly ['bigint', string]
  | readonly ['date', millis: number | null]
  | readonly ['binary', constructor: string, bytes: readonly number[]]
  | readonly ['array', readonly Description[]]
  | readonly ['object', readonly (readonly [string, Description])[]]
  | readonly ['map', readonly (readonly [Description, Description])[]]
  | readonly ['set', readonly Description[]];

interface ViewConstructor {
  new (buffer: ArrayBuffer): ArrayBufferView;
}

export function described(description: Description): unknown {
  switch (description[0]) {
    case 'plain':
      return description[1];
    case 'number':
      return numberOf(description[1]);
    case 'undefined':
      return undefined;
    case 'bigint':
      return BigInt(description[1]);
    case 'date':
      return new Date(description[1] ?? Number.NaN);
    case 'binary':
      return binaryOf(description[1], description[2]);
    case 'array':
      return description[1].map(described);
    case 'object':
      return Object.fromEntries(description[1].map(([key, member]) => [key, described(member)]));
    case 'map':
      return new Map(description[1].map(([key, value]) => [described(key), described(value)]));
    case 'set':
      return new Set(description[1].map(described));
  }
}

function numberOf(bits: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

function binaryOf(name: string, bytes: readonly number[]): unknown {
  const { buffer } = Uint8Array.from(bytes);
  if (name === 'ArrayBuffer') {
    return buffer;
  }
  const View = (globalThis as unknown as Record<string, ViewConstructor>)[name] as ViewConstructor;
  return new View(buffer);
}
