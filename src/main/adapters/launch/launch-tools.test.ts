import { describe, expect, it } from 'vitest';
import { wrapLaunch, type LaunchTools } from './launch-tools';

const TOOLS: LaunchTools = { setpriv: '/bin/setpriv', prlimit: '/bin/prlimit', env: '/bin/env' };
const ADA = { name: 'ada', uid: 1000, gid: 100, home: '/home/ada', shell: '/bin/sh' };
const SWITCH = ['/bin/setpriv', '--reuid=1000', '--regid=100', '--init-groups', '--'];

describe('a launch', () => {
  it('of the own user and with the limits that are there is spawned as it is', () => {
    const launch = { argv: ['app', 'x'], env: { LD_PRELOAD: '/opt/a.so' } };
    expect(wrapLaunch(launch, { account: null, openFiles: null }, TOOLS)).toEqual({ ...launch, switchesUser: false });
  });

  it('of another user switches first, and sets its limit before', () => {
    const wrapped = wrapLaunch({ argv: ['app', 'x'], env: { A: '1' } }, { account: ADA, openFiles: 1024 }, TOOLS);
    expect(wrapped).toEqual({
      argv: ['/bin/prlimit', '--nofile=1024:', '--', ...SWITCH, 'app', 'x'],
      env: { A: '1' },
      switchesUser: true,
    });
  });

  it.each([
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'LD_AUDIT',
    'GLIBC_TUNABLES',
    'GCONV_PATH',
    'LOCPATH',
    'MALLOC_CHECK_',
    'TZDIR',
  ])('gives %s to no tool that still runs as root', (name) => {
    const launch = { argv: ['app'], env: { A: '1', [name]: '/home/ada/trap' } };
    const { argv, env } = wrapLaunch(launch, { account: ADA, openFiles: 1024 }, TOOLS);
    expect(env).toEqual({ A: '1' });
    expect(argv).toEqual([
      ...['/bin/prlimit', '--nofile=1024:', '--', ...SWITCH],
      ...['/bin/env', `${name}=/home/ada/trap`, 'app'],
    ]);
  });

  it('is switched by the spawn itself, before anything is executed, where a tool can not do it safely', () => {
    const launch = { argv: ['a=b'], env: { LD_PRELOAD: '/home/ada/trap' } };
    const needs = { account: ADA, openFiles: null };
    expect(wrapLaunch(launch, needs, TOOLS)).toEqual({ ...launch, switchesUser: false });
    const plain = { ...launch, argv: ['app'] };
    expect(wrapLaunch(plain, needs, { ...TOOLS, env: null })).toEqual({ ...plain, switchesUser: false });
    expect(wrapLaunch(plain, needs, { ...TOOLS, setpriv: null })).toEqual({ ...plain, switchesUser: false });
  });
});
