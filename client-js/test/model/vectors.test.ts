import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  alive,
  type Cells,
  type CollectionSchema,
  canonical,
  checkCollection,
  checkId,
  checkJson,
  checkSchema,
  compareCells,
  conflicts,
  counterOf,
  decodeCell,
  decodeCells,
  decodeDocument,
  diff,
  differences,
  edit,
  encodeDocument,
  fingerprint,
  isReplicaId,
  isStamp,
  type Json,
  joined,
  joinedLayers,
  keyOfId,
  known,
  MalformedError,
  makeStamp,
  millisOf,
  NO_LAYERS,
  nonceText,
  parseJson,
  parsePath,
  pathText,
  randomReplicaId,
  read,
  readHidden,
  receive,
  reject,
  remove,
  replaceDelivered,
  restamped,
  type Schema,
  type Sent,
  settle,
  toSend,
} from '../../src/model/index.ts';
import { readPage } from '../../src/sync/server/messages.ts';
import { shownPage, text, type VectorCase, vectors, wired } from './vectors.ts';

/** Declares a test for each case of a file: the function answers what is expected, or throws if it is refused. */
function suite<Case extends VectorCase<unknown>>(file: string, outcome: (given: Case) => unknown): void {
  describe(`vectors/${file}.json`, () => {
    for (const given of vectors<Case>(file)) {
      it(`${given.rules.join(', ')}: ${given.name}`, () => {
        if (given.refused === undefined) {
          expect(text(outcome(given))).toBe(text(given.expected));
        } else {
          expect(refusal(() => outcome(given))).toMatch(/^(Malformed|UnsupportedValue|TypeMismatch)Error: .+/);
        }
      });
    }
  });
}

suite('stamps', (given: VectorCase<string | string[]> & StampInput) => {
  if (given.millis !== undefined) {
    return makeStamp(given.millis, given.counter as number, given.replica as string);
  }
  if (given.bits !== undefined) {
    const bytes = Uint8Array.from(Buffer.from(given.bits, 'hex'));
    return bytes.length === 8 ? randomReplicaId(bytes) : nonceText(bytes);
  }
  if (given.stamps !== undefined) {
    return [...given.stamps].sort();
  }
  return given.stamp === undefined
    ? accepted(given.replica, isReplicaId(given.replica))
    : accepted(given.stamp, isStamp(given.stamp));
});

suite('values', (given: VectorCase<string> & { text: string }) => canonical(checkJson(parseJson(given.text))));

suite('paths', (given: VectorCase<string> & { path: unknown }) => {
  const path = pathText(parsePath(given.path));
  expect(pathText(parsePath(path))).toBe(path);
  return path;
});

suite('documents', (given: VectorCase<unknown> & { id?: Json; collection?: unknown; document?: unknown }) => {
  if ('id' in given) {
    const id = checkId(checkJson(given.id));
    expect(keyOfId(id)).toBeDefined();
    return canonical(id);
  }
  if ('collection' in given) {
    return checkCollection(given.collection);
  }
  const { cells, ...rest } = decodeDocument(given.document);
  return { ...encodeDocument({ ...rest, cells }), cells: wired(cells) };
});

suite('pages', (given: VectorCase<unknown> & { page: unknown }) => shownPage(readPage(given.page)));

suite('cells', (given: VectorCase<unknown> & { one?: unknown; other?: unknown; states?: unknown[] }) => {
  if (given.states !== undefined) {
    const states = given.states.map((state) => decodeCells(state));
    const forwards = states.reduce<Cells>((one, other) => ({ ...joined(one, other) }), {});
    expect(states.reduceRight<Cells>((one, other) => ({ ...joined(one, other) }), {})).toEqual(forwards);
    return wired(forwards);
  }
  const [one, other] = [lenientCell(given.one), lenientCell(given.other)];
  const order = Math.sign(compareCells(one, other));
  expect(Math.sign(compareCells(other, one)) + order).toBe(0);
  return order > 0 ? 'one' : order < 0 ? 'other' : 'same';
});

suite('read', (given: VectorCase<unknown> & { schema: CollectionSchema; cells: unknown }) => {
  const cells = decodeCells(given.cells);
  return shown(cells, given.schema);
});

suite('diff', (given: VectorCase<unknown> & DiffInput) => {
  const { schema, stamp, put } = given;
  const stands = decodeCells(given.stands);
  if (given.delete) {
    return wired(remove({ schema, stamp, stands }));
  }
  return wired(diff({ schema, stamp, stands, put: put as Json, ...('read' in given && { read: given.read }) }));
});

suite('schemas', (given: VectorCase<string> & { schema: string }) => {
  const schema = checkSchema(parseJson(given.schema));
  expect(text(checkSchema(schema))).toBe(text(schema));
  return text(schema);
});

suite('fingerprints', (given: VectorCase<string> & { schema: string }) =>
  fingerprint(checkSchema(parseJson(given.schema))));

suite('differences', (given: VectorCase<unknown> & Record<'own' | 'server', Schema>) => {
  const { collections } = checkSchema(given.own);
  const server = checkSchema(given.server);
  const names = [...Object.keys(collections), ...Object.keys(server.collections)];
  return differences(new Map(names.map((name) => [name, collections[name] ?? { fields: {} }])), server);
});

suite('conflicts', (given: VectorCase<unknown> & Record<'delivered' | 'pending' | 'arrived', unknown>) => {
  const layers = { delivered: decodeCells(given.delivered), pending: decodeCells(given.pending) };
  return conflicts(layers, decodeCells(given.arrived)).map(({ path, mine, theirs }) => ({
    path: JSON.parse(path),
    mine,
    theirs,
    winner: compareCells(mine, theirs) > 0 ? 'mine' : 'theirs',
  }));
});

suite('layers', ({ schema, steps }: VectorCase<unknown> & { schema: CollectionSchema; steps: Step[] }) => {
  let layers = NO_LAYERS;
  let sent: Sent | undefined;
  for (const step of steps) {
    if ('put' in step) {
      const { stamp, put, read } = step;
      layers = edit(layers, diff({ schema, stamp, put, read, stands: joinedLayers(layers) }));
    } else if ('delete' in step) {
      layers = edit(layers, remove({ schema, stamp: step.stamp, stands: joinedLayers(layers) }));
    } else if ('receive' in step) {
      layers = receive(layers, decodeCells(step.receive), sent);
    } else if ('send' in step) {
      sent = toSend(layers);
      expect(wired(sent.cells)).toEqual(step.send);
    } else if ('settle' in step) {
      layers = settle(layers, sent as Sent);
      sent = undefined;
    } else if ('reject' in step) {
      layers = reject(layers);
      sent = undefined;
    } else if ('twin' in step) {
      const { from, to, seen } = step.twin;
      const exchange = (stamp: string) => makeStamp(millisOf(stamp), counterOf(stamp), to);
      layers = { ...layers, pending: restamped(layers.pending, known(layers), { from, to, seen, exchange }) };
    } else {
      layers = replaceDelivered(layers, decodeCells(step.resync), sent);
    }
  }
  return {
    delivered: wired(layers.delivered),
    pending: wired(layers.pending),
    ...shown(joinedLayers(layers), schema),
  };
});

interface StampInput {
  readonly millis?: number;
  readonly counter?: number;
  readonly replica?: string;
  readonly bits?: string;
  readonly stamp?: string;
  readonly stamps?: string[];
}

interface DiffInput {
  readonly schema: CollectionSchema;
  readonly stamp: string;
  readonly stands: unknown;
  readonly put?: Json;
  readonly read?: Json;
  readonly delete?: true;
}

type Step =
  | { readonly put: Json; readonly stamp: string; readonly read?: Json }
  | { readonly delete: true; readonly stamp: string }
  | { readonly receive: unknown }
  | { readonly send: unknown }
  | { readonly settle: true }
  | { readonly reject: true }
  | { readonly twin: { readonly from: string; readonly to: string; readonly seen: string } }
  | { readonly resync: unknown };

function shown(cells: Readonly<Cells>, schema: CollectionSchema): { alive: boolean; record: Json } {
  const hidden = readHidden(cells, schema);
  const record = read(cells, schema);
  expect(record === undefined).toBe(!alive(cells));
  expect(text(record === undefined ? hidden : record)).toBe(text(hidden));
  return { alive: alive(cells), record: hidden };
}

/** The order is defined for cells of any form, also such as no kind allows. */
function lenientCell(wire: unknown): Parameters<typeof compareCells>[0] {
  const [, stamp, removed, ...value] = wire as [unknown, string, 0 | 1, Json?];
  return [stamp, removed, ...value] as Parameters<typeof compareCells>[0];
}

function refusal(run: () => unknown): string {
  try {
    return `accepted as ${JSON.stringify(run())}`;
  } catch (error) {
    return String(error);
  }
}

function accepted(value: unknown, valid: boolean): unknown {
  if (!valid) {
    throw new MalformedError('text', 'refused');
  }
  return value;
}

it('each rule for values, documents, reading and writing has a case', () => {
  const spec = readFileSync(new URL('../../../spec/merge-format.md', import.meta.url), 'utf8');
  const rules = [...spec.matchAll(/^\*\*(M-\d+)\*\*/gm)].map(([, rule]) => rule);
  const files = [
    'stamps',
    'batches',
    'values',
    'documents',
    'cells',
    'paths',
    'read',
    'diff',
    'layers',
    'schemas',
    'fingerprints',
    'differences',
    'conflicts',
  ];
  const covered = new Set(files.flatMap((file) => vectors<VectorCase<unknown>>(file)).flatMap(({ rules }) => rules));
  // M-3 is about the behaviour of a clock over time, which a vector does not show: clock.test.ts
  expect(rules.filter((rule) => rule !== 'M-3' && !covered.has(rule as string))).toEqual([]);
  expect(rules.length).toBeGreaterThan(20);
});

describe('decodeCell', () => {
  it('names the place of what it refuses', () => {
    expect(() => decodeCell([['r', 1], '0'.repeat(26), 0, 1], 'cells[3]')).toThrow('cells[3][0][1]');
  });
});
