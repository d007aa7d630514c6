import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatArgv, inShell, parseArgv, quoteArgument } from './argv';

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

  const syntaxOf = (text: string) => {
    const parsed = parseArgv(text);
    return parsed.ok ? parsed.shellSyntax : null;
  };

  it.each([
    ['a | b', ['|']],
    ['a > f 2>&1', ['>', '>&']],
    ['a && b || c; d &', ['&&', '||', ';', '&']],
    ['sort < in >> out', ['<', '>>']],
    ['echo $HOME ${USER} $(id) `id`', ['$HOME', '${USER}', '$(', '`']],
    ['ls *.js file?.txt [ab].c', ['*', '?', '[ab]']],
    ['~/bin/app --config=~ada/x', ['~', '~ada']],
    ['node a.mjs | tee ~/$LOG.*', ['|', '~', '$LOG', '*']],
    ['echo "$HOME is `pwd`"', ['$HOME', '`']],
    ['echo "a" "$HOME"', ['$HOME']],
  ])('names all that only a shell acts upon in %j', (text, found) => expect(syntaxOf(text)).toEqual(found));

  it.each([
    "echo 'a | b $HOME ~ *'",
    'echo "a | b \\$HOME ~ *"',
    'a\\|b',
    "$'a|b'",
    "'x'~",
    'a~b http://h/x~',
    'node -p 1+1',
  ])('has nothing for a shell in %j', (text) => expect(syntaxOf(text)).toEqual([]));

  it('is handed to a shell as it is typed', () => {
    const text = "node 'a b.mjs' | tee $HOME/log";
    expect(argvOf(formatArgv(inShell(` ${text} `)))).toEqual(['sh', '-c', text]);
    expect(syntaxOf(formatArgv(inShell(text)))).toEqual([]);
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
