/** The two replicas of the demo; each is a frame with a database of its own. */
export type ReplicaName = 'left' | 'right';

/** What a pane tells the page around it, at every change of its status. */
export interface PaneReport {
  readonly kind: 'pane-report';
  readonly replica: ReplicaName;
  /** Whether the pane's switch is on. */
  readonly online: boolean;
  /** The phase of its synchronisation: `live`, `offline`, … */
  readonly phase: string;
}

/** What the page around them tells both panes: to turn their switch on or off. */
export interface OnlineOrder {
  readonly kind: 'online-order';
  readonly online: boolean;
}

/** What the left pane is told: to put the shelves back as they were at first. */
export interface RefillOrder {
  readonly kind: 'refill-order';
}

/** What a pane tells the page around it: an edit that was made here, or has arrived. */
export interface EditReport {
  readonly kind: 'edit-report';
  readonly replica: ReplicaName;
  readonly ids: readonly string[];
  readonly origin: 'local' | 'other tab' | 'remote';
  /** When the pane heard of it, Unix milliseconds with fractions. */
  readonly at: number;
}

type Message = PaneReport | OnlineOrder | RefillOrder | EditReport;

const isOfKind = (data: unknown, kind: string): boolean =>
  typeof data === 'object' && data !== null && 'kind' in data && data.kind === kind;

/** Sends a message to a window of the same origin. */
export const send = (target: Window, message: Message): void => target.postMessage(message, location.origin);

/** Calls the listener for messages of that kind from the same origin. */
export const onMessage = <M extends Message>(kind: M['kind'], listener: (message: M) => void): void =>
  window.addEventListener('message', (event) => {
    if (event.origin === location.origin && isOfKind(event.data, kind)) listener(event.data as M);
  });
