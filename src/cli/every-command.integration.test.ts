import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliBench } from './testing/cli-bench';

let bench: CliBench;
beforeEach(() => {
  bench = new CliBench();
});
afterEach(() => bench.dispose());

/** What prints nothing that a program would read, and why. */
const WITHOUT_JSON: Readonly<Record<string, string>> = {
  run: 'becomes the engine, which goes on until it is ended',
  top: 'is a screen for people, which goes on until they leave it',
  completion: 'prints a program for a shell',
  man: 'prints a page for man(1)',
};

/** Each command that does something, by its help: `status`, `settings set`, …; `help` prints what this reads. */
async function commandsBelow(path: readonly string[] = []): Promise<{ name: string; help: string }[]> {
  const { out } = await bench.run(...path, '--help');
  const [, list = ''] = out.split('\nCommands:\n');
  const names = [...(list.split('\n\n')[0] ?? '').matchAll(/^ {2}([a-z][a-z-]*)\b/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help');
  const below = await Promise.all(names.map((name) => commandsBelow([...path, name])));
  return names.length > 0 ? below.flat() : [{ name: path.join(' '), help: out }];
}

describe('every command', () => {
  it('prints JSON on demand, but for what has an excuse', async () => {
    const commands = await commandsBelow();
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(['status', 'settings set', 'mail test']));
    const without = commands.filter(({ help }) => !help.includes('--json')).map(({ name }) => name);
    expect(without).toEqual(Object.keys(WITHOUT_JSON));
  });
});
