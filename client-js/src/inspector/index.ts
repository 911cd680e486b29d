import type { Watersmeet } from '../sync/watersmeet.ts';
import { createInspector } from './inspector.ts';
import { STYLES } from './styles.ts';

/** Shows what a client does and holds. Without a client it is empty. */
export interface WatersmeetInspector extends HTMLElement {
  /** What `watersmeet()` has returned. */
  client: Watersmeet | undefined;
  /** Shows the cells of a document. */
  show(collection: string, key: IDBValidKey): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'watersmeet-inspector': WatersmeetInspector;
  }
}

const NAME = 'watersmeet-inspector';

/** Defines the element `<watersmeet-inspector>`, once for a page; nothing happens by the import alone. */
export function defineInspector(): void {
  if (customElements.get(NAME)) return;
  const sheet = new CSSStyleSheet(); // not an element: a content security policy may forbid these
  sheet.replaceSync(STYLES);

  // A class, as custom elements cannot be made otherwise.
  class Element extends HTMLElement implements WatersmeetInspector {
    readonly #inspector = createInspector();
    #client: Watersmeet | undefined;

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [sheet];
      root.append(...this.#inspector.elements);
      // A client that was set before the element was defined.
      if (Object.hasOwn(this, 'client')) {
        const early = this.client;
        delete (this as { client?: Watersmeet | undefined }).client;
        this.client = early;
      }
    }

    get client(): Watersmeet | undefined {
      return this.#client;
    }

    set client(client: Watersmeet | undefined) {
      this.#client = client;
      if (this.isConnected) this.#inspector.follow(client);
    }

    connectedCallback(): void {
      this.#inspector.follow(this.#client);
    }

    disconnectedCallback(): void {
      this.#inspector.follow(undefined);
    }

    show(collection: string, key: IDBValidKey): void {
      this.#inspector.show(collection, key);
    }
  }

  customElements.define(NAME, Element);
}
