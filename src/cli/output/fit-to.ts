import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter('en');

/** The text cut to at most `columns`, with `…` where something is missing. */
export function fitTo(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let fitted = '';
  let width = 1;
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment);
    if (width > columns) break;
    fitted += segment;
  }
  return columns < 1 ? '' : `${fitted}…`;
}
