import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAccount } from './accounts';
import { findProgram } from './launch-check';
import { temporaryFolder } from '../testing/children';

let folder: ReturnType<typeof temporaryFolder>;
const at = (...parts: string[]): string => join(folder.path, ...parts);

beforeEach(() => {
  folder = temporaryFolder();
  for (const name of ['first', 'second']) mkdirSync(at(name));
});
afterEach(() => folder.remove());

function program(...parts: string[]): string {
  writeFileSync(at(...parts), '');
  chmodSync(at(...parts), 0o700);
  return at(...parts);
}

describe('a program is looked up as execvp does it', () => {
  const env = (): { PATH: string } => ({ PATH: `${at('first')}:${at('second')}` });

  it('takes the first that can be executed, past folders and files that can not', () => {
    mkdirSync(at('first', 'tool'));
    const tool = program('second', 'tool');
    expect(findProgram('tool', { cwd: '/', env: env() }, null)).toEqual({ kind: 'found', path: tool });
  });

  it('says what it found when that can not be executed', () => {
    writeFileSync(at('second', 'tool'), '', { mode: 0o600 });
    expect(findProgram('tool', { cwd: '/', env: env() }, null)).toMatchObject({
      kind: 'not_executable',
      directory: false,
    });
  });

  it('takes an empty entry of PATH for the working directory, and never looks there otherwise', () => {
    const tool = program('tool');
    expect(findProgram('tool', { cwd: folder.path, env: { PATH: '/nowhere:' } }, null)).toEqual({
      kind: 'found',
      path: tool,
    });
    expect(findProgram('tool', { cwd: folder.path, env: { PATH: '/nowhere' } }, null)).toMatchObject({
      kind: 'missing',
    });
  });

  it('looks along the default path when there is no PATH', () => {
    expect(findProgram('sh', { cwd: '/', env: {} }, null).kind).toBe('found');
  });

  it('tries the endings of PATHEXT on Windows, whatever the case of the variables', () => {
    const tool = program('second', 'tool.EXE');
    const windows = { Path: `${at('first')}:${at('second')}`, PathExt: '.COM;.EXE' };
    expect(findProgram('tool', { cwd: '/', env: windows }, null, 'win32')).toEqual({ kind: 'found', path: tool });
    expect(findProgram('tool.exe', { cwd: '/', env: windows }, null, 'win32').kind).toBe('missing');
    expect(findProgram('tool.EXE', { cwd: '/', env: windows }, null, 'win32')).toEqual({ kind: 'found', path: tool });
  });

  it('asks whether the user of the watch may execute it', () => {
    program('second', 'tool');
    const somebody = { name: 'somebody', uid: 4242, gid: 4242, home: '/', shell: '/bin/sh' };
    expect(findProgram('tool', { cwd: '/', env: env() }, somebody).kind).toBe('not_executable');
    chmodSync(at('second', 'tool'), 0o701);
    expect(findProgram('tool', { cwd: '/', env: env() }, somebody).kind).toBe('found');
  });
});

describe('a user', () => {
  it('is read from the passwd file, past lines that are rubbish', () => {
    writeFileSync(at('passwd'), 'web\nweb:x:many:1:::\nweb:x:1001:1002:Web,,,:/srv/web:\nweb2:x:1:1::/:/bin/sh\n');
    const web = { name: 'web', uid: 1001, gid: 1002, home: '/srv/web', shell: '/bin/sh' };
    expect(findAccount('web', at('passwd'))).toEqual(web);
    expect(findAccount('we', at('passwd'))).toBeNull();
    expect(findAccount('web', at('missing'))).toBeNull();
  });
});
