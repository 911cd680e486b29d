import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type Cells,
  canonical,
  createClock,
  diff,
  type Json,
  join,
  type ReplicaId,
  read,
  remove,
} from '../../src/model/index.ts';
import { A, B, C, records, SCHEMA } from './arbitraries.ts';
import { wired } from './vectors.ts';

interface Replica {
  readonly id: ReplicaId;
  readonly clock: ReturnType<typeof createClock>;
  readonly cells: Cells;
  /** How much of each replica's edits arrived here. */
  readonly arrived: Map<ReplicaId, number>;
  seen: Json | undefined;
}

interface Step {
  readonly kind: 'put' | 'stale put' | 'look' | 'delete' | 'deliver' | 'deliver again';
  readonly who: number;
  readonly from: number;
  readonly record: Json;
}

const steps = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom('put', 'stale put', 'look', 'delete', 'deliver', 'deliver', 'deliver again'),
    who: fc.nat(2),
    from: fc.nat(2),
    record: records,
  }),
  { maxLength: 40 },
);

it('replicas that have the same edits show the same record, in whatever order these arrived', () => {
  fc.assert(
    fc.property(steps, fc.array(fc.nat(), { maxLength: 60 }), (history, order) => {
      const edits = new Map<ReplicaId, Cells[]>([A, B, C].map((id) => [id, []]));
      const replicas = [A, B, C].map(createReplica);
      for (const step of history) {
        take(step, replicas, edits);
      }
      const all = [...edits.values()].flat();
      const shuffled = all.map((edit, i) => ({ edit, rank: order[i] ?? 0 })).sort((a, b) => a.rank - b.rank);
      const reference: Cells = {};
      for (const { edit } of shuffled) {
        join(reference, edit);
      }
      for (const { cells } of replicas) {
        for (const edit of all.toReversed()) {
          join(cells, edit);
        }
        expect(wired(cells)).toEqual(wired(reference));
        expect(canonical(read(cells, SCHEMA) ?? null)).toBe(canonical(read(reference, SCHEMA) ?? null));
      }
    }),
    { numRuns: 500 },
  );
});

it('a deletion never takes away an edit that the deleter had not seen', () => {
  fc.assert(
    fc.property(steps, records, (history, record) => {
      const edits = new Map<ReplicaId, Cells[]>([A, B, C].map((id) => [id, []]));
      const replicas = [A, B, C].map(createReplica);
      for (const step of history) {
        take(step, replicas, edits);
      }
      const [writer, deleter] = replicas as [Replica, Replica];
      const cells = { ...writer.cells };
      const edit = diff({ schema: SCHEMA, stamp: writer.clock.tick(A), stands: cells, put: record });
      fc.pre(Object.keys(edit).length > 0);
      join(cells, remove({ schema: SCHEMA, stamp: deleter.clock.tick(B), stands: deleter.cells }));
      join(cells, edit);
      expect(read(cells, SCHEMA)).toBeDefined();
    }),
  );
});

function createReplica(id: ReplicaId): Replica {
  let now = 1;
  return { id, clock: createClock({ millis: () => now++ }), cells: {}, arrived: new Map(), seen: undefined };
}

function take(step: Step, replicas: readonly Replica[], edits: ReadonlyMap<ReplicaId, Cells[]>): void {
  const replica = replicas[step.who] as Replica;
  const { cells, clock, id } = replica;
  const issue = (edit: Cells): void => {
    join(cells, edit);
    edits.get(id)?.push(edit);
  };
  switch (step.kind) {
    case 'put':
      issue(diff({ schema: SCHEMA, stamp: clock.tick(id), stands: cells, put: step.record }));
      return;
    case 'stale put':
      issue(diff({ schema: SCHEMA, stamp: clock.tick(id), stands: cells, put: step.record, read: replica.seen }));
      return;
    case 'look':
      replica.seen = read(cells, SCHEMA);
      return;
    case 'delete':
      issue(remove({ schema: SCHEMA, stamp: clock.tick(id), stands: cells }));
      return;
    default:
      deliver(replica, replicas[step.from] as Replica, edits, step.kind === 'deliver again');
  }
}

/** Each writer's edits arrive in their order; the clock moves above what arrives. */
function deliver(to: Replica, from: Replica, edits: ReadonlyMap<ReplicaId, Cells[]>, again: boolean): void {
  const done = to.arrived.get(from.id) ?? 0;
  const edit = edits.get(from.id)?.[again ? Math.max(0, done - 1) : done];
  if (edit === undefined || from === to) {
    return;
  }
  for (const [stamp] of Object.values(edit)) {
    to.clock.observe(stamp);
  }
  join(to.cells, edit);
  to.arrived.set(from.id, Math.max(done, again ? done : done + 1));
}
