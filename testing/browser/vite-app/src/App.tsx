import { useConflicts, useDeadLetters, usePending, useSyncStatus, useWatersmeet } from '@watersmeet/client/react';
import { useLiveQuery } from 'dexie-react-hooks';
import { useState } from 'react';
import { db, type Item } from './db';

interface Shop {
  items: Item;
}

export function App() {
  const items = useLiveQuery(() => db.items.orderBy('name').toArray()) ?? [];
  const [waits, setWaits] = useState(true);
  return (
    <>
      <SyncStatus />
      {waits && <Waiting />}
      <button type="button" id="toggle" onClick={() => setWaits(!waits)}>
        {waits ? 'hide' : 'show'}
      </button>
      <Refused />
      <Conflicts />
      <ul id="items">
        {items.map(({ id, name }) => (
          <li key={id}>{name}</li>
        ))}
      </ul>
    </>
  );
}

function SyncStatus() {
  const { phase, pending } = useSyncStatus();
  return (
    <p id="status">
      {phase}, {pending} to send
    </p>
  );
}

function Waiting() {
  const pending = usePending<Shop>();
  return <p id="pending">{pending.map(({ key }) => String(key)).join()}</p>;
}

function Refused() {
  const sync = useWatersmeet<Shop>();
  const letters = useDeadLetters<Shop>();
  return (
    <ul id="refused">
      {letters.map((letter) => (
        <li key={letter.id}>
          {letter.record?.name}: {letter.code}
          <button type="button" onClick={() => sync?.deadLetters.retry(letter)}>
            again
          </button>
        </li>
      ))}
    </ul>
  );
}

function Conflicts() {
  const sync = useWatersmeet<Shop>();
  const conflicts = useConflicts<Shop>();
  return (
    <ul id="conflicts">
      {conflicts.map((conflict) => (
        <li key={conflict.number}>
          {conflict.field}: {String(conflict.mine.value)} or {String(conflict.theirs.value)}
          <button type="button" onClick={() => sync?.conflicts.dismiss(conflict)}>
            seen
          </button>
        </li>
      ))}
    </ul>
  );
}
