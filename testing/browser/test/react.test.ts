import {
  useConflicts,
  useDeadLetters,
  usePending,
  useSyncStatus,
  useWatersmeet,
  WatersmeetProvider,
} from '@watersmeet/client/react';
import { createElement } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';

function Shown() {
  const { phase } = useSyncStatus();
  const lists = [useConflicts(), useDeadLetters(), usePending()].map(({ length }) => length);
  return createElement('p', null, `${phase}, ${useWatersmeet() === null}, ${lists.join(' ')}`);
}

it('renders on a server, where there is no client', () => {
  const element = createElement(WatersmeetProvider, { client: null }, createElement(Shown));
  expect(renderToString(element)).toBe('<p>offline, true, 0 0 0</p>');
});

it('says what is missing above', () => {
  expect(() => renderToString(createElement(Shown))).toThrow(/<WatersmeetProvider client=/);
});
