import { canonical, type Json } from './json.ts';
import { type CollectionSchema, type Schema, typeOf } from './schema.ts';
import { replicaOfBits } from './stamp.ts';

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** Something that this client declares otherwise than the server (P-25). */
export interface SchemaDifference {
  readonly collection: string;
  /** The field that is of another type; `null` if it is the policy of deletion that differs. */
  readonly field: string | null;
  /** What this client declares: a type, `local`, or a policy. */
  readonly own: string;
  /** What the server declares. */
  readonly server: string;
}

/**
 * A short name of a schema that {@link checkSchema} has answered: equal schemas have equal ones, and others hardly ever
 * (P-25). It is the 64-bit FNV-1a hash of the canonical text; it tells a mistake, and withstands nobody who wants to deceive.
 */
export function fingerprint(schema: Schema): string {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(canonical(schema as unknown as Json))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  }
  const bits = new Uint8Array(8);
  new DataView(bits.buffer).setBigUint64(0, hash);
  return replicaOfBits(bits);
}

/** Where the collections that a client uses are declared otherwise than by the server (P-25), in the order of collections and fields. */
export function differences(own: ReadonlyMap<string, CollectionSchema>, server: Schema): SchemaDifference[] {
  return Object.keys(server.collections)
    .filter((collection) => own.has(collection))
    .sort()
    .flatMap((collection) =>
      differencesOf(
        collection,
        own.get(collection) as CollectionSchema,
        server.collections[collection] as CollectionSchema,
      ),
    );
}

function differencesOf(collection: string, own: CollectionSchema, server: CollectionSchema): SchemaDifference[] {
  const fields = new Set([own, server].flatMap(({ fields, local }) => [...Object.keys(fields), ...(local ?? [])]));
  const types = [...fields].sort().map((field) => {
    return { collection, field, own: typeOf(own, field), server: typeOf(server, field) };
  });
  const policy = {
    collection,
    field: null,
    own: own.deletion ?? 'add-wins',
    server: server.deletion ?? 'add-wins',
  };
  return [...types, policy].filter(({ own, server }) => own !== server);
}
