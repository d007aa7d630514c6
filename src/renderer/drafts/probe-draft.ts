import { assertNever } from '../../shared/lib/assert-never';
import { parseSettingValue, type SettingKind } from '../../shared/lib/format/units';
import { formatArgv, parseArgv, type ArgvSyntax } from '../../shared/lib/text/argv';
import {
  PROBE_LIMITS,
  probeSchema,
  type HttpMethod,
  type Probe,
  type ProbeCheck,
  type ProbeKind,
  type ProbeRole,
} from '../../shared/model/probe';
import { hostOfUrl, isElsewhere } from '../../shared/lib/host/elsewhere';
import { formatHeaderLines, parseHeaderLines } from './header-lines';
import { writeQuantity } from './setting-fields';

/** A probe as it is typed. Its kind is chosen when it is added; fields that the kind does not have stay as they are and are not sent. */
export interface ProbeDraft {
  /** What it is known by in the form, whatever its name and place are. */
  key: string;
  kind: ProbeKind;
  name: string;
  role: ProbeRole;
  url: string;
  method: HttpMethod;
  headersText: string;
  statuses: string;
  body: string;
  certificateDays: string;
  caFile: string;
  host: string;
  port: string;
  /** Of both http and tcp; empty: none. */
  socketPath: string;
  argvText: string;
  pattern: string;
  means: 'healthy' | 'unhealthy';
  path: string;
  maxAge: string;
  interval: string;
  timeout: string;
  failures: string;
  of: string;
  successes: string;
}

/** Fields of a probe that can be wrong, from top to bottom. */
export const PROBE_FIELDS = [
  ...(['name', 'role', 'url', 'method', 'headersText', 'statuses', 'body'] as const),
  ...(['host', 'port', 'socketPath', 'certificateDays', 'caFile'] as const),
  ...(['argvText', 'pattern', 'means', 'path', 'maxAge'] as const),
  ...(['interval', 'timeout', 'failures', 'of', 'successes'] as const),
] as const satisfies readonly Exclude<keyof ProbeDraft, 'key' | 'kind'>[];
export type ProbeField = (typeof PROBE_FIELDS)[number];

export type ProbeErrors = Partial<Record<ProbeField, string>>;

/** What each kind is called at first, and how often it is asked where the default of the model would not suit it. */
const STANDARDS: Readonly<Record<ProbeKind, { name: string } & Partial<ProbeDraft>>> = {
  http: { name: 'health' },
  tcp: { name: 'port' },
  command: { name: 'command' },
  // Each new line counts at once.
  log: { name: 'line', means: 'unhealthy', failures: '1', of: '1' },
  heartbeat: { name: 'heartbeat', maxAge: '1 min' },
  silence: { name: 'output', maxAge: '10 min' },
  notify: { name: 'notify', role: 'readiness' },
};

/** A new probe of a kind beside those that there are, with a name that is not taken. */
export function newProbeDraft(kind: ProbeKind, others: readonly ProbeDraft[]): ProbeDraft {
  const standard = STANDARDS[kind];
  const key = String(1 + Math.max(-1, ...others.map((other) => Number(other.key))));
  return { ...BLANK, ...standard, kind, key, name: freeName(standard.name, others) };
}

function freeName(base: string, others: readonly ProbeDraft[]): string {
  const taken = new Set(others.map(({ name }) => name.trim().toLowerCase()));
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? base : `${base}-${count}`;
    if (!taken.has(name)) return name;
  }
}

/** Probes as they are kept, to be edited. */
export function draftsOfProbes(probes: readonly Probe[]): ProbeDraft[] {
  return probes.map((probe, at) => ({
    ...BLANK,
    ...checkTexts(probe.check),
    key: String(at),
    kind: probe.check.kind,
    name: probe.name,
    role: probe.role,
    interval: writeQuantity(probe.intervalMs, 'ms'),
    timeout: writeQuantity(probe.timeoutMs, 'ms'),
    failures: String(probe.failures),
    of: String(probe.of),
    successes: String(probe.successes),
  }));
}

const BLANK: Omit<ProbeDraft, 'key' | 'kind' | 'name'> = {
  role: 'liveness',
  url: '',
  method: 'GET',
  headersText: '',
  statuses: '200-399',
  body: '',
  certificateDays: '',
  caFile: '',
  host: '127.0.0.1',
  port: '',
  socketPath: '',
  argvText: '',
  pattern: '',
  means: 'healthy',
  path: '',
  maxAge: '',
  interval: '10 s',
  timeout: '2 s',
  failures: '3',
  of: '5',
  successes: '1',
};

function checkTexts(check: ProbeCheck): Partial<ProbeDraft> {
  switch (check.kind) {
    case 'http': {
      const { url, method, headers, statuses, body, certificateDays, caFile, socketPath } = check;
      return {
        ...{ url, method, headersText: formatHeaderLines(headers), statuses, body: body ?? '', caFile: caFile ?? '' },
        ...{ certificateDays: certificateDays === null ? '' : String(certificateDays), socketPath: socketPath ?? '' },
      };
    }
    case 'tcp':
      return {
        host: check.host,
        port: check.port === null ? '' : check.plusInstance ? `{${check.port}+instance}` : String(check.port),
        socketPath: check.socketPath ?? '',
      };
    case 'command':
      return { argvText: formatArgv(check.argv) };
    case 'log':
      return { pattern: check.pattern, means: check.means };
    case 'heartbeat':
      return { path: check.path, maxAge: writeQuantity(check.maxAgeMs, 'ms') };
    case 'silence':
      return { maxAge: writeQuantity(check.maxAgeMs, 'ms') };
    case 'notify':
      return { maxAge: check.maxAgeMs === null ? '' : writeQuantity(check.maxAgeMs, 'ms') };
    default:
      return assertNever(check);
  }
}

/** What is typed, as the model has it; what can't be read is in `errors`, and the schema has the last word. */
export function readProbe(draft: ProbeDraft, syntax: ArgvSyntax, errors: ProbeErrors): unknown {
  return {
    name: draft.name,
    role: draft.role,
    check: readCheck(draft, syntax, errors),
    intervalMs: number('interval', draft, errors),
    timeoutMs: number('timeout', draft, errors),
    failures: number('failures', draft, errors),
    of: number('of', draft, errors),
    successes: number('successes', draft, errors),
  };
}

/** The field that a path of a probe (`['check', 'maxAgeMs']`) is typed in. */
export function probeFieldOf([first, second]: readonly string[]): ProbeField {
  const name = first === 'check' ? (second ?? 'port') : first;
  return FIELD_OF_KEY[name ?? ''] ?? PROBE_FIELDS.find((field) => field === name) ?? 'name';
}

/** Keys of the model that are typed under another name. */
const FIELD_OF_KEY: Readonly<Record<string, ProbeField>> = {
  headers: 'headersText',
  argv: 'argvText',
  maxAgeMs: 'maxAge',
  intervalMs: 'interval',
  timeoutMs: 'timeout',
};

/** One probe alone, to be tried; the first of its problems where there is one. */
export function readProbeTrial(
  draft: ProbeDraft,
  syntax: ArgvSyntax,
): { ok: true; probe: Probe } | { ok: false; problem: string } {
  const errors: ProbeErrors = {};
  const parsed = probeSchema.safeParse(readProbe(draft, syntax, errors));
  const [problem = parsed.error?.issues[0]?.message] = Object.values(errors);
  return parsed.success && problem === undefined
    ? { ok: true, probe: parsed.data }
    : { ok: false, problem: problem ?? 'expected a whole probe' };
}

/** Whether what the program writes or reports while it runs answers it: nothing can be asked before. */
export function isAnsweredByProgram(kind: ProbeKind): boolean {
  return kind !== 'http' && kind !== 'tcp' && kind !== 'command';
}

/** Whether a draft asks another machine than `hostname`, on which the engine runs. */
export function asksElsewhere({ kind, url, host, socketPath }: ProbeDraft, hostname: string | null): boolean {
  if (socketPath.trim() !== '') return false;
  if (kind === 'tcp') return isElsewhere(host.trim(), hostname);
  return kind === 'http' && isElsewhere(hostOfUrl(url.trim()), hostname);
}

function readCheck(draft: ProbeDraft, syntax: ArgvSyntax, errors: ProbeErrors): unknown {
  const { kind } = draft;
  switch (kind) {
    case 'http':
      return {
        ...{ kind, url: draft.url.trim(), method: draft.method, statuses: draft.statuses, body: orNull(draft.body) },
        ...{ headers: readHeaders(draft, errors), caFile: orNull(draft.caFile), socketPath: orNull(draft.socketPath) },
        certificateDays: draft.certificateDays.trim() === '' ? null : number('certificateDays', draft, errors),
      };
    case 'tcp': {
      const [, base] = /^\s*\{(\d{1,5})\+instance\}\s*$/.exec(draft.port) ?? [];
      return {
        ...{ kind, host: draft.host, socketPath: orNull(draft.socketPath) },
        port: draft.port.trim() === '' ? null : number('port', { ...draft, port: base ?? draft.port }, errors),
        ...(base !== undefined && { plusInstance: true }),
      };
    }
    case 'command': {
      const argv = parseArgv(draft.argvText, syntax);
      if (!argv.ok) errors.argvText = argv.error;
      return { kind, argv: argv.ok ? argv.argv : [] };
    }
    case 'log':
      return { kind, pattern: draft.pattern, means: draft.means };
    case 'heartbeat':
      return { kind, path: draft.path, maxAgeMs: number('maxAge', draft, errors) };
    case 'silence':
      return { kind, maxAgeMs: number('maxAge', draft, errors) };
    case 'notify':
      return { kind, maxAgeMs: draft.maxAge.trim() === '' ? null : number('maxAge', draft, errors) };
    default:
      return assertNever(kind);
  }
}

function readHeaders(draft: ProbeDraft, errors: ProbeErrors) {
  const read = parseHeaderLines(draft.headersText);
  if (!read.ok) errors.headersText = read.error;
  return read.ok ? read.headers : {};
}

type NumberField = 'interval' | 'timeout' | 'maxAge' | 'failures' | 'of' | 'successes' | 'port' | 'certificateDays';

/** How numbers are read: as settings are, with the ranges of the model. */
function kindOf(field: NumberField): SettingKind {
  const duration = (low: number, high: number): SettingKind => ranged('ms', low, high);
  switch (field) {
    case 'interval':
      return duration(PROBE_LIMITS.minIntervalMs, PROBE_LIMITS.maxIntervalMs);
    case 'timeout':
      return duration(10, PROBE_LIMITS.maxTimeoutMs);
    case 'maxAge':
      return duration(100, PROBE_LIMITS.maxIntervalMs);
    case 'port':
      return ranged('', 1, 65_535);
    case 'certificateDays':
      return ranged('', 0, 3650);
    case 'failures':
    case 'of':
    case 'successes':
      return ranged('', 1, PROBE_LIMITS.maxAttempts);
    default:
      return assertNever(field);
  }
}

function ranged(unit: string, low: number, high: number): SettingKind {
  const fits = (value: unknown) => Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
  return {
    default: low,
    unit,
    range: `${low} to ${high}`,
    schema: { safeParse: (value) => ({ success: fits(value) }) },
  };
}

function number(field: NumberField, draft: ProbeDraft, errors: ProbeErrors): unknown {
  const read = parseSettingValue(draft[field], kindOf(field));
  if (read.ok) return read.value;
  errors[field] = read.problem;
  return undefined;
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
