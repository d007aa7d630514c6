import { describe, expect, it } from 'vitest';
import { commandSpec, TestBench } from '../testing/test-engine';

const edited = (bench: TestBench): unknown => bench.reported('watch_edited').at(-1)?.data.changes;

describe('what an operator has changed is reported with the values before and after', () => {
  it('of settings', async () => {
    const bench = await TestBench.started();
    bench.engine.settings.set({ 'cpu.limitPercent': 50, 'restart.limit': 3 }, 'cli');
    expect(bench.reported('settings_changed').map(({ data, message }) => ({ ...data, message }))).toEqual([
      {
        actor: 'cli',
        changes: [
          { field: 'cpu.limitPercent', before: 'none', after: '50%' },
          { field: 'restart.limit', before: '5', after: '3' },
        ],
        message: 'Settings changed: cpu.limitPercent: none → 50%, restart.limit: 5 → 3',
      },
    ]);
    bench.engine.settings.undo(null, 'window');
    expect(bench.reported('settings_changed').at(-1)?.data).toMatchObject({
      actor: 'window',
      changes: [{ after: 'none' }, { before: '3', after: '5' }],
    });
    bench.engine.settings.set({ 'restart.limit': 5 }, 'cli');
    expect(bench.reported('settings_changed')).toHaveLength(2);
  });

  it('of settings that config.json was edited for', async () => {
    const bench = await TestBench.started();
    bench.config.saveOverrides({ 'cpu.limitPercent': 70 });
    bench.engine.config.reload();
    expect(bench.reported('settings_changed').map(({ data }) => data)).toEqual([
      { actor: 'engine', changes: [{ field: 'cpu.limitPercent', before: 'none', after: '70%' }] },
    ]);
  });

  it('of a watch, and never a secret', async () => {
    const bench = await TestBench.started();
    const command = (argv: string[], env: Record<string, string>) => ({
      target: { kind: 'command' as const, command: { argv, cwd: '/srv', env } },
    });
    await bench.add(command(['server', '--password=old'], { LEVEL: 'info', API_TOKEN: 'first' }));
    const { watch } = bench.status();
    bench.engine.watches.edit({
      ...{ watch: watch.id, revision: watch.revision, actor: 'cli' },
      spec: {
        ...commandSpec({
          name: 'shop',
          ...command(['server', '--password=new'], { LEVEL: 'debug', API_TOKEN: 'second' }),
          overrides: { 'memory.limitBytes': 5e8 },
        }),
      },
    });
    const changes = edited(bench);
    expect(changes).toEqual([
      { field: 'name', before: 'web', after: 'shop' },
      { field: 'command', before: expect.any(String) as string, after: expect.any(String) as string },
      { field: 'variable API_TOKEN', before: 'a secret', after: 'a secret' },
      { field: 'variable LEVEL', before: 'info', after: 'debug' },
      { field: 'memory.limitBytes', before: null, after: '500MB' },
    ]);
    expect(JSON.stringify(changes)).not.toMatch(/old|new|first|second/);
  });

  it('of the groups of a watch, whose process goes on running', async () => {
    const bench = await TestBench.started();
    await bench.add();
    const pid = bench.pid();
    const edit = (groups: string[]): void => {
      const { id, revision, ...spec } = bench.status().watch;
      bench.engine.watches.edit({ watch: id, revision, actor: 'cli', spec: { ...spec, groups } });
    };
    edit(['shop', 'nightly']);
    expect(edited(bench)).toEqual([{ field: 'groups', before: null, after: 'shop, nightly' }]);
    edit(['nightly']);
    expect(bench.reported('watch_edited').at(-1)?.data).toMatchObject({
      changed: ['groups'],
      changes: [{ field: 'groups', before: 'shop, nightly', after: 'nightly' }],
    });
    expect(bench.pid()).toBe(pid);
    expect(bench.config.watches()[0]?.groups).toEqual(['nightly']);
  });

  it('of a value as long as a template only in part', async () => {
    const bench = await TestBench.started();
    bench.engine.settings.set({ 'mail.htmlTemplate': `<p>{{summary}}</p>${'<br>'.repeat(1000)}` }, 'browser');
    const [change] = bench.reported('settings_changed')[0]?.data.changes ?? [];
    expect(change?.after?.length).toBeLessThanOrEqual(201);
  });
});
