import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertBodySchema } from '../../../shared/model/alert';
import { resolveSettings, type Settings } from '../../../shared/model/settings';
import { createSystemClock } from '../../adapters/clock';
import { checkLaunch } from '../../adapters/launch/launch-check';
import { eventually, identifyByProc, lives, procStat, temporaryFolder } from '../../adapters/testing/children';
import { alertMessage } from '../testing/alert-message';
import { CommandChannel } from './command';

const never = new AbortController().signal;

describe('a command', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let overrides: Partial<Settings>;
  let channel: CommandChannel;

  beforeEach(() => {
    folder = temporaryFolder();
    overrides = {};
    channel = new CommandChannel({
      settings: () => resolveSettings(overrides),
      clock: createSystemClock(),
      cwd: folder.path,
      environment: () => ({ PATH: process.env['PATH'] ?? '', GREETING: 'hello' }),
      checkLaunch,
      identify: identifyByProc,
    });
  });
  afterEach(() => {
    channel.dispose();
    folder.remove();
  });

  /** Sets a shell script as the command; the shell is the test's own choice. */
  const runs = (script: string, ...args: string[]): void => {
    overrides = { ...overrides, 'command.argv': ['sh', '-c', script, 'notify', ...args] };
  };
  const deliver = (signal = never) => channel.deliver(alertMessage(), signal);
  const written = (name: string): Promise<number> => {
    const path = join(folder.path, name);
    return eventually(`${name} is written`, () => {
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      return text.endsWith('\n') && Number(text);
    });
  };

  it('is off until it is set', async () => {
    expect(channel.recipients()).toEqual([]);
    expect(channel.describe()).toBe('command.argv names no program');
    await expect(channel.check()).resolves.toBeNull();
    overrides = { 'command.argv': ['sh', '-c', 'token=private'], 'command.perHour': 4 };
    expect(channel.recipients()).toEqual(['']);
    expect(channel.describe()).toBe('sh');
    expect(channel.perHour()).toBe(4);
    await expect(channel.check()).resolves.toBeNull();
  });

  it('reads the message as one line of JSON, in the data directory, with the environment it is given', async () => {
    runs('cat > message.json; printf "%s " "$@" "$GREETING" "$PWD"', '$(id)', '*');
    const delivery = await deliver();
    expect(delivery).toEqual({ ok: true, reply: `$(id) * hello ${folder.path}` });
    const text = readFileSync(join(folder.path, 'message.json'), 'utf8');
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(alertBodySchema.parse(JSON.parse(text))).toMatchObject({
      id: alertMessage().messageId,
      watch: 'web-worker',
    });
  });

  it('may leave its input unread, however long it is', async () => {
    runs('exec true');
    const message = alertMessage({ text: 'x'.repeat(5_000_000) });
    await expect(channel.deliver(message, never)).resolves.toEqual({ ok: true, reply: '' });
  });

  it('may print more than anybody reads: the end of it is kept', async () => {
    runs('head -c 3000000 /dev/zero | tr "\\0" a; echo; echo the end');
    const delivery = await deliver();
    expect(delivery).toMatchObject({ ok: true, reply: expect.stringMatching(/^…a+ the end$/) });
  });

  it.each([
    [1, true],
    [7, true],
    [64, false],
    [75, true],
    [78, false],
    [126, false],
    [127, false],
    [255, true],
  ])('that ends with exit code %i has not delivered; tried again is %s', async (code, temporary) => {
    runs(`cat >/dev/null; echo "no route to the pager" >&2; exit ${code}`);
    await expect(deliver()).resolves.toMatchObject({
      ok: false,
      problem: {
        step: 'program',
        message: `"sh" ended with exit code ${code}: no route to the pager`,
        temporary,
      },
    });
  });

  it('that is ended by a signal is run again', async () => {
    runs('kill -SEGV $$');
    await expect(deliver()).resolves.toMatchObject({
      ok: false,
      problem: { step: 'program', message: '"sh" was ended by SIGSEGV.', temporary: true },
    });
  });

  it("that can't be started is found by the check, and by the delivery", async () => {
    overrides = { 'command.argv': ['no-such-program-of-healdeck', '--token', 'private'] };
    const problem = await channel.check();
    expect(problem).toMatchObject({ step: 'program', temporary: false });
    expect(problem?.message).toBe(
      'The program "no-such-program-of-healdeck", or the interpreter named in its first line, was not found.',
    );
    await expect(deliver()).resolves.toEqual({ ok: false, problem });
    const file = join(folder.path, 'notify.sh');
    writeFileSync(file, '#!/no/such/interpreter\n');
    overrides = { 'command.argv': [file] };
    await expect(channel.check()).resolves.toMatchObject({ message: expect.stringMatching(/is not executable\.$/) });
    chmodSync(file, 0o700);
    await expect(deliver()).resolves.toMatchObject({
      problem: { message: expect.stringMatching(/or the interpreter/) },
    });
  });

  it('that hangs is ended at its limit', async () => {
    overrides = { 'command.timeoutMs': 1000 };
    runs('echo $$ > pid; echo waiting for the pager; exec sleep 600');
    await expect(deliver()).resolves.toMatchObject({
      ok: false,
      problem: {
        step: 'timeout',
        message: '"sh" did not end within 1 s and was ended: waiting for the pager',
        temporary: true,
      },
    });
    expect(lives(await written('pid'))).toBe(false);
  });

  it('that ignores TERM is killed, and its children with it', async () => {
    overrides = { 'command.timeoutMs': 1000 };
    runs('trap "" TERM; sleep 600 & echo $! > child; echo $$ > pid; wait; sleep 600');
    await expect(deliver()).resolves.toMatchObject({ ok: false, problem: { step: 'timeout' } });
    expect(lives(await written('pid'))).toBe(false);
    expect(lives(await written('child'))).toBe(false);
  });

  it('has delivered when it ends with 0, and what it leaves behind is ended', async () => {
    runs('sleep 600 & echo $! > child; (trap "" TERM; exec sleep 600) & echo $! > stubborn; echo done');
    await expect(deliver()).resolves.toEqual({ ok: true, reply: 'done' });
    expect(lives(await written('child'))).toBe(false);
    expect(lives(await written('stubborn'))).toBe(false);
  });

  it('runs in a group of its own', async () => {
    runs('echo $$ > pid; exec sleep 600');
    const outbox = new AbortController();
    const delivery = deliver(outbox.signal);
    const pid = await written('pid');
    expect(procStat(pid)).toMatchObject({ pgid: pid, session: pid });
    outbox.abort();
    await expect(delivery).resolves.toMatchObject({ ok: false, problem: { step: 'timeout' } });
    expect(lives(pid)).toBe(false);
  });

  it('ends with the engine', async () => {
    runs('trap "" TERM; echo $$ > pid; sleep 600; sleep 600');
    const delivery = deliver();
    const pid = await written('pid');
    channel.dispose();
    await expect(delivery).resolves.toMatchObject({
      ok: false,
      problem: { message: '"sh" was ended by SIGKILL.', temporary: true },
    });
    expect(lives(pid)).toBe(false);
  });
});
