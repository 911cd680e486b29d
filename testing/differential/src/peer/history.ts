import { readBatch, writeBatch } from '../../../../client-js/src/batch/index.ts';
import {
  alive,
  type Cell,
  type CellConflict,
  type Cells,
  type Clock,
  type CollectionSchema,
  canonical,
  conflicts,
  createClock,
  decodeDocument,
  diff,
  edit,
  encodeDocument,
  type Json,
  type JsonObject,
  joined,
  joinedLayers,
  type Layers,
  NO_LAYERS,
  type PathText,
  parseJson,
  type ReplicaId,
  read,
  readHidden,
  receive,
  reject,
  remove,
  replaceDelivered,
  type Sent,
  type Stamp,
  settle,
  toSend,
  type WireDocument,
} from '../../../../client-js/src/model/index.ts';
import { unlessExhausted } from './clocks.ts';
import { unlessMalformed, unlessUnsupported } from './refusal.ts';

interface History {
  readonly replicas: readonly ReplicaId[];
  readonly steps: readonly Step[];
  /** Of each replica's joined cells and of its pending ones, in turn. */
  readonly names: readonly Name[];
  /** The documents of these names as a batch, in base64. */
  readonly batch: string;
}

/** A document without its cells. */
interface Name {
  readonly collection: string;
  /** Its JSON text. */
  readonly id: string;
  readonly whole: boolean;
}

/** What one replica does. Records, pages and schemas stand as JSON texts. */
interface Step {
  readonly replica: number;
  readonly does: keyof typeof DOES;
  readonly millis?: number;
  readonly schema?: string;
  readonly record?: string;
  readonly read?: string;
  readonly page?: string;
}

interface Outcome {
  /** After each step: what came of it and how the replica that took it stands, one line a cell. */
  readonly traces: readonly string[];
  /** At the end, the page that each replica would send. */
  readonly pages: readonly string[];
  /** The cells of all replicas, joined one after the other. */
  readonly merged: string;
  /** What all replicas hold, as one batch, in base64. */
  readonly batch: string;
  /** What the given batch holds. */
  readonly documents: string;
}

interface Replica {
  readonly id: ReplicaId;
  readonly clock: Clock;
  now: number;
  schema: CollectionSchema;
  layers: Layers;
  sent: Sent | undefined;
}

const REFUSED = 'refused';

export function runHistory({ replicas: ids, steps, names, batch }: History): Outcome {
  const replicas = ids.map(createReplica);
  const traces = steps.map((step) => {
    const replica = replicas[step.replica] as Replica;
    return `${DOES[step.does](replica, step)}\n${standing(replica)}`;
  });
  const states = replicas.map(({ layers }) => joinedLayers(layers));
  return {
    traces,
    pages: states.map(pageOf),
    merged: cellsText(states.reduce((one, other) => joined(one, other), {})),
    batch: Buffer.from(writeBatch(documentsOf(names, replicas))).toString('base64'),
    documents: readBatch(Buffer.from(batch, 'base64')).map(documentText).join('\n'),
  };
}

const DOES = {
  clock(replica: Replica, { millis }: Step): string {
    replica.now = millis as number;
    return 'clock';
  },

  schema(replica: Replica, { schema }: Step): string {
    replica.schema = JSON.parse(schema as string);
    return 'schema';
  },

  put(replica: Replica, { record, read: text }: Step): string {
    const put = parseJson(record as string) as Json;
    const found = text === undefined ? {} : { read: parseJson(text) as Json };
    const { schema, layers } = replica;
    return edited(replica, (stamp) => diff({ schema, stamp, stands: joinedLayers(layers), put, ...found }));
  },

  delete(replica: Replica): string {
    const { schema, layers } = replica;
    return edited(replica, (stamp) => remove({ schema, stamp, stands: joinedLayers(layers) }));
  },

  receive(replica: Replica, { page }: Step): string {
    return arrived(replica, page as string, (cells) => receive(replica.layers, cells, replica.sent));
  },

  resync(replica: Replica, { page }: Step): string {
    return arrived(replica, page as string, (cells) => replaceDelivered(replica.layers, cells, replica.sent));
  },

  send(replica: Replica): string {
    replica.sent ??= toSend(replica.layers);
    return `sent\n${cellsText(replica.sent.cells)}`;
  },

  settle(replica: Replica): string {
    replica.layers = replica.sent === undefined ? replica.layers : settle(replica.layers, replica.sent);
    replica.sent = undefined;
    return 'settled';
  },

  reject(replica: Replica): string {
    replica.layers = reject(replica.layers);
    replica.sent = undefined;
    return 'rejected';
  },

  unsend(replica: Replica): string {
    replica.sent = undefined;
    return 'unsent';
  },
};

function createReplica(id: ReplicaId): Replica {
  const replica: Replica = {
    id,
    clock: createClock({ millis: () => replica.now }),
    now: 0,
    schema: { fields: {} },
    layers: NO_LAYERS,
    sent: undefined,
  };
  return replica;
}

function edited(replica: Replica, cellsOf: (stamp: Stamp) => Cells): string {
  const stamp = unlessExhausted(() => replica.clock.tick(replica.id));
  if (stamp === null) {
    return 'exhausted';
  }
  const cells = unlessUnsupported(() => {
    const made = cellsOf(stamp);
    replica.layers = edit(replica.layers, made);
    return made;
  });
  return `${stamp} ${cells === null ? REFUSED : `edits\n${cellsText(cells)}`}`;
}

function arrived(replica: Replica, page: string, join: (cells: Cells) => Layers): string {
  let found: readonly CellConflict[] = [];
  const layers = unlessMalformed(() => {
    const { documents } = parseJson(page) as { documents: unknown[] };
    const { cells } = decodeDocument(documents[0]);
    for (const [stamp] of Object.values(cells)) {
      replica.clock.observe(stamp);
    }
    found = conflicts(replica.layers, cells);
    return join(cells as Cells);
  });
  replica.layers = layers ?? replica.layers;
  return layers === null ? REFUSED : `received${found.map(conflictText).join('')}`;
}

function conflictText({ path, mine, theirs }: CellConflict): string {
  return `\nmine ${cellText(path, mine)}\ntheirs ${cellText(path, theirs)}`;
}

function standing({ schema, layers }: Replica): string {
  const cells = joinedLayers(layers);
  const record = read(cells, schema);
  return [
    '-- delivered',
    cellsText(layers.delivered),
    '-- pending',
    cellsText(layers.pending),
    alive(cells) ? '-- alive' : '-- dead',
    recordText(record ?? readHidden(cells, schema)),
  ].join('\n');
}

/** The canonical text without the bounds of values: a record is as large as its fields have become. */
function recordText(record: Json): string {
  if (typeof record !== 'object' || record === null) {
    return canonical(record);
  }
  if (Array.isArray(record)) {
    return `[${record.map(recordText).join(',')}]`;
  }
  const members = Object.entries(record as JsonObject).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${recordText(member)}`).join(',')}}`;
}

function cellsText(cells: Readonly<Cells>): string {
  return Object.entries(cells)
    .map(([path, cell]) => cellText(path, cell))
    .sort()
    .join('\n');
}

function cellText(path: PathText, [stamp, removed, value]: Cell): string {
  return `${path} ${stamp} ${removed} ${value === undefined ? '' : canonical(value)}`;
}

function documentsOf(names: readonly Name[], replicas: readonly Replica[]): WireDocument[] {
  return names.map(({ collection, id, whole }, i) => {
    const { layers } = replicas[Math.floor(i / 2)] as Replica;
    const cells = i % 2 === 0 ? joinedLayers(layers) : layers.pending;
    return { collection, id: JSON.parse(id) as Json, whole, cells };
  });
}

function documentText({ collection, id, whole, cells }: WireDocument): string {
  return `${collection} ${canonical(id)} ${whole}\n${cellsText(cells)}`;
}

function pageOf(cells: Readonly<Cells>): string {
  const document = encodeDocument({ collection: 'c', id: 'd', cells, whole: false });
  return JSON.stringify({ documents: [document], cursor: '', more: false });
}
