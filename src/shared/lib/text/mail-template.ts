import { nearest } from './nearest';
import Mustache from 'mustache';
import { MAIL_VARIABLES, type Variable, type Variables } from '../../model/mail-view';
import { escapeUnprintable, truncate } from './escape';

/** The parts of a message that have templates. */
export type TemplatePart = 'subject' | 'text' | 'html';

/** As mustache.js reads a template: kind, text, start and end; sections with what is in them. */
type Token = [kind: string, value: string, start: number, end: number, inner?: Token[], closing?: number];

/** The names that a place in a template can use: those of the section around it before those further out. */
type Scope = readonly Variables[];

/** A parser of its own, without a cache: somebody who types would fill it with each letter. */
export function templateWriter(): Mustache.Writer {
  const writer = new Mustache.Writer();
  (writer as unknown as { templateCache: undefined }).templateCache = undefined;
  return writer;
}

/**
 * What is wrong with a template, one sentence each with the line; empty when nothing is. What it takes is mustache
 * (mustache(5)) without what would let it reach further: partials, other delimiters, and in HTML values that are not escaped.
 */
export function templateProblems(part: TemplatePart, template: string): readonly string[] {
  const at = (position: number): string => `line ${template.slice(0, position).split('\n').length}`;
  let tokens: Token[];
  try {
    tokens = templateWriter().parse(template) as Token[];
  } catch (error) {
    return [syntaxProblem(error, at)];
  }
  const problems: string[] = [];
  walk(tokens, [MAIL_VARIABLES]);
  return problems;

  function walk(inner: readonly Token[], scope: Scope): void {
    for (const [kind, value, start, , content = []] of inner) {
      const problem = problemOf(kind, value, scope);
      if (problem !== null) problems.push(`${at(start)}: ${problem}`);
      // What is in an unknown section can't be judged.
      else if (kind === '#' || kind === '^') walk(content, kind === '#' ? within(value, scope) : scope);
    }
  }

  function problemOf(kind: string, value: string, scope: Scope): string | null {
    switch (kind) {
      case 'text':
      case '!':
        return null;
      case '>':
        return `${tag(`>${value}`)} includes another template, which is not supported`;
      case '=':
        return 'other delimiters than {{ and }} are not allowed';
      case '&':
        if (part === 'html') return `${tag(`{${value}}`)} would not be escaped; write ${tag(value)}`;
        return unknownProblem(value, scope) ?? sectionProblem(value, scope);
      case 'name':
        return unknownProblem(value, scope) ?? sectionProblem(value, scope);
      default:
        return unknownProblem(value, scope);
    }
  }
}

function unknownProblem(name: string, scope: Scope): string | null {
  if (lookUp(name, scope) !== null) return null;
  const known = [...new Set(scope.flatMap((variables) => Object.keys(variables)))];
  const near = nearest(name, known);
  const hint =
    near.length === 0 ? `there are ${known.map(tag).join(', ')}` : `did you mean: ${near.map(tag).join(', ')}`;
  return `no variable is called ${tag(name)}; ${hint}`;
}

/** A list or a group is no text. */
function sectionProblem(name: string, scope: Scope): string | null {
  const variable = lookUp(name, scope);
  if (variable === null || typeof variable === 'string') return null;
  const inner = Object.keys(variable.holds).map(tag).join(' ');
  return `${tag(name)} is not a text; write ${tag(`#${name}`)} … ${tag(`/${name}`)} around ${inner}`;
}

/** The variable of a name, `.` being the value of the section itself; null when there is none. */
function lookUp(name: string, scope: Scope): Variable | null {
  if (name === '.') return scope.length > 1 ? '' : null;
  const [first = '', ...rest] = name.split('.');
  const around = scope.find((variables) => Object.hasOwn(variables, first));
  let found: Variable | null = around?.[first] ?? null;
  for (const key of rest) found = memberOf(found, key);
  return found;
}

function memberOf(variable: Variable | null, key: string): Variable | null {
  if (variable === null || typeof variable === 'string') return null;
  if (variable.kind === 'list') return key === 'length' ? 'how many' : null;
  return Object.hasOwn(variable.holds, key) ? (variable.holds[key] ?? null) : null;
}

function within(name: string, scope: Scope): Scope {
  const variable = lookUp(name, scope);
  return variable === null || typeof variable === 'string' ? [{}, ...scope] : [variable.holds, ...scope];
}

/** The error of mustache.js for an unbalanced template, with the line instead of the offset. */
function syntaxProblem(error: unknown, at: (position: number) => string): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, what = message, position] = /^(.*) at (\d+)$/s.exec(message) ?? [];
  const [, state, section = ''] = /^(Unopened|Unclosed) section "(.*)"$/s.exec(what) ?? [];
  const where = position === undefined ? '' : `${at(Number(position))}: `;
  if (state === 'Unopened') return `${where}${tag(`/${section}`)} ends a section that was never opened`;
  if (state === 'Unclosed') return `${where}expected ${tag(`/${section}`)}, which ends ${tag(`#${section}`)}`;
  if (what === 'Unclosed tag') return `${where}expected }}, which ends a {{`;
  return `${where}${escapeUnprintable(what)}`;
}

/**
 * What may stand between `{{` and `}}`, with its meaning: texts by their names, also those of groups (`tone.word`); of lists their
 * beginning (`#facts`).
 */
export function templateVariables(): readonly { name: string; help: string }[] {
  return listed(MAIL_VARIABLES, '');
}

function listed(variables: Variables, path: string): { name: string; help: string }[] {
  return Object.entries(variables).flatMap(([key, variable]) => {
    const name = `${path}${key}`;
    if (typeof variable === 'string') return [{ name, help: variable }];
    if (variable.kind === 'group') return listed(variable.holds, `${name}.`);
    const inner = Object.keys(variable.holds).map(tag).join(' ');
    return [{ name: `#${name}`, help: `${variable.help}; up to ${tag(`/${name}`)}, for each: ${inner}` }];
  });
}

function tag(name: string): string {
  return `{{${truncate(escapeUnprintable(name), 60)}}}`;
}
