/** The argument vector of a unit's ExecStart=, as systemd.service(5) reads it; written here anew, and not from what writes it. */
export function execStartOf(unit: string): string[] {
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? '';
  const words: string[] = [];
  let [word, quote] = ['', ''];
  let isWord = false;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === '\\') {
      at += 1;
      const escaped = line.charAt(at);
      const hex = /^x([\da-f]{2})/.exec(line.slice(at))?.[1];
      word += hex === undefined ? ({ n: '\n', t: '\t' }[escaped] ?? escaped) : String.fromCharCode(parseInt(hex, 16));
      at += hex === undefined ? 0 : 2;
    } else if (quote === '' && character === ' ') {
      if (isWord) words.push(word);
      [word, isWord] = ['', false];
    } else if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) [quote, isWord] = [character, true];
    else if (character === '%') {
      if (line.charAt((at += 1)) !== '%') throw new Error(`a specifier in ${line}`);
      word += '%';
    } else {
      word += character;
      isWord = true;
    }
  }
  if (isWord) words.push(word);
  // Variables are replaced in arguments only.
  const [program = '', ...rest] = words;
  return [
    program,
    ...rest.map((each) => {
      if (/\$(?:[^$]|$)/.test(each.replaceAll('$$', ''))) throw new Error(`a variable in ${line}`);
      return each.replaceAll('$$', '$');
    }),
  ];
}
