/** Decides by a seed alone. */
export interface Random {
  /** A whole number from 0 up to, but not including, a limit. */
  below(limit: number): number;
  of<T>(list: readonly T[]): T;
  /** Whether something happens that does so in so many of a hundred cases. */
  percent(chance: number): boolean;
}

/** @param seed any whole number */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    of: <T>(list: readonly T[]) => list[below(list.length)] as T,
    percent: (chance) => below(100) < chance,
  };
}
