/** A word of a shell's text, without its quotes, and where it stands with them. */
export interface ShellWord {
  value: string;
  start: number;
  end: number;
  /** The quotes around all of it. */
  quote: '' | "'" | '"';
}

/**
 * The words of each simple command in a text, as a shell splits it. Nothing is expanded, and no text is refused: a quote that is
 * not closed goes to the end. Linear in the length of the text.
 */
export function shellCommands(text: string): ShellWord[][] {
  const commands: ShellWord[][] = [[]];
  let word: { value: string; start: number } | null = null;
  const finish = (end: number): void => {
    if (word !== null) commands.at(-1)?.push({ ...word, end, quote: quoteAround(text.slice(word.start, end)) });
    word = null;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (/[\s;|&()]/.test(character)) {
      finish(at);
      if (/[;|&()\n]/.test(character) && (commands.at(-1)?.length ?? 0) > 0) commands.push([]);
      continue;
    }
    word ??= { value: '', start: at };
    if (character === "'" || character === '"') {
      at += 1;
      for (; at < text.length && text.charAt(at) !== character; at += 1) {
        if (character === '"' && text.charAt(at) === '\\' && at + 1 < text.length) at += 1;
        word.value += text.charAt(at);
      }
    } else if (character === '\\' && at + 1 < text.length) {
      at += 1;
      word.value += text.charAt(at);
    } else {
      word.value += character;
    }
  }
  finish(text.length);
  return commands.filter((words) => words.length > 0);
}

function quoteAround(raw: string): ShellWord['quote'] {
  const [first] = raw;
  if ((first !== "'" && first !== '"') || raw.length < 2 || !raw.endsWith(first)) return '';
  return raw.slice(1, -1).includes(first) ? '' : first;
}
