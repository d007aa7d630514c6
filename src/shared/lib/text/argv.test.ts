import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatArgv, parseArgv, quoteArgument } from './argv';

const argvOf = (text: string, windows = false) => {
  const parsed = parseArgv(text, { windows });
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.argv;
};

describe('reading a command line', () => {
  it.each([
    ['', []],
    ['  \n ', []],
    ['node server.mjs 8080', ['node', 'server.mjs', '8080']],
    ['sh -c \'echo "hi" $HOME\'', ['sh', '-c', 'echo "hi" $HOME']],
    ['echo "a \\"b\\" \\$c \\n"', ['echo', 'a "b" $c \\n']],
    ['a\\ b c\\"d', ['a b', 'c"d']],
    ['pre\'fix\'"ed"', ['prefixed']],
    ['\'\' ""', ['', '']],
    ["$'a\\tb\\x1bc\\u20acd\\'e'", ["a\tb\x1bc€d'e"]],
    ['a \\\n b', ['a', 'b']],
  ])('%j', (text, expected) => expect(argvOf(text)).toEqual(expected));

  it('takes a backslash as it is on Windows', () => {
    expect(argvOf('C:\\bin\\node.exe "C:\\Program Files\\x\\"', true)).toEqual([
      'C:\\bin\\node.exe',
      'C:\\Program Files\\x\\',
    ]);
  });

  it.each(["node 'x", 'node "x', "node $'x", 'node \\'])('names what is open in %j', (text) => {
    const parsed = parseArgv(text);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.error).toMatch(/^expected a /);
  });

  it.each(['a | b', 'a > f', 'a && b', 'echo $HOME', 'a `b`', 'ls *.js'])('warns that no shell reads %j', (text) => {
    const parsed = parseArgv(text);
    expect(parsed.ok && parsed.warnings.length > 0).toBe(true);
  });

  it.each(["echo 'a | b'", 'echo "$HOME"', 'a\\|b'])('does not warn about quoted %j', (text) => {
    const parsed = parseArgv(text);
    expect(parsed).toMatchObject({ ok: true, warnings: [] });
  });
});

describe('writing a command line', () => {
  it('keeps plain words plain', () =>
    expect(formatArgv(['node', 'server.mjs', '--port=80'])).toBe('node server.mjs --port=80'));

  it('shows control characters and text direction marks as escapes', () => {
    expect(quoteArgument('a\nb\x1b[31m\u202e')).toBe("$'a\\nb\\u001b[31m\\u202e'");
  });

  it('reads back what it wrote, on either kind of machine', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 12 }), { maxLength: 5 }),
        fc.boolean(),
        (argv, windows) => {
          expect(argvOf(formatArgv(argv), windows)).toEqual(argv);
        },
      ),
    );
  });
});
