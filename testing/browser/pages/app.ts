/** What the three applications offer the tests. Each is written as applications of its kind are. What changes an item answers it as it was before. */
export interface App {
  put(item: Item): Promise<void>;
  edit(id: string, fields: Partial<Item>): Promise<Item | undefined>;
  addTag(id: string, tag: string): Promise<Item | undefined>;
  removeTag(id: string, tag: string): Promise<Item | undefined>;
  count(id: string, difference: number): Promise<Item | undefined>;
  remove(id: string): Promise<Item | undefined>;
  all(): Promise<Item[]>;
  /** Starts live queries, of an application that has them: of the items `a` and `z`, of those whose name begins with `n`, of how many there are, of all. */
  live?(): LiveQueries;
}

/** What each live query has last told, and how often it has told anything. */
export type LiveQueries = Record<'a' | 'z' | 'named' | 'count' | 'all', { last: unknown; runs: number }>;

export interface Item {
  id: string;
  name: string;
  shelf?: string;
  tags: string[];
  quantity: number;
}
