import { emitKeypressEvents, type Key } from 'node:readline';

/** A terminal that a command has to itself. */
export interface Terminal {
  size(): { columns: number; rows: number };
  /** Shows these lines in the place of what it showed before. */
  draw(lines: readonly string[]): void;
  /** Keys: single characters, or names such as `up`, `enter`, `ctrl-c`. */
  onKey(listener: (key: string) => void): void;
  onResize(listener: () => void): void;
  /** Gives it back as it was. */
  leave(): void;
}

const ENTER_SCREEN = '\u001b[?1049h\u001b[?25l';
const LEAVE_SCREEN = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const NAMES: Readonly<Record<string, string>> = { return: 'enter' };

/** Takes over the terminal of this process; null: input or output is none. */
export function takeTerminal({ stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'> = process): Terminal | null {
  if (!stdin.isTTY || !stdout.isTTY) return null;
  const undo: (() => void)[] = [];
  let left = false;
  const leave = (): void => {
    if (left) return;
    left = true;
    for (const each of undo) each();
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write(LEAVE_SCREEN);
  };
  const end = (): void => {
    leave();
    process.exit(1);
  };
  // Whatever ends it, the shell gets its screen and its cursor back.
  process.once('exit', leave);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, end);
    undo.push(() => process.off(signal, end));
  }
  stdout.write(ENTER_SCREEN);
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  stdin.resume();
  return {
    size: () => ({ columns: Math.max(20, stdout.columns), rows: Math.max(4, stdout.rows) }),
    draw: (lines) => stdout.write(`${HOME}${lines.map((line) => line + CLEAR_LINE).join('\r\n')}${CLEAR_BELOW}`),
    onKey: (listener) => {
      const take = (text: string | undefined, key: Key): void => listener(keyName(text, key));
      stdin.on('keypress', take);
      undo.push(() => stdin.off('keypress', take));
    },
    onResize: (listener) => {
      stdout.on('resize', listener);
      undo.push(() => stdout.off('resize', listener));
    },
    leave,
  };
}

function keyName(text: string | undefined, { name, ctrl }: Key): string {
  if (ctrl === true) return `ctrl-${name ?? ''}`;
  const isPrintable = text !== undefined && [...text].length === 1 && text >= ' ' && text !== '\u007f';
  return isPrintable ? text : (NAMES[name ?? ''] ?? name ?? '');
}
