import type { Status } from '../sync/status.ts';
import { el } from './dom.ts';
import type { Panel } from './panel.ts';
import { statusWords } from './status-words.ts';
import { countText } from './words.ts';

const facts = (status: Status): [name: string, value: string][] => [
  ['Waiting to be sent', countText(status.pending, 'document', 'documents')],
  ['Refused', countText(status.rejected, 'edit', 'edits')],
  ...(status.withheld ? [['Withheld', countText(status.withheld, 'record', 'records')] as [string, string]] : []),
  ...(status.persisted === undefined
    ? []
    : [['Storage', status.persisted ? 'kept by the browser' : 'the browser may clear it'] as [string, string]]),
  ...(status.schema ?? []).map((difference): [string, string] => [
    'Declared otherwise on the server',
    JSON.stringify(difference),
  ]),
];

/** How the synchronisation stands. */
export const createStatusPanel = (): Panel => {
  const phase = el('p', { class: 'phase' });
  const meaning = el('p', { class: 'note' });
  const progress = el('progress', { 'aria-label': 'First synchronisation' });
  const problem = el('div', { class: 'problem' });
  const list = el('dl');

  const show = (status: Status): void => {
    const words = statusWords(status);
    phase.dataset.phase = status.phase;
    phase.textContent = words.phase;
    meaning.textContent = words.meaning;
    progress.hidden = status.phase !== 'syncing' || status.total === undefined;
    progress.max = status.total || 1;
    progress.value = status.done ?? 0;
    problem.hidden = words.problem === undefined;
    problem.replaceChildren(
      el('strong', {}, words.problem?.advice ?? ''),
      el('p', {}, `${words.problem?.detail ?? ''} (${status.problem?.code ?? ''})`),
    );
    list.replaceChildren(
      ...facts(status).map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
    );
  };

  return {
    name: 'status',
    title: 'Status',
    element: el('div', {}, phase, meaning, progress, problem, list),
    follow: (client) => client.status.subscribe(show),
  };
};
