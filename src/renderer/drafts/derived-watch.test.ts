import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/model/settings';
import { completed, derivedFrom, expandHome, withShell } from './derived-watch';
import { emptyDraft, readDraft, type WatchDraft } from './watch-draft';

const around = { takenNames: ['api'], home: '/home/ada', syntax: { windows: false }, isNew: true };

function running(argvText: string, change: Partial<WatchDraft> = {}): WatchDraft {
  return { ...emptyDraft(), ...change, command: { ...emptyDraft().command, argvText } };
}

describe('what a draft does not say', () => {
  it.each([
    ['node server.mjs --port 80', 'server', '/home/ada'],
    ['/usr/bin/node /srv/shop/api.mjs', 'api-2', '/srv/shop'],
    ['/opt/app/run --fast', 'run', '/opt/app'],
    ['/usr/sbin/nginx -g "daemon off;"', 'nginx', '/home/ada'],
    [withShell('node a.mjs | tee $HOME/log'), 'a', '/home/ada'],
  ])('follows from the command %j', (text, name, cwd) => {
    expect(derivedFrom(running(text), around)).toEqual({ name, cwd });
  });

  it('follows from what is looked for', () => {
    const named = (by: WatchDraft['by'], pattern: string) =>
      derivedFrom({ ...emptyDraft('match'), by, pattern }, around).name;
    expect(named('name', 'nginx')).toBe('nginx');
    expect(named('pidfile', '/run/redis-server.pid')).toBe('redis-server');
    expect(named('cmdline', '^node /srv/shop\\.mjs --port=80$')).toBe('shop');
    expect(named('name', '')).toBeNull();
  });

  it('is never the name of a watch that has one', () => {
    expect(derivedFrom(running('node a.mjs'), { ...around, isNew: false }).name).toBeNull();
  });

  it('makes one field enough', () => {
    const read = readDraft(completed(running('node server.mjs'), around), around.syntax, DEFAULT_SETTINGS);
    expect(read).toMatchObject({
      ok: true,
      spec: { name: 'server', target: { command: { argv: ['node', 'server.mjs'], cwd: '/home/ada' } } },
    });
  });

  it('gives way to what is typed', () => {
    const draft = running('node server.mjs', { name: 'web' });
    const typed = { ...draft, command: { ...draft.command, cwd: '~/shop/' } };
    expect(completed(typed, around)).toMatchObject({ name: 'web', command: { cwd: '/home/ada/shop' } });
  });
});

it.each([
  ['~', '/home/ada'],
  ['~/', '/home/ada'],
  ['~/a b', '/home/ada/a b'],
  ['~ada/x', '~ada/x'],
  ['/srv/~', '/srv/~'],
])('%s is the directory %s', (path, expanded) => expect(expandHome(path, '/home/ada')).toBe(expanded));

it('a home directory that is not known stays as it is typed', () => expect(expandHome('~/x', undefined)).toBe('~/x'));
