import fc from 'fast-check';

/** JSON that looks much like some seed: a few of its parts, at any depth, are left out or replaced, by anything or by another part. */
export function mutated(seeds: readonly unknown[]): fc.Arbitrary<unknown> {
  const mutation = fc.record({
    at: fc.nat(),
    from: fc.nat(),
    how: fc.constantFrom('drop', 'copy', 'replace', 'cut'),
    value: fc.jsonValue({ maxDepth: 3 }),
  });
  return fc.tuple(fc.constantFrom(...seeds), fc.array(mutation, { maxLength: 3 })).map(([seed, mutations]) =>
    mutations.reduce((json, { at, from, how, value }) => {
      const places = placesOf(json);
      const place = places[at % places.length] as Place;
      const part = () => structuredClone(valueAt(json, places[from % places.length] as Place));
      if (how === 'drop') return without(json, place);
      if (how === 'cut') return replaced(json, place, cut(valueAt(json, place), from));
      return replaced(json, place, how === 'copy' ? part() : value);
    }, structuredClone(seed)),
  );
}

/** Bytes that look much like some seed. */
export function mutatedBytes(seeds: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const mutation = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), cut: fc.boolean() });
  return fc.tuple(fc.constantFrom(...seeds), fc.array(mutation, { maxLength: 4 })).map(([seed, mutations]) => {
    let bytes = Uint8Array.from(seed);
    for (const { at, byte, cut: shorter } of mutations) {
      if (bytes.length === 0) break;
      if (shorter && byte < 32) bytes = bytes.slice(0, at % bytes.length);
      else bytes[at % bytes.length] = byte;
    }
    return bytes;
  });
}

/** The keys from the whole to a part. */
type Place = readonly (string | number)[];

function placesOf(json: unknown, place: Place = []): Place[] {
  if (typeof json !== 'object' || json === null) return [place];
  const keys = Array.isArray(json) ? json.keys() : Object.keys(json);
  return [place, ...[...keys].flatMap((key) => placesOf((json as Record<string, unknown>)[key], [...place, key]))];
}

function valueAt(json: unknown, place: Place): unknown {
  return place.reduce((at: unknown, key) => (at as Record<string, unknown>)[key], json);
}

function replaced(json: unknown, place: Place, value: unknown): unknown {
  const key = place.at(-1);
  if (key === undefined) return value;
  const parent = valueAt(json, place.slice(0, -1));
  Object.defineProperty(parent, key, { value, configurable: true, enumerable: true, writable: true });
  return json;
}

function without(json: unknown, place: Place): unknown {
  const key = place.at(-1);
  const parent = valueAt(json, place.slice(0, -1));
  if (key === undefined) return undefined;
  if (Array.isArray(parent)) parent.splice(key as number, 1);
  else delete (parent as Record<string, unknown>)[key];
  return json;
}

function cut(value: unknown, at: number): unknown {
  return typeof value === 'string' || Array.isArray(value) ? value.slice(0, at % (value.length + 1)) : value;
}
