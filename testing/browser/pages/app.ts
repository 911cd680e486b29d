/** What the three applications offer the tests. Each is written as applications of its kind are. */
export interface App {
  put(item: Item): Promise<void>;
  edit(id: string, fields: Partial<Item>): Promise<void>;
  addTag(id: string, tag: string): Promise<void>;
  removeTag(id: string, tag: string): Promise<void>;
  count(id: string, difference: number): Promise<void>;
  remove(id: string): Promise<void>;
  all(): Promise<Item[]>;
}

export interface Item {
  id: string;
  name: string;
  shelf?: string;
  tags: string[];
  quantity: number;
}
