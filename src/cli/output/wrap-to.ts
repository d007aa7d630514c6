import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en');

/** The text in lines of at most `columns`, broken between words; a word that is longer than a line is broken anywhere. */
export function wrapTo(text: string, columns: number): readonly string[] {
  const most = Math.max(1, columns);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (stringWidth(joined) <= most) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = piecesOf(word, most);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  return [...lines, line];
}

/** How far the rest of a line that begins at the margin is indented. */
const HANGING = 4;

/** Lines that are wider than a terminal broken between words; what follows is indented as its line is, or hangs below it. */
export function fitLines(text: string, columns: number | null): string {
  if (columns === null) return text;
  return text
    .split('\n')
    .flatMap((line) => {
      if (stringWidth(line) <= columns) return [line];
      const margin = /^ */.exec(line)?.[0] ?? '';
      const rest = margin === '' ? ' '.repeat(HANGING) : margin;
      const [first = '', ...more] = wrapTo(line.slice(margin.length), columns - rest.length);
      return [margin + first, ...more.map((each) => rest + each)];
    })
    .join('\n');
}

function piecesOf(word: string, most: number): readonly string[] {
  if (stringWidth(word) <= most) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of graphemes.segment(word)) {
    if (piece !== '' && stringWidth(piece) + stringWidth(segment) > most) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  return [...pieces, piece];
}
