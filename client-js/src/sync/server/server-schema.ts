import { differences, type SchemaDifference } from '../../model/index.ts';
import type { Collection } from '../collection.ts';
import type { Transport } from './transport.ts';

/** Looks after whether this client declares what the server declares (P-25). */
export interface ServerSchema {
  /** Takes note of the fingerprint that an answer bears, and asks for the schema if it is a new one. */
  noticed(fingerprint: string): void;
}

/** @param onDifferences called after each new fingerprint, also with nothing */
export function createServerSchema(
  collections: ReadonlyMap<string, Collection>,
  transport: () => Pick<Transport, 'schema'>,
  signal: AbortSignal,
  onDifferences: (found: readonly SchemaDifference[]) => void,
): ServerSchema {
  const own = new Map([...collections].map(([name, { schema }]) => [name, schema]));
  let known: string | undefined;
  return {
    noticed(fingerprint) {
      if (fingerprint === known) return;
      known = fingerprint;
      transport()
        .schema(signal)
        .then((server) => onDifferences(differences(own, server)))
        .catch(() => {
          known = undefined; // the next answer bears it again
        });
    },
  };
}
