import { WatersmeetProvider } from '@watersmeet/client/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { db, sync } from './db';

Object.assign(globalThis, { db, sync }); // for the test

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <WatersmeetProvider client={sync}>
      <App />
    </WatersmeetProvider>
  </StrictMode>,
);
