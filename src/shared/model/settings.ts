import { z } from 'zod';
import { templateProblems } from '../lib/mail-template';
import { ALERT_TYPES, STANDARD_ALERT_TYPES, type AlertType } from './alert';

/** How a setting is written and checked. `null` as a value means: none, off. */
export interface SettingDefinition<T> {
  schema: z.ZodType<T>;
  default: T;
  /** Unit of the value, as shown: `ms`, `bytes`, … ; empty for none. */
  unit: string;
  /** The accepted range, in words. */
  range: string;
  help: string;
  /** `lines`: a text that may have several lines. */
  form?: 'lines';
  /** The words to choose from, one, or for a list several; undefined for numbers, flags and free texts. */
  choices?: readonly string[];
  /** Whether a watch may have a value of its own. */
  perWatch: boolean;
}

interface Common {
  help: string;
  perWatch?: boolean;
}

interface Range extends Common {
  min: number;
  max: number;
  unit: string;
}

function integer(options: Range & { default: number }): SettingDefinition<number> {
  const { min, max, unit } = options;
  const expected = `expected a whole number from ${min} to ${max}${inUnit(unit)}`;
  return {
    ...common(options),
    schema: z.number({ error: expected }).int(expected).min(min, expected).max(max, expected),
    default: options.default,
    unit,
    range: `${min} to ${max}`,
  };
}

/** A ceiling that may be missing; it is unless there is a standard. */
function ceiling(options: Range, standard: number | null = null): SettingDefinition<number | null> {
  const { min, max, unit } = options;
  const expected = `expected a number from ${min} to ${max}${inUnit(unit)}, or none`;
  return {
    ...common(options),
    schema: z.number({ error: expected }).min(min, expected).max(max, expected).nullable(),
    default: standard,
    unit,
    range: `${min} to ${max}, or none`,
  };
}

function flag(options: Common & { default: boolean }): SettingDefinition<boolean> {
  return {
    ...common(options),
    schema: z.boolean({ error: 'expected true or false' }),
    default: options.default,
    unit: '',
    range: 'true or false',
  };
}

function choice<const T extends string>(options: Common & { default: T; choices: readonly T[] }): SettingDefinition<T> {
  const range = `one of ${options.choices.join(', ')}`;
  return {
    ...common(options),
    schema: z.enum(options.choices as unknown as readonly [T, ...T[]], {
      error: `expected ${range}`,
    }) as unknown as z.ZodType<T>,
    default: options.default,
    unit: '',
    range,
    choices: options.choices,
  };
}

/** A text that may be missing. */
function text(
  options: Common & { range: string; pattern?: RegExp; max?: number; lines?: true },
): SettingDefinition<string | null> {
  const { range, pattern = /^[^\0\r\n]+$/, max = 1000, lines } = options;
  const expected = `expected ${range}, or none`;
  const schema = lines ? z.string({ error: expected }) : z.string({ error: expected }).regex(pattern, expected);
  return {
    ...common(options),
    schema: schema.min(1, expected).max(max, `expected at most ${max} characters`).nullable(),
    default: null,
    unit: '',
    range: `${range}, or none`,
    ...(lines && { form: 'lines' }),
  };
}

/** Several texts, which may be none. */
function list<const T extends string>(
  options: Common & { range: string; default?: readonly T[]; item: z.ZodType<T>; max?: number; choices?: readonly T[] },
): SettingDefinition<readonly T[]> {
  const { range, item, max = 100, choices } = options;
  return {
    ...common(options),
    schema: z.array(item, { error: `expected a list of ${range}` }).max(max, `expected at most ${max}`),
    default: options.default ?? [],
    unit: '',
    range: `a list of ${range}`,
    ...(choices !== undefined && { choices }),
  };
}

/** One item of a list, of a certain form. */
function item(range: string, pattern: RegExp): z.ZodType<string> {
  return z.string({ error: `expected ${range}` }).regex(pattern, `expected ${range}`);
}

function common({ help, perWatch = false }: Common): { help: string; perWatch: boolean } {
  return { help, perWatch };
}

function inUnit(unit: string): string {
  return unit === '' ? '' : ` (${unit})`;
}

const SEVERITIES = ['info', 'warning', 'high', 'critical'] as const;
/** `Ada <ada@example.org>` or `ada@example.org`; no line breaks, which would end a header. */
const MAILBOX = /^(?:[^<>\r\n\0]*<[^\s<>@,;]+@[^\s<>@,;]+>|[^\s<>@,;]+@[^\s<>@,;]+)$/;
const HOUR_RANGES = 'times of the day, as in 22:00-07:00 or sat+sun 00:00-24:00';
const MAINTENANCE = 'times, as in sun 02:00-04:00 or 2026-12-24T18:00/2026-12-26T08:00';

const LIMIT_ACTIONS = ['notify', 'restart', 'kill', 'lower_priority', 'suspend'] as const;

/** Every setting with its rule, default and help: the one list that the config file, the CLI and the window read. */
export const SETTINGS = {
  profile: choice({
    default: 'default',
    choices: ['default', 'classic'],
    help: 'What the other settings are where nothing else is said: `classic` acts on the first violation, with one restart window and no delays, by the older rules.',
  }),
  observe: flag({
    default: false,
    perWatch: true,
    help: 'Detects, logs and tells what would have been done, and touches nothing.',
  }),
  'limits.scope': choice({
    default: 'tree',
    choices: ['process', 'tree'],
    perWatch: true,
    help: 'Whether limits hold for the process alone or for it and all its descendants together.',
  }),
  'limits.violations': integer({
    default: 3,
    min: 1,
    max: 100,
    unit: 'readings',
    perWatch: true,
    help: 'So many of the last readings must be above a limit before anything is done.',
  }),
  'limits.samples': integer({
    default: 5,
    min: 1,
    max: 100,
    unit: 'readings',
    perWatch: true,
    help: 'The last readings that `limits.violations` counts in.',
  }),
  'limits.clearPercent': integer({
    default: 90,
    min: 1,
    max: 100,
    unit: '%',
    perWatch: true,
    help: 'A limit that was exceeded is clear again below this share of it.',
  }),
  'cpu.warnPercent': ceiling({
    min: 1,
    max: 100_000,
    unit: '% of one core',
    perWatch: true,
    help: 'CPU above which a warning is given.',
  }),
  'cpu.limitPercent': ceiling({
    min: 1,
    max: 100_000,
    unit: '% of one core',
    perWatch: true,
    help: 'CPU above which `cpu.action` is taken.',
  }),
  'cpu.action': choice({
    default: 'restart',
    choices: LIMIT_ACTIONS,
    perWatch: true,
    help: 'What is done about too much CPU.',
  }),
  'memory.warnBytes': ceiling({
    min: 1_000_000,
    max: 1e15,
    unit: 'bytes',
    perWatch: true,
    help: 'Resident memory above which a warning is given.',
  }),
  'memory.limitBytes': ceiling({
    min: 1_000_000,
    max: 1e15,
    unit: 'bytes',
    perWatch: true,
    help: 'Resident memory above which `memory.action` is taken.',
  }),
  'memory.action': choice({
    default: 'restart',
    choices: LIMIT_ACTIONS,
    perWatch: true,
    help: 'What is done about too much memory.',
  }),
  'threads.limit': ceiling({
    min: 1,
    max: 1_000_000,
    unit: 'threads',
    perWatch: true,
    help: 'Threads above which `threads.action` is taken.',
  }),
  'threads.action': choice({
    default: 'notify',
    choices: LIMIT_ACTIONS,
    perWatch: true,
    help: 'What is done about too many threads.',
  }),
  'openFiles.limit': ceiling({
    min: 1,
    max: 10_000_000,
    unit: 'files',
    perWatch: true,
    help: 'Open files above which `openFiles.action` is taken; only where the OS tells (Linux).',
  }),
  'openFiles.action': choice({
    default: 'notify',
    choices: LIMIT_ACTIONS,
    perWatch: true,
    help: 'What is done about too many open files.',
  }),
  'children.limit': ceiling({
    min: 1,
    max: 1_000_000,
    unit: 'processes',
    perWatch: true,
    help: 'Descendants above which `children.action` is taken.',
  }),
  'children.action': choice({
    default: 'notify',
    choices: LIMIT_ACTIONS,
    perWatch: true,
    help: 'What is done about too many descendants.',
  }),
  'zombie.action': choice({
    default: 'reap',
    choices: ['off', 'notify', 'reap', 'restart'],
    perWatch: true,
    help: 'What is done about a zombie below a watch: `reap` asks its parent (SIGCHLD), `restart` restarts the watch when that did not help.',
  }),
  'zombie.afterMs': integer({
    default: 30_000,
    min: 1000,
    max: 86_400_000,
    unit: 'ms',
    perWatch: true,
    help: 'How long a process must be a zombie.',
  }),
  'forkBomb.rule': choice({
    default: 'growth',
    choices: ['off', 'growth', 'classic'],
    perWatch: true,
    help: '`growth`: many descendants that multiply, or very many; `classic`: more than `forkBomb.maxDescendants`, which also hits large builds.',
  }),
  'forkBomb.action': choice({
    default: 'kill',
    choices: ['notify', 'kill'],
    perWatch: true,
    help: 'What is done about a fork bomb: `kill` freezes the whole tree and kills it at once.',
  }),
  'forkBomb.maxDescendants': integer({
    default: 50,
    min: 1,
    max: 100_000,
    unit: 'processes',
    perWatch: true,
    help: 'Up to this many descendants nothing is a fork bomb.',
  }),
  'forkBomb.ceiling': integer({
    default: 1000,
    min: 1,
    max: 1_000_000,
    unit: 'processes',
    perWatch: true,
    help: 'More descendants than this are a fork bomb however they came (rule `growth`).',
  }),
  'memoryLeak.rule': choice({
    default: 'trend',
    choices: ['off', 'trend', 'strict'],
    perWatch: true,
    help: '`trend`: the floor of the private memory rises steadily towards the limit; `strict`: the last 5 of 10 readings rise, which many healthy programs do.',
  }),
  'memoryLeak.action': choice({
    default: 'restart',
    choices: ['notify', 'restart', 'kill'],
    perWatch: true,
    help: 'What is done about a memory leak.',
  }),
  'memoryLeak.warmUpMs': integer({
    default: 60_000,
    min: 0,
    max: 86_400_000,
    unit: 'ms',
    perWatch: true,
    help: 'A younger process is not judged: every program grows while it starts (rule `trend`).',
  }),
  'memoryLeak.horizonMs': integer({
    default: 86_400_000,
    min: 60_000,
    max: 2_592_000_000,
    unit: 'ms',
    perWatch: true,
    help: 'Growth that would reach the limit only later than this is no leak (rule `trend`).',
  }),
  'cpuSpike.rule': choice({
    default: 'robust',
    choices: ['off', 'robust', 'classic'],
    perWatch: true,
    help: '`robust`: far above its own past for longer than its bursts last; `classic`: above 3 times the mean of the last readings and above 80 % of one core.',
  }),
  'cpuSpike.action': choice({
    default: 'notify',
    choices: ['notify', 'restart', 'kill'],
    perWatch: true,
    help: 'What is done about a CPU spike.',
  }),
  'cpuSpike.floorPercent': integer({
    default: 75,
    min: 1,
    max: 100_000,
    unit: '% of one core',
    perWatch: true,
    help: 'Below this no use of CPU is a spike (rule `robust`).',
  }),
  'cpuSpike.minRunMs': integer({
    default: 30_000,
    min: 1000,
    max: 86_400_000,
    unit: 'ms',
    perWatch: true,
    help: 'How long a spike must last at least (rule `robust`).',
  }),
  'restart.limit': integer({
    default: 5,
    min: 1,
    max: 1000,
    unit: 'restarts',
    perWatch: true,
    help: 'Automatic restarts allowed in `restart.windowMs`; the next one starts a cooldown.',
  }),
  'restart.windowMs': integer({
    default: 60_000,
    min: 1000,
    max: 86_400_000,
    unit: 'ms',
    perWatch: true,
    help: 'The time in which `restart.limit` counts.',
  }),
  'restart.mediumLimit': ceiling(
    {
      min: 1,
      max: 1000,
      unit: 'restarts',
      perWatch: true,
      help: 'Automatic restarts allowed in `restart.mediumWindowMs`: catches a program that lives for some seconds each time.',
    },
    10,
  ),
  'restart.mediumWindowMs': integer({
    default: 300_000,
    min: 1000,
    max: 86_400_000,
    unit: 'ms',
    perWatch: true,
    help: 'The time in which `restart.mediumLimit` counts.',
  }),
  'restart.longLimit': ceiling(
    {
      min: 1,
      max: 10_000,
      unit: 'restarts',
      perWatch: true,
      help: 'Automatic restarts allowed in `restart.longWindowMs`: catches slow loops.',
    },
    20,
  ),
  'restart.longWindowMs': integer({
    default: 3_600_000,
    min: 1000,
    max: 604_800_000,
    unit: 'ms',
    perWatch: true,
    help: 'The time in which `restart.longLimit` counts.',
  }),
  'restart.delays': flag({
    default: true,
    perWatch: true,
    help: 'Waits 1, 2, 4 and 8 s before the 2nd and later restarts in a row.',
  }),
  'cooldown.durationMs': integer({
    default: 120_000,
    min: 1000,
    max: 86_400_000,
    unit: 'ms',
    perWatch: true,
    help: 'How long a watch is not restarted after its budget was spent.',
  }),
  'cooldown.growth': flag({
    default: true,
    perWatch: true,
    help: 'Doubles the cooldown each time the budget is spent again without stable uptime between.',
  }),
  'cooldown.maxMs': integer({
    default: 3_600_000,
    min: 1000,
    max: 604_800_000,
    unit: 'ms',
    perWatch: true,
    help: 'The longest cooldown that growth leads to.',
  }),
  'cooldown.stableMs': integer({
    default: 600_000,
    min: 1000,
    max: 604_800_000,
    unit: 'ms',
    perWatch: true,
    help: 'Healthy time after which the next cooldown is a first one again.',
  }),
  'storm.restarts': integer({
    default: 20,
    min: 1,
    max: 10_000,
    unit: 'restarts',
    help: 'Automatic restarts in a minute over all watches, above which healing pauses.',
  }),
  'storm.pauseMs': integer({
    default: 300_000,
    min: 1000,
    max: 86_400_000,
    unit: 'ms',
    help: 'How long healing pauses after a storm of restarts; resetting all cooldowns ends it.',
  }),
  'sampling.intervalMs': integer({
    default: 2000,
    min: 500,
    max: 60_000,
    unit: 'ms',
    help: 'Time between two readings of all processes.',
  }),
  'start.graceMs': integer({
    perWatch: true,
    default: 10_000,
    min: 0,
    max: 600_000,
    unit: 'ms',
    help: 'Time after a start in which a process is not judged.',
  }),
  'stop.graceMs': integer({
    perWatch: true,
    default: 10_000,
    min: 0,
    max: 600_000,
    unit: 'ms',
    help: 'Time between asking a process to end (TERM) and ending it (KILL).',
  }),
  'heal.verifyMs': integer({
    perWatch: true,
    default: 10_000,
    min: 1000,
    max: 600_000,
    unit: 'ms',
    help: 'Time that a restarted program must stay alive until the heal counts as done.',
  }),
  'heal.healthyMs': integer({
    perWatch: true,
    default: 60_000,
    min: 1000,
    max: 3_600_000,
    unit: 'ms',
    help: 'Time without a crash after which the restart delay starts again from zero.',
  }),
  'heal.giveUpAfter': integer({
    perWatch: true,
    default: 50,
    min: 1,
    max: 10_000,
    unit: 'restarts',
    help: 'Restarts in a row that did not hold, after which a watch is left alone until it is started by hand.',
  }),
  'output.maxBytes': integer({
    default: 10_000_000,
    min: 10_000,
    max: 1_000_000_000,
    unit: 'bytes',
    help: "Size at which a watched program's output file is rotated.",
  }),
  'output.files': integer({
    default: 5,
    min: 1,
    max: 100,
    unit: 'files',
    help: 'Output files kept for each stream of a watched program, the current one included.',
  }),
  'healingLog.maxBytes': integer({
    default: 10_000_000,
    min: 10_000,
    max: 1_000_000_000,
    unit: 'bytes',
    help: 'Size at which healing.log is rotated.',
  }),
  'healingLog.files': integer({
    default: 5,
    min: 1,
    max: 100,
    unit: 'files',
    help: 'Files of healing.log kept, the current one included.',
  }),
  'history.sampleHours': integer({
    default: 24,
    min: 1,
    max: 8760,
    unit: 'hours',
    help: 'How long every reading of watched processes and of the machine is kept.',
  }),
  'history.minuteDays': integer({
    default: 7,
    min: 1,
    max: 365,
    unit: 'days',
    help: 'How long mean, lowest and highest reading of each minute are kept.',
  }),
  'history.quarterDays': integer({
    default: 365,
    min: 1,
    max: 3650,
    unit: 'days',
    help: 'How long mean, lowest and highest reading of each quarter of an hour are kept.',
  }),
  'history.eventDays': integer({
    default: 365,
    min: 1,
    max: 3650,
    unit: 'days',
    help: 'How long events are kept.',
  }),
  'history.tableHours': ceiling(
    {
      min: 1,
      max: 720,
      unit: 'hours',
      help: 'How long the whole process table is kept, as it was every 10 s and at each tick around an incident; none: it is not recorded.',
    },
    24,
  ),
  'history.maxBytes': integer({
    default: 500_000_000,
    min: 20_000_000,
    max: 100_000_000_000,
    unit: 'bytes',
    help: 'Size of history.db above which the oldest is removed sooner: first single readings, at last events.',
  }),
  'alerts.types': list<AlertType>({
    range: `event types (${ALERT_TYPES.join(', ')})`,
    default: STANDARD_ALERT_TYPES,
    item: z.enum(ALERT_TYPES, { error: `expected one of ${ALERT_TYPES.join(', ')}` }),
    choices: ALERT_TYPES,
    perWatch: true,
    help: 'What is told: events of these types.',
  }),
  'alerts.minSeverity': choice({
    default: 'info',
    choices: SEVERITIES,
    perWatch: true,
    help: 'Events below this severity begin no alert; how a story ends is told to whoever was told its beginning.',
  }),
  'alerts.settleMs': integer({
    default: 3000,
    min: 0,
    max: 600_000,
    unit: 'ms',
    help: 'How long the first alert of an incident waits for what is done about it, so that it can tell both.',
  }),
  'alerts.groupMs': integer({
    default: 30_000,
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    help: 'What happens within this time after an alert is told together in the next one.',
  }),
  'alerts.reminderMs': ceiling(
    {
      min: 60_000,
      max: 604_800_000,
      unit: 'ms',
      perWatch: true,
      help: 'How often an incident that goes on is told again, unless somebody has acknowledged it.',
    },
    14_400_000,
  ),
  'alerts.perWatchPerHour': ceiling(
    {
      min: 1,
      max: 1000,
      unit: 'messages',
      perWatch: true,
      help: 'Messages an hour to each recipient about one watch; the rest is folded into digests.',
    },
    6,
  ),
  'alerts.quietHours': list({
    range: HOUR_RANGES,
    item: item(HOUR_RANGES, /^(?:[a-z]{3}(?:[+-][a-z]{3})* )?\d\d:\d\d-\d\d:\d\d$/i),
    help: 'Local times in which alerts wait; one digest tells them afterwards.',
  }),
  'alerts.maintenance': list({
    range: MAINTENANCE,
    item: item(
      MAINTENANCE,
      /^(?:(?:[a-z]{3}(?:[+-][a-z]{3})* )?\d\d:\d\d-\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d\/\d{4}-\d\d-\d\dT\d\d:\d\d)$/i,
    ),
    perWatch: true,
    help: 'Local times in which nothing is told, since somebody works on it; the next message says how much was not.',
  }),
  'alerts.criticalBreaksThrough': flag({
    default: true,
    help: 'Critical alerts are sent in quiet hours, too, and when all alerts are snoozed.',
  }),
  'mail.enabled': flag({ default: true, help: 'Sends e-mail, once a server and a recipient are set.' }),
  'mail.host': text({
    range: 'the name of a mail server',
    pattern: /^[A-Za-z0-9._:[\]-]+$/,
    help: 'The mail server (SMTP).',
  }),
  'mail.port': ceiling({
    min: 1,
    max: 65_535,
    unit: '',
    help: 'The port of the mail server; none: 465 for `implicit`, 587 for `starttls`, 25 for `none`.',
  }),
  'mail.tls': choice({
    default: 'starttls',
    choices: ['starttls', 'implicit', 'none'],
    help: '`starttls`: encryption is asked for and insisted on; `implicit`: from the first byte; `none`: only on this machine, or with `mail.allowPlaintext`.',
  }),
  'mail.allowPlaintext': flag({
    default: false,
    help: 'Allows mail without encryption to another machine: everybody on the way can read mails and password.',
  }),
  'mail.caFile': text({
    range: 'the absolute path of a PEM file',
    pattern: /^(?:\/|[A-Za-z]:[\\/])[^\0\r\n]+$/,
    help: 'Certificates of an authority of your own that the mail server is checked against, too.',
  }),
  'mail.user': text({ range: 'a login name', help: 'Login at the mail server; its password is a secret.' }),
  'mail.from': text({ range: 'a mail address', pattern: MAILBOX, help: 'The sender of the mails.' }),
  'mail.to': list({
    range: 'mail addresses',
    item: item('a mail address, as in ada@example.org', MAILBOX),
    help: 'Who gets the mails; each address has an outbox and a limit of its own.',
  }),
  'mail.fallbackServers': list({
    range: 'servers, as in smtp://ada@mail.example.org:587 or smtps://mail.example.org',
    // A password here would be shown to every client and exported: it has a place of its own.
    item: item(
      'smtp:// or smtps://, a user without password and @ if there is one, a name, and a port',
      /^smtps?:\/\/(?:[^\s/?#:@]+@)?[^\s/?#@]+$/,
    ),
    max: 5,
    help: 'Mail servers that are tried in this order when the first can’t be reached; the password of each is a secret.',
  }),
  'mail.timeoutMs': integer({
    default: 20_000,
    min: 1000,
    max: 300_000,
    unit: 'ms',
    help: 'How long a mail server may say nothing before it is given up for this time.',
  }),
  'mail.perHour': integer({
    default: 10,
    min: 2,
    max: 1000,
    unit: 'mails',
    help: 'Never more mails than this in any hour to one recipient; the rest is folded into digests that account for every event.',
  }),
  'mail.subjectTemplate': text({
    range: 'a line with {{variables}}',
    help: 'The subject of mails; none: the one that comes with Healdeck.',
  }),
  'mail.textTemplate': text({
    range: 'a text with {{variables}}',
    max: 100_000,
    lines: true,
    help: 'The plain text of mails; none: the one that comes with Healdeck.',
  }),
  'mail.htmlTemplate': text({
    range: 'HTML with {{variables}}',
    max: 300_000,
    lines: true,
    help: 'The HTML of mails; none: the one that comes with Healdeck.',
  }),
  'desktop.enabled': flag({ default: true, help: 'Shows notifications of the desktop, where the app has a window.' }),
  'desktop.minSeverity': choice({
    default: 'warning',
    choices: SEVERITIES,
    help: 'Messages below this severity are not shown on the desktop.',
  }),
  'desktop.perHour': integer({
    default: 30,
    min: 2,
    max: 1000,
    unit: 'notifications',
    help: 'Never more notifications of the desktop than this in any hour.',
  }),
  'webhook.enabled': flag({
    default: true,
    help: 'Posts alerts to a web address, once the secret `webhook.url` is set.',
  }),
  'webhook.format': choice({
    default: 'json',
    choices: ['json', 'slack', 'discord', 'teams'],
    help: 'The body that is posted: Healdeck’s own JSON, or what a chat understands.',
  }),
  'webhook.timeoutMs': integer({
    default: 10_000,
    min: 1000,
    max: 120_000,
    unit: 'ms',
    help: 'How long the other side may take.',
  }),
  'webhook.perHour': integer({
    default: 60,
    min: 2,
    max: 10_000,
    unit: 'posts',
    help: 'Never more posts than this in any hour.',
  }),
  'command.argv': list({
    range: 'words: a program and its arguments',
    item: z.string({ error: 'expected a text' }).regex(/^[^\0]*$/, 'expected no NUL character'),
    help: 'A program that is run for each message, with the message as JSON on its standard input; no shell is between. Exit code 0 means delivered, 64 to 78 (but not 75), 126 and 127 that no further try helps; after any other it is run again later.',
  }),
  'command.timeoutMs': integer({
    default: 10_000,
    min: 1000,
    max: 600_000,
    unit: 'ms',
    help: 'How long the program may run before it is ended; what it leaves running in its process group is ended with it.',
  }),
  'command.perHour': integer({
    default: 60,
    min: 2,
    max: 10_000,
    unit: 'runs',
    help: 'Never more runs of the program than this in any hour.',
  }),
  'window.keepRunning': flag({
    default: true,
    help: 'Closing the window keeps Healdeck healing in the tray; false quits it.',
  }),
} as const;

export type SettingKey = keyof typeof SETTINGS;
export type Settings = {
  -readonly [K in SettingKey]: (typeof SETTINGS)[K] extends SettingDefinition<infer T> ? T : never;
};
/** The value of any setting. */
export type SettingValue = Settings[SettingKey];

export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];
export const settingKeySchema = z.enum(SETTING_KEYS as [SettingKey, ...SettingKey[]]);

/** The settings of a fresh installation. */
export const DEFAULT_SETTINGS = Object.fromEntries(SETTING_KEYS.map((key) => [key, SETTINGS[key].default])) as Settings;

/** What the profile `classic` sets otherwise: the rules of the older set-up, for those who counted on them. */
const CLASSIC: Partial<Settings> = {
  profile: 'classic',
  'limits.violations': 1,
  'limits.samples': 1,
  'restart.mediumLimit': null,
  'restart.longLimit': null,
  'restart.delays': false,
  'cooldown.growth': false,
  'forkBomb.rule': 'classic',
  'memoryLeak.rule': 'strict',
  'cpuSpike.rule': 'classic',
};

/** Only what somebody has set; unknown keys are errors. */
export const settingsOverridesSchema = overridesSchema(SETTING_KEYS);

/** The settings that a watch may have of its own. */
export const WATCH_SETTING_KEYS = SETTING_KEYS.filter((key) => SETTINGS[key].perWatch);
export const watchOverridesSchema = overridesSchema(WATCH_SETTING_KEYS);

/** The settings in force: those of the profile, and over them layer by layer what was set. */
export function resolveSettings(...layers: readonly Partial<Settings>[]): Settings {
  const profile = layers.findLast((layer) => layer.profile !== undefined)?.profile ?? 'default';
  return Object.assign({ ...DEFAULT_SETTINGS }, profile === 'classic' ? CLASSIC : {}, ...layers) as Settings;
}

/** The overrides with one more; a value that the profile has anyway is none. */
export function withOverride(overrides: Partial<Settings>, key: SettingKey, value: SettingValue): Partial<Settings> {
  const { [key]: _, ...others } = overrides;
  const standard = key === 'profile' ? DEFAULT_SETTINGS : resolveSettings({ profile: overrides.profile ?? 'default' });
  return sameValue(standard[key], value) ? (others as Partial<Settings>) : { ...others, [key]: value };
}

/** Whether two values of a setting are the same; lists are by what is in them. */
export function sameValue(one: SettingValue, other: SettingValue): boolean {
  return one === other || (Array.isArray(one) && JSON.stringify(one) === JSON.stringify(other));
}

/** What is wrong between settings that are each fine alone; empty when nothing is. */
export function conflictsOf(settings: Settings): readonly string[] {
  const problems: string[] = [];
  if (settings['limits.violations'] > settings['limits.samples']) {
    problems.push(
      `limits.violations: expected at most limits.samples (${settings['limits.samples']}), got ${settings['limits.violations']}: the window could never fill`,
    );
  }
  for (const [warn, act] of [
    ['cpu.warnPercent', 'cpu.limitPercent'],
    ['memory.warnBytes', 'memory.limitBytes'],
  ] as const) {
    const [low, high] = [settings[warn], settings[act]];
    if (low !== null && high !== null && low > high) {
      problems.push(`${warn}: expected at most ${act} (${high} ${SETTINGS[act].unit}), got ${low}`);
    }
  }
  if (settings['cooldown.maxMs'] < settings['cooldown.durationMs']) {
    problems.push(
      `cooldown.maxMs: expected at least cooldown.durationMs (${settings['cooldown.durationMs']} ms), got ${settings['cooldown.maxMs']} ms`,
    );
  }
  for (const part of ['subject', 'text', 'html'] as const) {
    const key = `mail.${part}Template` as const;
    problems.push(...templateProblems(part, settings[key] ?? '').map((problem) => `${key}: ${problem}`));
  }
  return problems;
}

function overridesSchema(keys: readonly SettingKey[]): z.ZodType<Partial<Settings>> {
  const shape = Object.fromEntries(keys.map((key) => [key, (SETTINGS[key].schema as z.ZodType).optional()]));
  return z.strictObject(shape, {
    // Undefined leaves all other faults to the text that zod has for them.
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys as readonly string[]) : undefined),
  }) as unknown as z.ZodType<Partial<Settings>>;
}

function unknownKeys(keys: readonly string[]): string {
  return keys
    .map((key) =>
      (SETTING_KEYS as readonly string[]).includes(key)
        ? `${key} holds for all watches, it can't be set for one`
        : `no setting is called ${JSON.stringify(key)}`,
    )
    .join('; ');
}
