import { part } from './dom.ts';
import { type EditReport, onMessage, type ReplicaName } from './messages.ts';

/** How many edits on their way are remembered at most. */
const MOST_ON_THEIR_WAY = 100;

const arrow = (from: ReplicaName): string => (from === 'left' ? '→' : '←');

/** Shows how long the last edit took from one pane to the other, by what both say. */
export const showLatency = (isLive: () => boolean): void => {
  const output = part('latency', HTMLElement);
  const underWay = new Map<string, { readonly from: ReplicaName; readonly at: number }>();

  onMessage<EditReport>('edit-report', ({ replica, ids, origin, at }) => {
    for (const id of ids) {
      const sent = underWay.get(id);
      if (origin === 'local') {
        // What waits for a connection would measure the wait.
        if (isLive() && !sent && underWay.size < MOST_ON_THEIR_WAY) underWay.set(id, { from: replica, at });
        else if (!isLive()) underWay.delete(id);
      } else if (sent && sent.from !== replica) {
        underWay.delete(id);
        if (!isLive()) continue;
        const millis = Math.max(1, Math.round(at - sent.at));
        output.textContent = `${arrow(sent.from)} ${millis.toLocaleString('en')} ms`;
        output.setAttribute('aria-label', `The last edit took ${millis} milliseconds to the other device`);
        output.hidden = false;
      }
    }
  });
};
