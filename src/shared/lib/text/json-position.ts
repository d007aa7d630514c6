/** Where a text stops being JSON. */
export interface JsonPosition {
  /** Counted from 1. */
  line: number;
  /** Counted from 1, in UTF-16 code units, as editors do. */
  column: number;
}

/**
 * The first place where a text is not JSON (RFC 8259), or null when it is. JSON.parse does not always report it: V8 leaves the
 * position out of some of its messages, and their wording changes between versions.
 */
export function jsonErrorPosition(text: string): JsonPosition | null {
  const offset = firstError(text);
  if (offset === null) return null;
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// The characters allowed in a string are all but quote, backslash and those below U+0020.
// oxlint-disable-next-line no-control-regex -- JSON forbids exactly these in a string
const STRING_PART = /(?:[^"\\\u0000-\u001f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
const SPACE = /[ \t\n\r]*/y;
const WORD = /true|false|null/y;

/** Reads with a stack of its own, so that deep nesting can't overflow the engine's. */
function firstError(text: string): number | null {
  let at = 0;
  const eat = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return false;
    at += found[0].length;
    return true;
  };
  const eatString = (): boolean => {
    at += 1;
    eat(STRING_PART);
    if (text[at] !== '"') return false;
    at += 1;
    return true;
  };
  /** After the comma or at the opening of an object: `"key" :`. */
  const eatKey = (): boolean => {
    if (text[at] !== '"' || !eatString()) return false;
    eat(SPACE);
    if (text[at] !== ':') return false;
    at += 1;
    eat(SPACE);
    return true;
  };

  const open: ('{' | '[')[] = [];
  eat(SPACE);
  for (;;) {
    const first = text[at];
    let complete = true;
    if (first === '{' || first === '[') {
      at += 1;
      eat(SPACE);
      if (text[at] === (first === '{' ? '}' : ']')) {
        at += 1;
      } else {
        open.push(first);
        if (first === '{' && !eatKey()) return at;
        complete = false;
      }
    } else if (first === '"') {
      if (!eatString()) return at;
    } else if (!eat(NUMBER) && !eat(WORD)) {
      return at;
    }
    // A value has ended: what may follow depends on what is open around it.
    while (complete) {
      eat(SPACE);
      const around = open.at(-1);
      if (around === undefined) return at === text.length ? null : at;
      if (text[at] === ',') {
        at += 1;
        eat(SPACE);
        if (around === '{' && !eatKey()) return at;
        complete = false;
      } else if (text[at] === (around === '{' ? '}' : ']')) {
        at += 1;
        open.pop();
      } else {
        return at;
      }
    }
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|\n/g;

/**
 * The line (from 1) of the value at a path in valid JSON; of the nearest thing around it when there is none. It reads the text
 * once and builds nothing.
 */
export function jsonPathLine(text: string, path: readonly PropertyKey[]): number {
  const wanted = path.map(String);
  /** Where the reading is: one key or index for each open object or array. */
  const at: { key: string; index: number | null }[] = [];
  let line = 1;
  let best = { depth: 0, line: 1 };
  let previous = '';
  const arrive = (): void => {
    const depth = at.length;
    if (depth <= best.depth || depth > wanted.length) return;
    if (at.every(({ key }, level) => key === wanted[level])) best = { depth, line };
  };
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '\n') {
      line += 1;
      continue;
    }
    const around = at.at(-1);
    if (token === '{') at.push({ key: '', index: null });
    else if (token === '[') {
      at.push({ key: '0', index: 0 });
      arrive();
    } else if (token === '}' || token === ']') at.pop();
    else if (token === ',' && around !== undefined && around.index !== null) {
      around.index += 1;
      around.key = String(around.index);
      arrive();
    } else if (token === ':' && around !== undefined && previous.startsWith('"')) {
      around.key = JSON.parse(previous) as string;
      arrive();
    }
    previous = token;
    if (best.depth === wanted.length && wanted.length > 0) break;
  }
  return best.line;
}
