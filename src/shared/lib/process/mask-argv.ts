import { MASK } from './mask-secrets';
import { PRIVATE_KEY_BLOCK, SECRET_SHAPES } from './secret-shapes';
import { isPlainValue, isSecretName } from './secret-names';
import { knownOptions, secretOf, type SecretPart } from './secret-options';
import { looksSecret } from './secret-looks';
import { shellCommands } from '../text/shell-words';

/** An argument vector as it may be shown, and what was taken out of it. */
export interface MaskedArgv {
  shown: readonly string[];
  hidden: readonly string[];
}

/** How deep scripts within scripts are read. */
const MAX_DEPTH = 3;
/** A text is read again as long as that finds more. */
const MAX_READINGS = 5;
/** The shortest text that can be recognised as a secret by itself: `pw=x`. */
const MIN_FORM = 4;
/** A longer text is a file that somebody passes on as an argument: only secrets that are recognised by their form are looked for. */
const MAX_SCRIPT_CHARACTERS = 20_000;

/**
 * An argument vector with {@link MASK} where a value looks like a secret: behind an option or a variable with such a name
 * (`words` are further ones), in an address, in a header, in a script for a shell, or by its own form. As many words as before;
 * without a secret the very same vector. Masking it again changes nothing.
 */
export function maskArgv(argv: readonly string[], words: readonly string[] = []): readonly string[] {
  return readSecrets(argv, words).shown;
}

/** The values that {@link maskArgv} hides. */
export function argvSecrets(argv: readonly string[], words: readonly string[] = []): readonly string[] {
  return readSecrets(argv, words).hidden;
}

function readSecrets(argv: readonly string[], words: readonly string[]): MaskedArgv {
  const reader = new SecretReader(words);
  let shown: readonly string[] = argv;
  // What is masked may have held a quote, without which what follows reads differently.
  for (let reading = 0; reading < MAX_READINGS; reading += 1) {
    const before = shown;
    shown = reader.readWords(before, 0);
    if (shown.every((word, at) => word === before[at])) break;
  }
  return { shown: shown.every((word, at) => word === argv[at]) ? argv : shown, hidden: reader.hidden };
}

const OPTION = /^(\p{Pd}{1,2})([\p{L}\p{N}_][\p{L}\p{N}\p{Cf}._:-]*)(?:=([\s\S]*))?$/u;
const WINDOWS_OPTION = /^\/([A-Za-z][A-Za-z-]*):([\s\S]+)$/;
const ASSIGNMENT = /^([\p{L}_][\p{L}\p{N}\p{Cf}_.-]*)(\+?=)([\s\S]*)$/u;
const HEADER = /^([A-Za-z][\w-]*)(:[ \t]*)(\S[\s\S]*)$/;
/** `openssl -passin pass:VALUE`. */
const PASS_SOURCE = /^(pass:)([\s\S]+)$/;
/** `sh -c TEXT`, `bash -lc TEXT`. */
const SCRIPT_OPTION = /^-[a-zA-Z]{0,5}c$/;
/** What looks as an option does, and so is not the value of the one before. */
const OPTION_LIKE = /^\p{Pd}{1,2}[A-Za-z][A-Za-z-]*(?:=[\s\S]*)?$/u;

class SecretReader {
  readonly hidden: string[] = [];

  constructor(private readonly words: readonly string[]) {}

  readWords(argv: readonly string[], depth: number): string[] {
    let options: ReturnType<typeof knownOptions> = null;
    let expected: SecretPart | null = null;
    let before = '';
    return argv.map((word, at) => {
      options = (word.startsWith('-') ? null : knownOptions(word)) ?? options;
      const part = expected;
      expected = null;
      const masked = this.readWord(word, {
        part,
        before,
        options,
        depth,
        isScript: at === 0 || SCRIPT_OPTION.test(argv[at - 1] ?? ''),
      });
      if (masked.expects !== null) {
        expected = masked.expects;
        before = word;
      }
      return masked.text;
    });
  }

  private readWord(
    word: string,
    context: {
      part: SecretPart | null;
      /** The option that announced this word. */
      before: string;
      options: ReturnType<typeof knownOptions>;
      depth: number;
      /** It is a text for a shell, or a title in which a program has written its whole command line. */
      isScript: boolean;
    },
  ): { text: string; expects: SecretPart | null } {
    const { part, before, options, depth, isScript } = context;
    if (part !== null && !OPTION_LIKE.test(word) && !isReference(word, depth)) {
      const text = isPlainValue(before, word) ? word : this.hidePart(word, part);
      if (text !== word || part === 'all') return { text, expects: null };
    }
    const known = secretOf(word, options ?? []);
    if (known?.where === 'word') {
      const value = word.slice(known.at);
      if (!isReference(value, depth))
        return { text: word.slice(0, known.at) + this.hidePart(value, known.part), expects: null };
    }
    if (known?.where === 'next') return { text: word, expects: known.part };

    const [, dashes = '', name = '', value] = OPTION.exec(word) ?? [];
    if (name !== '' && this.isSecretOption(dashes, name)) {
      if (value === undefined) return { text: word, expects: 'all' };
      if (isPlainValue(name, value) || isReference(value, depth)) return { text: word, expects: null };
      return { text: word.slice(0, word.length - value.length) + this.hide(value), expects: null };
    }
    return { text: this.readText(word, depth, isScript && /\s/.test(word)), expects: null };
  }

  private isSecretOption(dashes: string, name: string): boolean {
    if (isSecretName(name, this.words)) return true;
    // -Dname=value of java, -Pname=value of gradle.
    return dashes.length === 1 && /^[DP][a-z]/.test(name) && isSecretName(name.slice(1), this.words);
  }

  /** One word that no option has announced, or a text that may hold anything. */
  private readText(text: string, depth: number, isScript = false): string {
    const whole = isScript ? null : this.readWhole(text, depth);
    if (whole !== null) return whole;
    const isReadable = /\s/.test(text) && text.length <= MAX_SCRIPT_CHARACTERS && depth < MAX_DEPTH;
    return isReadable ? this.readForms(this.readScript(text, depth), depth + 1) : this.readForms(text, depth);
  }

  /** A word that is a name and a value; null for any other. */
  private readWhole(word: string, depth: number): string | null {
    const [, source = '', password = ''] = PASS_SOURCE.exec(word) ?? [];
    if (password !== '') return source + this.hide(password);
    const [, option = '', ofOption = ''] = WINDOWS_OPTION.exec(word) ?? [];
    if (option !== '' && (option === 'p' || isSecretName(option, this.words))) {
      return word.slice(0, word.length - ofOption.length) + this.hide(ofOption);
    }
    const [, field = '', , content = ''] = HEADER.exec(word) ?? [];
    if (field !== '' && this.isSecretHeader(field, content)) {
      const [scheme = ''] = /authorization$/i.test(field) ? (/^[A-Za-z]{3,15}[ \t]+/.exec(content) ?? []) : [];
      const credentials = content.slice(scheme.length);
      return word.slice(0, word.length - credentials.length) + this.hide(credentials);
    }
    const [, name = '', , value = ''] = ASSIGNMENT.exec(word) ?? [];
    if (name !== '' && this.isSecretVariable(name, value)) {
      if (isPlainValue(name, value) || isReference(value, depth)) return word;
      return word.slice(0, word.length - value.length) + this.hide(value);
    }
    return this.readNested(word, depth);
  }

  /** `--env=NAME=VALUE`, `-eNAME=VALUE`: the name and the value that stand behind an option. */
  private readNested(word: string, depth: number): string | null {
    const at = word.search(/=/);
    if (at < 0 || depth >= MAX_DEPTH || !/^\p{Pd}|^[\w.-]+$/u.test(word.slice(0, at))) return null;
    const rest = word.slice(at + 1);
    if (!/[=:\s]/.test(rest)) return null;
    return word.slice(0, at + 1) + this.readText(rest, depth + 1);
  }

  private isSecretVariable(name: string, value: string): boolean {
    if (isSecretName(name, this.words)) return true;
    // Variables of an environment are written so, and have shorter names: GITHUB_PAT, AUTH, SALT.
    const isVariable = /^[A-Z][A-Z0-9_]*$/.test(name);
    return (
      isVariable &&
      !/_(?:FILE|PATH|DIR|URL|ID|NAME)$/.test(name) &&
      looksSecret(name, '') &&
      !isPlainValue('key', value)
    );
  }

  private isSecretHeader(field: string, content: string): boolean {
    if (/^(?:proxy-)?authorization$|^(?:set-)?cookie$/i.test(field)) return true;
    if (content.startsWith('//')) return false;
    return isSecretName(field, this.words) && !isPlainValue(field, content) && !/^[/\\]/.test(content);
  }

  /** The commands of a text for a shell, read as argument vectors of their own. */
  private readScript(text: string, depth: number): string {
    let written = text;
    for (const words of shellCommands(text).reverse()) {
      const values = words.map(({ value }) => value);
      const masked = this.readWords(values, depth + 1);
      for (let at = words.length - 1; at >= 0; at -= 1) {
        const word = words[at];
        const shown = masked[at];
        if (word === undefined || shown === undefined || shown === word.value) continue;
        const { start, end, quote } = word;
        const quoted = quote === '"' ? shown.replace(/["\\]/g, '\\$&') : shown;
        written = written.slice(0, start) + quote + quoted + quote + written.slice(end);
      }
    }
    return written;
  }

  /** Secrets that are recognised by their form within a text, whatever is around them. */
  private readForms(text: string, depth: number): string {
    if (text.length < MIN_FORM) return text;
    let masked = text.replace(
      /\b([a-z][a-z0-9+.-]{1,30}:\/\/)([^\s"'<>]{1,4000}@)/gi,
      (_whole, scheme: string, rest: string) => scheme + this.hideUserInfo(scheme, rest),
    );
    masked = masked.replace(
      /\b((?:proxy-)?authorization["']?[ \t]{0,3}[:=][ \t]{0,3}["']?(?:[a-z]{3,15}[ \t]{1,3})?|bearer[ \t]{1,3}(?=[\w.~+/-]{0,200}\d))([^\s"']{4,})/gi,
      (_whole, before: string, value: string) => before + this.hide(value),
    );
    masked = masked.replace(FIELD, (whole: string, name: string, between: string, value: string) => {
      if (!isSecretName(name, this.words)) return whole;
      const [, quote = '', inner = value] = /^(["'])([\s\S]*)\1$/.exec(value) ?? [];
      const isCode = quote === '' && /[(]|^process\.|^os\./.test(value);
      if (isCode || isPlainValue(name, inner) || isReference(inner, depth) || /^\/\//.test(inner)) return whole;
      return `${name}${between}${quote}${this.hide(inner)}${quote}`;
    });
    return [PRIVATE_KEY_BLOCK, ...SECRET_SHAPES].reduce(
      (rest, shape) => rest.replace(shape, (found) => this.hide(found)),
      masked,
    );
  }

  /** What stands between the scheme and the last `@` of an address. */
  private hideUserInfo(scheme: string, rest: string): string {
    const authority = rest.slice(0, -1);
    const at = authority.indexOf(':');
    const slash = authority.indexOf('/');
    if (at >= 0 && (slash < 0 || at < slash)) {
      const behind = authority.slice(at + 1);
      // A port, and an @ within the path.
      if (/^\d{1,5}\//.test(behind)) return rest;
      return behind === '' ? rest : `${authority.slice(0, at + 1)}${this.hide(behind)}@`;
    }
    if (slash >= 0 || !/^https?:/i.test(scheme) || authority.length < 8) return rest;
    // A token instead of a name.
    return `${this.hide(authority)}@`;
  }

  private hidePart(value: string, part: SecretPart): string {
    if (part === 'all') return this.hide(value);
    const at = value.indexOf(part === 'after-colon' ? ':' : '%');
    return at < 0 ? value : value.slice(0, at + 1) + this.hide(value.slice(at + 1));
  }

  private hide(value: string): string {
    if (value === '' || value === MASK) return value;
    this.hidden.push(value);
    return MASK;
  }
}

/** Within a script `$NAME`, `${name}` and `$1` stand for values that are not there. */
function isReference(value: string, depth: number): boolean {
  return depth > 0 && /^\$(?:[A-Z_][A-Z0-9_]*|\d|\{\w+\})$/.test(value);
}

/** `"name": "value"`, `name=value` and `name: value` within a text. */
const FIELD =
  /([\p{L}_][\p{L}\p{N}_.-]{0,80})(["']?[ \t]{0,3}(?:=>|=|:(?=[ \t"'])|(?<=["']):)[ \t]{0,3})("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?:[^\s"'&,;)}\]]|[,;&](?![\s]*[\w.-]{1,40}=)(?=[^\s]))+)/gu;
