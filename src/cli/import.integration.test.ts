import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FakeSecrets } from '../main/api/testing/fake-alerts';
import type { FakeEngine } from '../main/api/testing/fake-engine';
import { CliBench } from './testing/cli-bench';

let bench: CliBench;
let engine: FakeEngine;
let secrets: FakeSecrets;

beforeEach(async () => {
  bench = new CliBench();
  ({ engine, secrets } = await bench.startEngine());
});
afterEach(() => bench.dispose());

const run = (...argv: string[]) => bench.run(...argv);
const written = (name: string, text: string): string => {
  const file = join(bench.dataDir, name);
  writeFileSync(file, text);
  return file;
};

describe('an exported file', () => {
  it('brings everything to another engine, and comes out of it the same', async () => {
    await run('add', 'web', '--env', 'PORT=1', '--env', 'API_KEY=x', '--restart', 'always', '--', 'node', 'x');
    await run('add', 'db', '--match', 'name', 'postgres', '--memory', '1G');
    await run('settings', 'set', 'mail.to', 'ada@example.org,bob@example.org');
    const first = join(bench.dataDir, 'first.json');
    await run('export', first);

    const other = new CliBench();
    try {
      await other.startEngine();
      const dry = await other.run('import', first, '--dry-run');
      expect(dry).toMatchObject({
        ...{ exitCode: 0, out: expect.stringContaining('watches added: web, db\n') },
      });
      expect(dry.out).toContain('mail.to: none → ada@example.org, bob@example.org\n');
      expect(dry.out).toMatch(/Nothing was changed\.\n$/);
      expect((await other.run('status')).out).toContain('Nothing is watched yet');
      const { out } = await other.run('import', first);
      expect(out).toContain(
        'web: API_KEY has no value, since the file does not contain it; set it with: healdeck edit web --env API_KEY=VALUE\n',
      );
      expect(out).toMatch(/Imported\.\n$/);
      const second = join(other.dataDir, 'second.json');
      await other.run('export', second);
      expect(readFileSync(second, 'utf8')).toBe(readFileSync(first, 'utf8'));
    } finally {
      await other.dispose();
    }
    const again = await run('import', first, '--json');
    expect(JSON.parse(again.out)).toMatchObject({ applied: true, unchanged: ['web', 'db'], added: [], settings: [] });
  });

  it('that differs from what is here needs to be told who wins', async () => {
    await run('add', 'web', '--', 'node', 'x');
    const file = join(bench.dataDir, 'web.json');
    await run('export', file);
    await run('edit', 'web', '--restart', 'never');
    const refused = await run('import', file);
    expect(refused).toMatchObject({
      exitCode: 1,
      out: '',
      err: expect.stringMatching(/another definition: web.*--keep.*--replace/),
    });
    expect((await run('import', file, '--keep')).out).toBe('watch kept: web\nImported.\n');
    expect(engine.watches.list()[0]?.watch.restart).toBe('never');
    expect((await run('import', file, '--replace')).out).toBe('watch replaced: web\nImported.\n');
    expect(engine.watches.list()[0]?.watch.restart).toBeNull();
  });

  it.each([
    ['{"healdeck": "configuration",,}', 'line 1, column 30: not valid JSON'],
    ['{\n  "version": 1\n}', 'this file was not written by healdeck export'],
    [
      '{\n  "healdeck": "configuration",\n  "version": 1,\n  "settings": {\n    "stop.graceMs": -5\n  },\n  "watches": [],\n  "leftOut": []\n}',
      'line 5: settings.stop.graceMs: expected a whole number from 0 to 600000',
    ],
    [
      '{"healdeck": "configuration", "version": 2, "settings": {}, "watches": [], "leftOut": []}',
      'exported by another version',
    ],
  ])('that is wrong is refused with the line: %#', async (text, problem) => {
    const { exitCode, out, err } = await run('import', written('x.json', text));
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toContain(problem);
    expect(err).toMatch(/nothing was imported/);
    expect(engine.calls).toEqual([]);
  });
});

describe('an email_config.txt', () => {
  const text =
    'smtp_server=smtp.example.org\nsmtp_port=465\nsender_email=bot@example.org\nsender_password="canary"\nreceiver_email=ada@example.org\nenable_email=true\n';

  it('becomes settings and a secret, and its password is never shown', async () => {
    const file = written('email_config.txt', text);
    const dry = await run('import', '--from', 'email-config', file, '--dry-run');
    expect(dry.out).toBe(
      [
        ...['mail.enabled = true', 'mail.host = smtp.example.org', 'mail.port = 465', 'mail.tls = implicit'],
        ...['mail.user = bot@example.org', 'mail.from = bot@example.org', 'mail.to = ada@example.org'],
        ...['mail.password = (not shown)', 'Nothing was changed.', ''],
      ].join('\n'),
    );
    expect(secrets.values.size).toBe(0);
    expect(engine.settings.inForce()['mail.host']).toBeNull();
    const done = await run('import', '--from', 'email-config', file);
    expect(done).toMatchObject({ exitCode: 0, out: expect.stringContaining('Try it with: healdeck mail test') });
    expect(secrets.values.get('mail.password')).toBe('canary');
    expect(engine.settings.inForce()).toMatchObject({ 'mail.host': 'smtp.example.org', 'mail.tls': 'implicit' });
    const asJson = await run('import', '--from', 'email-config', file, '--json');
    expect(JSON.parse(asJson.out)).toMatchObject({ settings: { 'mail.port': 465 }, secrets: ['mail.password'] });
    expect(JSON.stringify([dry, done, asJson])).not.toContain('canary');
  });

  it('with a wrong line changes nothing', async () => {
    const file = written('email_config.txt', text.replace('465', 'many'));
    const { exitCode, err } = await run('import', '--from', 'email-config', file);
    expect(exitCode).toBe(1);
    expect(err).toContain(`${file}: line 2: expected a number from 1 to 65535, or none\n`);
    expect(err).not.toContain('canary');
    expect(secrets.values.size).toBe(0);
    expect(engine.calls).toEqual([]);
  });

  it('whose password the environment gives already changes nothing', async () => {
    secrets.given.add('mail.password');
    const { exitCode, err } = await run('import', '--from', 'email-config', written('email_config.txt', text));
    expect({ exitCode, err }).toMatchObject({ exitCode: 1, err: expect.stringContaining('HEALDECK_SMTP_PASSWORD') });
    expect(engine.settings.inForce()['mail.host']).toBeNull();
  });
});
