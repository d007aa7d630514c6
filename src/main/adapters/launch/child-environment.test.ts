import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECRET_VARIABLES } from '../../../shared/model/secret';
import { inheritedEnvironment, loginEnvironment } from './child-environment';

const npm = {
  npm_execpath: '/usr/lib/npm/bin/npm-cli.js',
  npm_lifecycle_event: 'start',
  npm_node_execpath: '/usr/bin/node',
  npm_config_local_prefix: '/src/healdeck',
  npm_package_name: 'healdeck',
  NODE: '/usr/bin/node',
  INIT_CWD: '/src/healdeck',
  COLOR: '0',
};
const npmPath =
  '/src/healdeck/node_modules/.bin:/src/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin';

describe('the environment that children inherit', () => {
  it('is the same whether npm started the engine or the operator did', () => {
    const operator = { HOME: '/root', PATH: '/opt/bin:/usr/bin', LANG: 'C.UTF-8', NPM_CONFIG_REGISTRY: 'r' };
    const underNpm = { ...operator, ...npm, PATH: `${npmPath}:${operator.PATH}` };
    expect(inheritedEnvironment(underNpm, ':')).toEqual(inheritedEnvironment(operator, ':'));
    expect(inheritedEnvironment(operator, ':')).toEqual(operator);
  });

  it('keeps what npm would have set when npm did not start the engine', () => {
    const operator = { npm_config_cache: '/c', NODE: '/n', COLOR: '1', PATH: '/p/node_modules/.bin:/bin' };
    expect(inheritedEnvironment(operator, ':')).toEqual(operator);
  });

  it('keeps a node_modules/.bin that the operator has further behind on PATH', () => {
    const path = '/usr/bin:/home/me/node_modules/.bin';
    expect(inheritedEnvironment({ ...npm, PATH: `${npmPath}:${path}` }, ':')['PATH']).toBe(path);
  });

  it('keeps nothing that belongs to the engine or to its runtime', () => {
    const engine = {
      HEALDECK_DATA_DIR: '/data',
      HEALDECK_WATCH: 'of-a-healdeck-above',
      ELECTRON_RUN_AS_NODE: '1',
      ELECTRON_OVERRIDE_DIST_PATH: '/electron',
      NODE_CHANNEL_FD: '3',
      CHROME_DESKTOP: 'healdeck.desktop',
    };
    expect(inheritedEnvironment({ ...engine, A: 'b' }, ':')).toEqual({ A: 'b' });
  });

  it('never holds the secrets that were given to the engine', () => {
    const secrets = Object.fromEntries(Object.keys(SECRET_VARIABLES).map((variable) => [variable, 'canary']));
    expect(Object.keys(secrets)).toContain('HEALDECK_SMTP_PASSWORD');
    expect(inheritedEnvironment({ ...secrets, A: 'b' }, ':')).toEqual({ A: 'b' });
  });

  it('gives back the desktop that Electron changed for itself', () => {
    const base = { XDG_CURRENT_DESKTOP: 'Unity', ORIGINAL_XDG_CURRENT_DESKTOP: 'KDE' };
    expect(inheritedEnvironment(base, ':')).toEqual({ XDG_CURRENT_DESKTOP: 'KDE' });
  });

  it('never invents a value, and takes the same from the same', () => {
    const base = fc.dictionary(
      fc.constantFrom('PATH', 'HOME', 'npm_execpath', 'npm_x', 'HEALDECK_X', 'NODE', 'Path', 'X'),
      fc.string(),
    );
    fc.assert(
      fc.property(base, (environment) => {
        const inherited = inheritedEnvironment(environment, ':');
        expect(inheritedEnvironment(environment, ':')).toEqual(inherited);
        for (const [name, value] of Object.entries(inherited)) expect(environment[name]).toContain(value);
      }),
    );
  });
});

describe('the environment of another user', () => {
  const account = { name: 'web', home: '/srv/web', shell: '/bin/sh' };

  it('is that of a login: locale and time zone of the engine, the rest of the user', () => {
    const engine = { LANG: 'de_DE.UTF-8', LC_ALL: 'C', TZ: 'UTC', PATH: '/root/bin', HOME: '/root', TERM: 'xterm' };
    expect(loginEnvironment(engine, account, { path: '/usr/bin', runtimeDir: '/run/user/33' })).toEqual({
      ...{ LANG: 'de_DE.UTF-8', LC_ALL: 'C', TZ: 'UTC' },
      ...{ PATH: '/usr/bin', HOME: '/srv/web', USER: 'web', LOGNAME: 'web', SHELL: '/bin/sh' },
      XDG_RUNTIME_DIR: '/run/user/33',
    });
  });

  it('holds nothing of whatever the engine was given', () => {
    const base = fc.dictionary(fc.stringMatching(/^[A-Z_]{1,12}$/), fc.constant('canary'));
    fc.assert(
      fc.property(base, (engine) => {
        const names = Object.keys(loginEnvironment(engine, account, { path: '/usr/bin', runtimeDir: null }));
        const odd = names.filter((name) => !/^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_.+|TZ)$/.test(name));
        expect(odd).toEqual([]);
      }),
    );
  });
});
