import { createHmac, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { proveEngine, provePage, sendReady, type ProofChannel, type ProofKey } from './page-proof';

const ORIGIN = 'http://127.0.0.1:7710';

function keyOf(secret: string): ProofKey {
  return {
    nonce: () => randomBytes(32).toString('base64url'),
    sign: async (text) => createHmac('sha256', secret).update(text).digest('base64url'),
  };
}

/** Both ends of a connection, and all that went over it. */
function joined() {
  const sent: { by: 'page' | 'engine'; text: string }[] = [];
  function end(by: 'page' | 'engine', other: 'page' | 'engine'): ProofChannel {
    let read = 0;
    return {
      send: (text) => void sent.push({ by, text }),
      next: async () => {
        for (let turn = 0; turn < 50; turn++) {
          const message = sent.filter((one) => one.by === other)[read];
          if (message !== undefined) {
            read += 1;
            return message.text;
          }
          await Promise.resolve();
        }
        throw new Error('no answer');
      },
    };
  }
  return { page: end('page', 'engine'), engine: end('engine', 'page'), sent };
}

async function meet(secrets: { page: string; engine: string }, origins = { page: ORIGIN, engine: ORIGIN }) {
  const { page, engine, sent } = joined();
  const admitted = provePage(engine, keyOf(secrets.engine), origins.engine)
    .catch(() => false)
    .then((isProven) => {
      if (isProven) sendReady(engine);
      return isProven;
    });
  const trusted = proveEngine(page, keyOf(secrets.page), origins.page).catch(() => false);
  return { admitted: await admitted, trusted: await trusted, sent };
}

describe('a page and the engine', () => {
  it('trust each other when both know the key of the session, and nothing of it is sent', async () => {
    const { admitted, trusted, sent } = await meet({ page: 'key', engine: 'key' });
    expect([admitted, trusted]).toEqual([true, true]);
    expect(sent.map(({ by }) => by)).toEqual(['page', 'engine', 'page', 'engine']);
    expect(JSON.stringify(sent)).not.toContain('key');
  });

  it('do not when one has another key: the page signs nothing for a program that took the port', async () => {
    const { admitted, trusted, sent } = await meet({ page: 'key', engine: 'guess' });
    expect([admitted, trusted]).toEqual([false, false]);
    expect(sent.filter(({ by }) => by === 'page').map(({ text }) => Object.keys(JSON.parse(text) as object))).toEqual([
      ['nonce'],
    ]);
  });

  it('do not when what is passed on comes from a page of another port', async () => {
    const { admitted, trusted } = await meet(
      { page: 'key', engine: 'key' },
      { page: 'http://127.0.0.1:7711', engine: ORIGIN },
    );
    expect([admitted, trusted]).toEqual([false, false]);
  });

  it('take no answer twice, and not that of the other side', async () => {
    const first = await meet({ page: 'key', engine: 'key' });
    const texts = first.sent.map(({ text }) => text);
    // Everything a page once sent, sent again.
    const replay = [texts[0] ?? '', texts[2] ?? ''];
    const channel = { send: () => undefined, next: async () => replay.shift() ?? '' };
    expect(await provePage(channel, keyOf('key'), ORIGIN)).toBe(false);
    // The engine's own signature, sent back.
    let mirrored = '';
    const answers = [() => texts[0] ?? '', () => mirrored];
    const mirror = { send: (text: string) => void (mirrored = text), next: async () => answers.shift()?.() ?? '' };
    expect(await provePage(mirror, keyOf('key'), ORIGIN)).toBe(false);
  });

  it.each(['', 'null', '[]', '{', '{"nonce":1}', '{"nonce":"short"}', `{"nonce":"${'a'.repeat(600)}"}`])(
    'do not trust who says %s',
    async (text) => {
      const sent: string[] = [];
      const channel = { send: (message: string) => void sent.push(message), next: async () => text };
      expect(await provePage(channel, keyOf('key'), ORIGIN)).toBe(false);
      expect(sent).toEqual([]);
      expect(await proveEngine(channel, keyOf('key'), ORIGIN)).toBe(false);
      expect(sent).toHaveLength(1);
    },
  );
});
