import { withoutByteOrderMark } from '../lib/text/byte-order-mark';
import { parseSettingValue, type SettingKind } from '../lib/format/units';
import { SETTINGS, type SettingKey, type Settings } from '../model/settings';
import { watchNameSchema, type WatchSpecInput } from '../model/watch';

/** A program of the list, as a watch. */
export type ListedWatch = WatchSpecInput & { overrides: Partial<Settings> };

/** What a process list holds: watches, or what is wrong with it, line by line. */
export type ProcessList = { ok: true; specs: readonly ListedWatch[] } | { ok: false; problems: readonly string[] };

/**
 * Reads a list of programs, one a line: name, CPU limit in % and memory limit in MB, separated by spaces or commas; `#`
 * begins a comment. A name with spaces in it needs the commas. `none` or `-` is no limit.
 */
export function parseProcessList(text: string): ProcessList {
  const specs: ListedWatch[] = [];
  const problems: string[] = [];
  const lineOfName = new Map<string, number>();
  const lines = withoutByteOrderMark(text).split(/\r\n|\r|\n/);
  lines.forEach((written, index) => {
    const line = index + 1;
    const content = written.replace(/(^|\s)#.*$/, '').trim();
    if (content === '') return;
    const parsed = parseLine(content);
    if ('problem' in parsed) return void problems.push(`line ${line}: ${parsed.problem}`);
    const first = lineOfName.get(parsed.spec.name.toLowerCase());
    if (first !== undefined) {
      return void problems.push(
        `line ${line}: expected each program once, "${parsed.spec.name}" is in line ${first} already`,
      );
    }
    lineOfName.set(parsed.spec.name.toLowerCase(), line);
    specs.push(parsed.spec);
  });
  if (problems.length === 0 && specs.length === 0) problems.push('line 1: expected a program, the list has none');
  return problems.length > 0 ? { ok: false, problems } : { ok: true, specs };
}

function parseLine(content: string): { spec: ListedWatch } | { problem: string } {
  const byComma = content.split(',').map((field) => field.trim());
  const fields = byComma.length === 3 ? byComma : content.split(/[\s,]+/).filter((field) => field !== '');
  const [program = '', cpu = '', memory = ''] = fields;
  if (fields.length !== 3 || program === '') {
    return {
      problem: `expected name, CPU limit in % and memory limit in MB, as in "nginx 80 500", got "${content}"`,
    };
  }
  // Programs may be called anything; a watch is also the name of a file.
  const name = program.replace(/[^\p{L}\p{N}._ -]+/gu, '-').replace(/^[^\p{L}\p{N}]+/u, '');
  if (!watchNameSchema.safeParse(name).success) {
    return { problem: `expected the name of a program, which a watch can be called by, got "${program}"` };
  }
  const overrides: Partial<Settings> = {};
  for (const [key, written] of [
    ['cpu.limitPercent', cpu],
    // A bare number is in MB here, as it always was in such lists.
    ['memory.limitBytes', /^-?\d+(\.\d+)?$/.test(memory) ? `${memory}MB` : memory],
  ] as const satisfies readonly (readonly [SettingKey, string])[]) {
    const parsed = parseSettingValue(written, SETTINGS[key] as SettingKind);
    if (!parsed.ok) return { problem: `${program}: ${key}: ${parsed.problem}` };
    if (parsed.value !== null) Object.assign(overrides, { [key]: parsed.value });
  }
  return { spec: { name, target: { kind: 'match', by: 'name', pattern: program }, overrides } };
}
