import { el } from './dom.ts';
import type { Panel } from './panel.ts';

/** The panels as tabs, by the pattern of the WAI-ARIA practices: arrows, Home and End move and choose. */
export interface TabList {
  readonly element: HTMLElement;
  readonly chosen: Panel;
  choose(name: string): void;
  /** Shows a number beside a tab's title; none if it is zero. */
  count(name: string, count: number): void;
}

export const createTabList = (panels: readonly [Panel, ...Panel[]], onChosen: (panel: Panel) => void): TabList => {
  let chosen = panels[0];
  const bar = el('div', { role: 'tablist', 'aria-label': 'Synchronisation' });
  const entries = panels.map((panel) => {
    const badge = el('span', { class: 'count' });
    const tab = el(
      'button',
      { type: 'button', role: 'tab', id: `tab-${panel.name}`, 'aria-controls': `panel-${panel.name}` },
      panel.title,
      badge,
    );
    const sheet = el(
      'div',
      { role: 'tabpanel', id: `panel-${panel.name}`, 'aria-labelledby': `tab-${panel.name}`, tabindex: '0' },
      panel.element,
    );
    badge.hidden = true;
    tab.addEventListener('click', () => choose(panel));
    return { panel, tab, sheet, badge };
  });

  const show = (): void => {
    for (const { panel, tab, sheet } of entries) {
      tab.setAttribute('aria-selected', String(panel === chosen));
      tab.tabIndex = panel === chosen ? 0 : -1;
      sheet.hidden = panel !== chosen;
    }
  };

  const choose = (panel: Panel): void => {
    if (panel === chosen) return;
    chosen = panel;
    show();
    onChosen(panel);
  };

  bar.addEventListener('keydown', (event) => {
    const at = entries.findIndex(({ panel }) => panel === chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    const entry = to === undefined ? undefined : entries.at(to % entries.length);
    if (!entry) return;
    event.preventDefault();
    choose(entry.panel);
    entry.tab.focus();
  });

  bar.append(...entries.map(({ tab }) => tab));
  show();
  return {
    element: el('div', { class: 'inspector' }, bar, ...entries.map(({ sheet }) => sheet)),
    get chosen() {
      return chosen;
    },
    choose: (name) => {
      const entry = entries.find(({ panel }) => panel.name === name);
      if (entry) choose(entry.panel);
    },
    count: (name, count) => {
      const entry = entries.find(({ panel }) => panel.name === name);
      if (!entry) return;
      entry.badge.hidden = count === 0;
      entry.badge.textContent = count.toLocaleString('en');
    },
  };
};
