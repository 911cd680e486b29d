import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, launch } from '../src/browser.ts';
import { live } from '../src/replicas.ts';
import { TOKENS } from '../src/server.ts';
import { type Shop, startShop } from '../src/shop.ts';
import { eventually } from '../src/waiting.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

describe('a browser', () => {
  let ada: Browser;
  const open = (token: string, profile: string, before?: () => void) =>
    launch(shop.browserOf('ada', { profile: shop.folder.in(profile), token, ...(before && { before }) }));

  it('with a wrong token keeps its edits, says why, and pushes them with a right one', async () => {
    ada = await open('wrong', 'ada');
    await ada.run(({ app }) => app.put({ id: 'kept', name: 'kept', tags: [], quantity: 1 }));
    const status = await eventually('the refusal is told', async () => {
      const now = await ada.run(({ sync }) => sync.status.value);
      return now.problem === undefined || now.pending === 0 ? undefined : now;
    });
    expect(status).toMatchObject({ phase: 'failed', pending: 1, problem: { code: 'unauthenticated' } });
    expect(await shop.held()).toEqual({});

    await ada.run((page, token) => {
      page.token = token;
    }, TOKENS.ada);
    await live(ada);
    expect(await shop.held()).toHaveProperty('kept');
    await ada.close();
  });

  it('whose clock is an hour ahead is corrected before it pushes', async () => {
    const bob = await open(TOKENS.bob, 'bob', () => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + 3_600_000;
    });
    await live(bob);
    await bob.run(({ app }) => app.put({ id: 'early', name: 'early', tags: [], quantity: 1 }));
    await eventually('the edit arrives', async () => ('early' in (await shop.held()) ? true : undefined));
    expect(await bob.run(({ sync }) => sync.status.value.rejected)).toBe(0);
    await bob.close();
  });

  it('whose clock is set forward while it is live is corrected, too', async () => {
    const bob = await open(TOKENS.bob, 'bob live');
    await live(bob);
    await bob.run(({ app }) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + 300_000;
      return app.put({ id: 'jumped', name: 'jumped', tags: [], quantity: 1 });
    });
    await eventually('the edit arrives', async () => ('jumped' in (await shop.held()) ? true : undefined));
    await live(bob); // the server has the edit before its answer is here
    const { rejected, pending } = await bob.run(({ sync }) => sync.status.value);
    expect({ rejected, pending }).toEqual({ rejected: 0, pending: 0 });
    await bob.close();
  });

  it('whose edit is refused goes back to what the server holds, and keeps the others', async () => {
    ada = await open(TOKENS.ada, 'ada');
    await live(ada);
    // A stamp from the future, put into the outbox as a damaged client would.
    await ada.page.route('**/sync', async (route) => {
      const body = route.request().postDataJSON() as { push?: { documents: { id: string; cells: unknown[][] }[] } };
      for (const document of body.push?.documents ?? []) {
        if (document.id === 'poison') for (const cell of document.cells) cell[1] = `7${'Z'.repeat(25)}`;
      }
      await route.continue({ postData: JSON.stringify(body) });
    });
    await ada.run(async ({ app }) => {
      await app.put({ id: 'good', name: 'good', tags: [], quantity: 1 });
      await app.put({ id: 'poison', name: 'poison', tags: [], quantity: 1 });
      await app.put({ id: 'better', name: 'better', tags: [], quantity: 1 });
    });
    await eventually('the verdict has come', async () => {
      const { rejected, pending } = await ada.run(({ sync }) => sync.status.value);
      return rejected === 1 && pending === 0 ? true : undefined;
    });
    expect((await ada.run(({ app }) => app.all())).map(({ id }) => id)).not.toContain('poison');
    expect(Object.keys(await shop.held())).toEqual(expect.arrayContaining(['good', 'better']));
    expect(await shop.held()).not.toHaveProperty('poison');

    const letters = await ada.run(({ sync }) => sync.deadLetters.list());
    expect(letters).toMatchObject([
      { collection: 'items', key: 'poison', code: 'stamp-from-future', record: { name: 'poison' } },
    ]);
    await ada.run(async ({ sync }) => {
      const [letter] = await sync.deadLetters.list();
      if (letter !== undefined) await sync.deadLetters.discard(letter);
    });
    await eventually('the letter is gone', async () => {
      const { rejected } = await ada.run(({ sync }) => sync.status.value);
      return rejected === 0 ? true : undefined;
    });
    await ada.close();
  });
});

describe('a push', () => {
  const replica = '0000000000ADA';
  const other = '0000000000B0B';
  const nonce = (n: number) => String(n).padStart(26, '0');
  let cursor: string;
  let number = 0;

  beforeAll(async () => {
    cursor = ((await (await send('GET', `/snapshot?replica=${replica}`)).json()) as { cursor: string }).cursor;
  });

  function send(method: string, path: string, body?: string, token = TOKENS.java): Promise<Response> {
    return fetch(`${shop.server.url}/v1/spaces/shop${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) },
      ...(body !== undefined && { body }),
    });
  }

  function message(documents: unknown[]): string {
    return JSON.stringify({
      protocol: 1,
      replica,
      cursor,
      pull: false,
      push: { number: number + 1, nonce: nonce(number + 1), after: number === 0 ? null : nonce(number), documents },
    });
  }

  /** A document with one register, by a replica, at a time. */
  function document(id: string, by: string, millis: number) {
    const stamp = stampOf(millis, by);
    return {
      collection: 'items',
      id,
      cells: [
        [['e', by], stamp, 0],
        [['r', 'name'], stamp, 0, id],
      ],
    };
  }

  it('with a wrong token is refused and changes nothing', async () => {
    const response = await send('POST', '/sync', message([document('stranger', replica, Date.now())]), 'wrong');
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({ code: 'unauthenticated', retry: 'token' });
    expect(await shop.held()).not.toHaveProperty('stranger');
  });

  it.each(['{', '[]', '{"protocol":1}', '{"protocol":1,"replica":"x","cursor":null,"pull":true}', '"'.repeat(100)])(
    'that is malformed is refused: %s',
    async (body) => {
      const response = await send('POST', '/sync', body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: 'malformed', retry: 'never' });
    },
  );

  it('gets its good documents through beside foreign stamps, stamps from the future and malformed cells', async () => {
    const now = Date.now();
    const response = await send(
      'POST',
      '/sync',
      message([
        document('fine', replica, now),
        document('foreign', other, now),
        document('future', replica, now + 3_600_000),
        { collection: 'items', id: 'broken', cells: [[['r'], 'not a stamp', 2]] },
        document('fine too', replica, now),
      ]),
    );
    expect(response.status).toBe(200);
    number++;
    const { push } = (await response.json()) as { push: { rejected: { id: string; code: string }[] } };
    expect(push.rejected.map(({ id, code }) => [id, code])).toEqual([
      ['foreign', 'foreign-stamp'],
      ['future', 'stamp-from-future'],
      ['broken', 'malformed'],
    ]);
    const records = await shop.held();
    expect(records).toMatchObject({ fine: { name: 'fine' }, 'fine too': { name: 'fine too' } });
    for (const id of ['foreign', 'future', 'broken']) expect(records).not.toHaveProperty(id);
  });
});

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The text of a stamp with counter 0 (M-2). */
function stampOf(millis: number, replica: string): string {
  let bits = BigInt(millis) << 80n;
  bits |= [...replica].reduce((sum, digit) => sum * 32n + BigInt(ALPHABET.indexOf(digit)), 0n);
  let text = '';
  for (let i = 0; i < 26; i++) {
    text = ALPHABET[Number(bits & 31n)] + text;
    bits >>= 5n;
  }
  return text;
}
