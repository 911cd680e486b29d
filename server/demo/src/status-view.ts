import type { Status } from '@watersmeet/client';
import { part, showText } from './dom.ts';
import { statusText } from './status-text.ts';

/** The function that shows a status of the synchronisation in the pane's header. */
export const createStatusView = (): ((status: Status) => void) => {
  const state = part('status', HTMLElement);
  const phase = part('status-phase', HTMLElement);
  const pending = part('status-pending', HTMLElement);
  const rejected = part('status-rejected', HTMLElement);
  const detail = part('status-detail', HTMLElement);
  const progress = part('status-progress', HTMLProgressElement);
  const announcement = part('announcement', HTMLElement);
  let announced = '';

  // The visible line changes with every page of a first sync; a screen reader hears of phases and refusals only.
  const announce = (status: Status): void => {
    const { done: _done, total: _total, ...steady } = status;
    const text = statusText({ ...steady, pending: 0 });
    const spoken = [text.phase, text.rejected, text.detail].filter(Boolean).join(', ');
    if (spoken === announced) return;
    announced = spoken;
    announcement.textContent = spoken;
  };

  return (status) => {
    const text = statusText(status);
    state.dataset.phase = status.phase;
    phase.textContent = text.phase;
    showText(pending, text.pending);
    showText(rejected, text.rejected);
    showText(detail, text.detail);
    progress.hidden = status.phase !== 'syncing' || status.total === undefined;
    progress.max = status.total ?? 1;
    progress.value = status.done ?? 0;
    announce(status);
  };
};
