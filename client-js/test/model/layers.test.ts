import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  baseOf,
  type Cells,
  canonical,
  counter,
  createClock,
  diff,
  edit,
  isEmpty,
  type Json,
  joined,
  joinedLayers,
  type Layers,
  makeStamp,
  NO_LAYERS,
  read,
  receive,
  remove,
  replaceDelivered,
  type Sent,
  settle,
  sinceOf,
  toSend,
  wholeCells,
} from '../../src/model/index.ts';
import { A, B, C, records, SCHEMA } from './arbitraries.ts';

const schema = SCHEMA;

interface Client {
  readonly id: string;
  readonly clock: ReturnType<typeof createClock>;
  layers: Layers;
  sent: Sent | undefined;
}

type Act = 'put' | 'count' | 'delete' | 'send' | 'arrive' | 'acknowledge' | 'pull' | 'resync';

const acts = fc.array(
  fc.record({
    act: fc.constantFrom<Act>('put', 'count', 'count', 'delete', 'send', 'arrive', 'acknowledge', 'pull', 'resync'),
    who: fc.nat(2),
    record: records,
  }),
  { maxLength: 60 },
);

it('clients and server agree once everything is settled, whatever was lost, echoed or repeated', () => {
  fc.assert(
    fc.property(acts, (history) => {
      const { clients, server } = run(history);
      for (const client of clients) {
        expect(isEmpty(client.layers.pending)).toBe(true);
        expect(canonical(read(joinedLayers(client.layers), schema) ?? null)).toBe(
          canonical(read(server, schema) ?? null),
        );
      }
    }),
    { numRuns: 500 },
  );
});

it('no count is lost or counted twice', () => {
  const counting = acts.map((history) => history.filter(({ act }) => act !== 'put' && act !== 'delete'));
  fc.assert(
    fc.property(counting, (history) => {
      const { server } = run(history);
      const counts = history.filter(({ act }) => act === 'count').length;
      expect(read(server, schema)).toEqual(
        counts === 0 ? undefined : { done: false, place: {}, tags: [], votes: counts },
      );
    }),
    { numRuns: 500 },
  );
});

it('a total that a clone wrote under the same id does not settle a count', () => {
  const total = (millis: number, value: number): Cells => ({
    [counter('votes', sinceOf(makeStamp(1, 0, A)), A)]: [makeStamp(millis, 0, A), 0, value],
  });
  const pending = edit(NO_LAYERS, total(1, 2));
  expect(receive(pending, total(5, 1)).pending).toEqual(total(1, 2));
});

it('who uploads a document whole ends the lives of all but their own (M-41)', () => {
  const theirs = counter('votes', sinceOf(makeStamp(1, 0, B)), B);
  const own = counter('votes', sinceOf(makeStamp(1, 0, A)), A);
  const cells: Cells = { [theirs]: [makeStamp(1, 0, B), 0, 5], [own]: [makeStamp(2, 0, A), 0, 1] };
  const base: Cells = { [baseOf(theirs)]: [makeStamp(0, 0, B), 1, 0] };
  expect(wholeCells(cells, A)).toEqual({ ...cells, ...base });
  const reset: Cells = { ...cells, [baseOf(theirs)]: [makeStamp(1, 0, B), 1, 5] };
  expect(wholeCells(reset, A)).toEqual(reset);
});

it('what is in flight stays in its life, whatever a snapshot lacks', () => {
  const delivered = diff({ schema, stamp: makeStamp(1, 0, A), stands: {}, put: { votes: 5 } });
  const put = diff({ schema, stamp: makeStamp(2, 0, A), stands: delivered, put: { votes: 7 } });
  const layers = edit({ delivered, pending: {} }, put);
  const sent = toSend(layers);
  const resynced = replaceDelivered(layers, {}, sent);
  expect(settle(resynced, sent)).toEqual({ delivered: sent.cells, pending: {} });
});

it('changes neither the layers nor the cells that it is given', () => {
  const frozen = (cells: Cells): Readonly<Cells> => Object.freeze(cells);
  const put = diff({ schema, stamp: makeStamp(2, 0, A), stands: {}, put: { a: 1, votes: 1 } });
  const arrived = diff({ schema, stamp: makeStamp(1, 0, B), stands: {}, put: { a: 2, votes: 1 } });
  const layers = edit(Object.freeze({ delivered: frozen({}), pending: frozen({}) }), frozen(put));
  const sent = toSend(layers);
  const received = receive(layers, frozen(arrived), sent);
  expect(() => settle(received, sent)).not.toThrow();
  expect(read(joinedLayers(received), schema)).toEqual({ a: 1, done: false, place: {}, tags: [], votes: 2 });
});

/** Plays a history, then delivers and settles what is left. */
function run(history: readonly { act: Act; who: number; record: Json }[]): { clients: Client[]; server: Cells } {
  let now = 1;
  let server: Readonly<Cells> = {};
  const clients = [A, B, C].map<Client>((id) => ({
    id,
    clock: createClock({ millis: () => now++ }),
    layers: NO_LAYERS,
    sent: undefined,
  }));
  const arrive = ({ sent }: Client): void => {
    server = joined(server, sent?.cells ?? {});
  };
  const acknowledge = (client: Client): void => {
    arrive(client);
    if (client.sent !== undefined) {
      client.layers = settle(client.layers, client.sent);
      client.sent = undefined;
    }
  };
  const pull = (client: Client): void => {
    observe(client, server);
    client.layers = receive(client.layers, server, client.sent);
  };
  for (const { act, who, record } of history) {
    const client = clients[who] as Client;
    switch (act) {
      case 'send':
        client.sent ??= isEmpty(client.layers.pending) ? undefined : toSend(client.layers);
        break;
      case 'arrive':
        arrive(client);
        break;
      case 'acknowledge':
        acknowledge(client);
        break;
      case 'pull':
        pull(client);
        break;
      case 'resync':
        observe(client, server);
        client.layers = replaceDelivered(client.layers, server, client.sent);
        break;
      default:
        write(client, act, record);
    }
  }
  for (const client of clients) {
    acknowledge(client);
    client.sent = toSend(client.layers);
    acknowledge(client);
  }
  clients.forEach(pull);
  return { clients, server };
}

function write(client: Client, act: 'put' | 'count' | 'delete', record: Json): void {
  const stands = joinedLayers(client.layers);
  const stamp = client.clock.tick(client.id);
  const cells =
    act === 'delete'
      ? remove({ schema, stamp, stands })
      : diff({ schema, stamp, stands, put: act === 'put' ? record : counted(read(stands, schema)) });
  client.layers = edit(client.layers, cells);
}

/** The record with one vote more; a root value is left as it is. */
function counted(record: Json | undefined): Json {
  if (record === undefined) {
    return { votes: 1 };
  }
  return typeof record === 'object' && record !== null && 'votes' in record
    ? { ...record, votes: (record.votes as number) + 1 }
    : record;
}

function observe(client: Client, cells: Readonly<Cells>): void {
  for (const [stamp] of Object.values(cells)) {
    client.clock.observe(stamp);
  }
}
