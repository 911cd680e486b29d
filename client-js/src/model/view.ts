import type { Cell, Cells } from './cell.ts';
import { compareCanonical, type Json } from './json.ts';
import { deletion, elementOf, fieldOf, kindOf, lifeOf, type PathText, replicaOfPath, root, totalOf } from './path.ts';
import type { ReplicaId, Stamp } from './stamp.ts';

/** A live cell of a set or of a multi: one replica's addition of an element, or assignment of a value. */
export interface Tag {
  readonly path: PathText;
  readonly stamp: Stamp;
}

/** By an element's canonical text, its live cells. */
export type Tagged = ReadonlyMap<string, readonly Tag[]>;

/** By path, the values of the live leaves of a map, also of those that objects hide. */
export type Leaves = ReadonlyMap<PathText, Json>;

/** What one replica has counted in one life of its counting (M-40). */
export interface Share {
  readonly path: PathText;
  readonly total?: Cell | undefined;
  readonly base?: Cell | undefined;
}

/** What a replica last did to a document, and whether a deletion covers it. */
export interface Existence {
  readonly replica: ReplicaId;
  readonly stamp: Stamp;
  readonly covered: boolean;
}

/** The cells of a document sorted by what they are about; only what is live. Reading and writing both start here. */
export interface View {
  readonly existences: readonly Existence[];
  readonly alive: boolean;
  readonly root: Json | undefined;
  readonly registers: ReadonlyMap<string, Json>;
  /** By field. */
  readonly sets: ReadonlyMap<string, Tagged>;
  /** By field. */
  readonly multis: ReadonlyMap<string, Tagged>;
  /** By field. */
  readonly maps: ReadonlyMap<string, Leaves>;
  /** By field, then by the names of lives. */
  readonly counters: ReadonlyMap<string, ReadonlyMap<string, Share>>;
}

export function viewOf(cells: Readonly<Cells>): View {
  const existences = existencesOf(cells);
  const registers = new Map<string, Json>();
  const sets = new Map<string, Map<string, Tag[]>>();
  const multis = new Map<string, Map<string, Tag[]>>();
  const maps = new Map<string, Map<PathText, Json>>();
  const counters = new Map<string, Map<string, Share>>();
  for (const path of Object.keys(cells)) {
    const cell = cells[path] as Cell;
    switch (kindOf(path)) {
      case 'r':
        if (cell[1] === 0) {
          registers.set(fieldOf(path), cell[2] as Json);
        }
        break;
      case 's':
        addTag(sets, path, cell);
        break;
      case 'm':
        addTag(multis, path, cell);
        break;
      case 'n':
        if (cell[1] === 0) {
          entry(maps, fieldOf(path), () => new Map<PathText, Json>()).set(path, cell[2] as Json);
        }
        break;
      case 'c':
        addShare(counters, path, { path, total: cell });
        break;
      case 'b':
        addShare(counters, path, { path: totalOf(path), base: cell });
    }
  }
  return {
    existences,
    alive: existences.some(({ covered }) => !covered),
    root: cells[root]?.[1] === 0 ? cells[root][2] : undefined,
    registers,
    sets,
    multis,
    maps,
    counters,
  };
}

/** Whether a document is alive (M-11). */
export function alive(cells: Readonly<Cells>): boolean {
  return existencesOf(cells).some(({ covered }) => !covered);
}

/** Whether the record is the root value (M-15). A total that its base covers counts nothing, so it is not live. */
export function showsRoot(view: View): boolean {
  const { registers, sets, multis, maps } = view;
  return (
    view.root !== undefined && [registers, sets, multis, maps].every(({ size }) => size === 0) && !hasLiveShare(view)
  );
}

/** The elements by the smallest stamps of their live cells, then by their texts (M-12). */
export function inOrder(tagged: Tagged | undefined): Json[] {
  return [...(tagged ?? [])]
    .map(([element, tags]) => ({ element, first: tags.map(({ stamp }) => stamp).sort()[0] as Stamp }))
    .sort((one, other) =>
      one.first === other.first ? compareCanonical(one.element, other.element) : one.first < other.first ? -1 : 1,
    )
    .map(({ element }) => JSON.parse(element));
}

/** Whether a base covers all that a replica counted (M-13), or it counted nothing. */
export function isCovered({ total, base }: Share): boolean {
  return total === undefined || (base !== undefined && total[0] <= base[0]);
}

/** The finite double closest to a sum or a difference of two: what many replicas count stays a number (M-13). */
export function saturated(number: number): number {
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, number));
}

/** The value of a counter (M-13). Sums of doubles depend on the order, so it is that of the lives' names. */
export function counterValue(view: View, field: string): number {
  const shares = [...(view.counters.get(field) ?? [])].sort(([one], [other]) => (one < other ? -1 : 1));
  let sum = 0;
  for (const [, share] of shares) {
    if (!isCovered(share)) {
      sum = saturated(sum + saturated((share.total?.[2] as number) - ((share.base?.[2] as number | undefined) ?? 0)));
    }
  }
  return sum;
}

/** Whether a deletion covers a replica's existence of a stamp: one that saw it, or a later one under last-writer-wins (M-11). */
export function isCoveredBy(cells: Readonly<Cells>, replica: ReplicaId, stamp: Stamp): boolean {
  return stamp <= (cells[deletion(replica)]?.[0] ?? '') || stamp <= (cells[deletion('*')]?.[0] ?? '');
}

function existencesOf(cells: Readonly<Cells>): Existence[] {
  const existences: Existence[] = [];
  for (const path of Object.keys(cells)) {
    if (kindOf(path) === 'e') {
      const stamp = (cells[path] as Cell)[0];
      const replica = replicaOfPath(path);
      existences.push({ replica, stamp, covered: isCoveredBy(cells, replica, stamp) });
    }
  }
  return existences;
}

function hasLiveShare(view: View): boolean {
  for (const shares of view.counters.values()) {
    for (const share of shares.values()) {
      if (!isCovered(share)) {
        return true;
      }
    }
  }
  return false;
}

function addTag(fields: Map<string, Map<string, Tag[]>>, path: PathText, [stamp, removed]: Cell): void {
  if (removed === 0) {
    const elements = entry(fields, fieldOf(path), () => new Map<string, Tag[]>());
    entry(elements, elementOf(path), () => []).push({ path, stamp });
  }
}

function addShare(counters: Map<string, Map<string, Share>>, path: PathText, share: Share): void {
  const shares = entry(counters, fieldOf(path), () => new Map<string, Share>());
  const life = lifeOf(path);
  shares.set(life, { ...shares.get(life), ...share });
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}
