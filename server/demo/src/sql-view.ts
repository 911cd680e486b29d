import { el, part, showText } from './dom.ts';
import { type Answer, answerOf, type Query, queriesOf } from './sql-answer.ts';

const REFRESH_MILLIS = 2_000;
const ENDPOINT = '/demo/sql';

const load = async (url: string): Promise<unknown> => {
  const response = await fetch(url);
  if (!response.headers.get('Content-Type')?.startsWith('application/json')) {
    throw new Error(`${url} answered with status ${response.status}`);
  }
  return response.json();
};

const showAnswer = ({ columns, rows, problem }: Answer): void => {
  const status = part('sql-status', HTMLElement);
  if (problem !== undefined) {
    showText(status, problem);
    return;
  }
  part('sql-head', HTMLElement).replaceChildren(
    el('tr', {}, ...columns.map((name) => el('th', { scope: 'col' }, name))),
  );
  part('sql-rows', HTMLElement).replaceChildren(
    ...rows.map((row) => el('tr', {}, ...row.map((text) => el('td', {}, text)))),
  );
  showText(status, rows.length > 0 ? undefined : 'no rows');
};

/** The panel that asks Drill what both replicas wrote; while it is open it asks again and again. */
export const showSqlView = async (): Promise<void> => {
  const queries = queriesOf(await load(ENDPOINT));
  const toggle = part('sql-toggle', HTMLButtonElement);
  const panel = part('sql-panel', HTMLElement);
  let chosen: Query | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const ask = async (): Promise<void> => {
    clearTimeout(timer);
    const asked = chosen;
    if (!asked || panel.hidden) return;
    const answer = await load(`${ENDPOINT}?query=${encodeURIComponent(asked.name)}`)
      .then(answerOf)
      .catch((error: unknown): Answer => ({ columns: [], rows: [], problem: String(error) }));
    if (asked !== chosen) return;
    showAnswer(answer);
    timer = setTimeout(() => void ask(), REFRESH_MILLIS);
  };

  const buttons = queries.map((query) => {
    const button = el('button', { type: 'button', 'data-query': query.name, 'aria-pressed': 'false' }, query.title);
    button.addEventListener('click', () => choose(query));
    return button;
  });
  const choose = (query: Query | undefined): void => {
    chosen = query;
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.query === query?.name));
    part('sql-text', HTMLElement).textContent = query?.sql ?? '';
    part('sql-head', HTMLElement).replaceChildren();
    part('sql-rows', HTMLElement).replaceChildren();
    showText(part('sql-status', HTMLElement), 'Drill is reading …');
    void ask();
  };

  toggle.addEventListener('click', () => {
    panel.hidden = !panel.hidden;
    toggle.setAttribute('aria-expanded', String(!panel.hidden));
    void ask();
  });
  part('sql-queries', HTMLElement).replaceChildren(...buttons);
  choose(queries[0]);
  part('sql', HTMLElement).hidden = queries.length === 0;
};
