import type { Watersmeet } from '../sync/watersmeet.ts';

/** What the panels ask of the inspector around them. */
export interface Surroundings {
  /** Shows the cells of a document. */
  show(collection: string, key: IDBValidKey): void;
  /** Does what may fail, and says so if it does. */
  attempt(work: () => Promise<unknown>, done: string): void;
}

/** One tab of the inspector. */
export interface Panel {
  readonly name: string;
  readonly title: string;
  readonly element: HTMLElement;
  /** Follows the client as long as the panel is seen, until the returned function is called. */
  follow(client: Watersmeet): () => void;
}
