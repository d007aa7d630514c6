import { z } from 'zod';
import { parseNumberRanges } from '../lib/text/number-ranges';
import { isSecretName } from '../lib/process/secret-names';
import { argvSchema } from './argv';

/** How a program is checked from outside, beside its living. */

export const PROBE_ROLES = ['startup', 'readiness', 'liveness'] as const;
/**
 * What a probe decides. `startup`: while it has not passed, the others wait, and a program that never passes it has failed to
 * start; `readiness`: whether the program serves; `liveness`: a program that fails it is restarted.
 */
export type ProbeRole = (typeof PROBE_ROLES)[number];

/** The methods that a probe may ask with. */
export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

export const PROBE_LIMITS = {
  maxProbes: 16,
  minIntervalMs: 100,
  maxIntervalMs: 86_400_000,
  maxTimeoutMs: 600_000,
  maxAttempts: 100,
} as const;

/** The name of a secret of probes, as an expression: `probe.` and a word. */
export const PROBE_SECRET = 'probe\\.[a-z0-9][a-z0-9_-]{0,62}';

export const probeSecretNameSchema = z
  .string()
  .regex(
    new RegExp(`^${PROBE_SECRET}$`),
    'expected the name of a secret such as probe.token: probe. and lower-case letters, digits, - or _',
  );

const NOT_A_HEADER = 'expected the name of a header';
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/, NOT_A_HEADER);
const headerText = z
  .string()
  .max(4096)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'expected a value without line breaks or characters outside of Latin-1');

/** The value of a header: as it stands, or from a secret that is sent to the address of the probe and shown to nobody. */
export const headerValueSchema = z.union([headerText, z.strictObject({ secret: probeSecretNameSchema })]);
export type HeaderValue = z.infer<typeof headerValueSchema>;

const httpUrl = z
  .string()
  .max(2000)
  .superRefine((text, context) => {
    const problem = urlProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

/** A port may be a sum with the number of an instance. */
const ADDRESS =
  /^https?:\/\/(?:\[[0-9a-f:.]+\]|[^\s/?#@:[\]]+)(?::(?:\d{1,5}|\d{0,4}\{instance\}|\{\d{1,5}\+instance\}))?(?:[/?#]\S*)?$/i;

/** Why this is no address that a probe can ask, or null. */
function urlProblem(text: string): string | null {
  if (/^https?:\/\/[^/?#]*@/i.test(text)) {
    return 'expected an address without user name and password: store them as a secret (healdeck secrets set probe.NAME) and send that as a header';
  }
  if (ADDRESS.test(text)) return null;
  return 'expected an address such as http://127.0.0.1:8080/health, beginning with http:// or https://';
}

const absolutePath = z
  .string()
  .max(4096)
  .regex(/^\/[^\0]*$/, 'expected an absolute path');

const pattern = z.string().min(1, 'expected a pattern').max(1000, 'expected at most 1000 characters');

const ageMs = z.number().int().min(100).max(PROBE_LIMITS.maxIntervalMs);

/** What a probe asks. */
export const probeCheckSchema = z.discriminatedUnion('kind', [
  /** A request over HTTP or HTTPS, with at most five redirects. */
  z.strictObject({
    kind: z.literal('http'),
    url: httpUrl,
    /** Connect to this unix socket instead of the host of the address. */
    socketPath: absolutePath.nullable().default(null),
    method: z.enum(HTTP_METHODS).default('GET'),
    headers: z
      .record(headerName, headerValueSchema)
      .default({})
      .superRefine((headers, context) => {
        for (const [name, value] of Object.entries(headers)) {
          if (typeof value !== 'string' || !isSecretHeader(name)) continue;
          const message = `expected the value of ${name} to be a secret, as in ${name}: probe.token`;
          context.addIssue({ code: 'custom', path: [name], message });
        }
      }),
    /** Statuses that pass, as in `200-399` or `200,204`. */
    statuses: z
      .string()
      .max(200)
      .default('200-399')
      .refine((text) => parseNumberRanges(text) !== null, 'expected statuses such as 200-399 or 200,204'),
    /** RE2 expression that the beginning of the body must match; null: any body passes. */
    body: pattern.nullable().default(null),
    /** It fails so many days before its certificate expires; null: once it has expired. HTTPS only. */
    certificateDays: z.number().int().min(0).max(3650).nullable().default(null),
    /** Path of a file with the certificates that are trusted, in PEM; null: those of the system. */
    caFile: absolutePath.nullable().default(null),
  }),
  /** A connection to a port or unix socket, closed at once. */
  z
    .strictObject({
      kind: z.literal('tcp'),
      host: z.string().min(1, 'expected a host').max(255).default('127.0.0.1'),
      port: z.number().int().min(1).max(65_535).nullable().default(null),
      /** The number of the instance is added to the port. */
      plusInstance: z.literal(true).optional(),
      /** null: the host and port. */
      socketPath: absolutePath.nullable().default(null),
    })
    .refine(
      ({ port, socketPath }) => (port === null) !== (socketPath === null),
      'expected either a port or the path of a unix socket',
    ),
  /** A program that passes with exit code 0. It runs as the user of the watch, with the variables and in the directory of its command. */
  z.strictObject({ kind: z.literal('command'), argv: argvSchema }),
  /** A line that the program writes since its start. `healthy`: it passes once the line was seen; `unhealthy`: each new one fails it. */
  z.strictObject({ kind: z.literal('log'), pattern, means: z.enum(['healthy', 'unhealthy']) }),
  /** A file that the program touches: it fails when that was longer ago. */
  z.strictObject({ kind: z.literal('heartbeat'), path: absolutePath, maxAgeMs: ageMs }),
  /** It fails when the program has written nothing for so long. */
  z.strictObject({ kind: z.literal('silence'), maxAgeMs: ageMs }),
  /**
   * What the program reports itself over sd_notify(3): with null that it is ready (`READY=1`), else that it lives (`WATCHDOG=1`), at least
   * so often.
   */
  z.strictObject({ kind: z.literal('notify'), maxAgeMs: ageMs.nullable().default(null) }),
]);
export type ProbeCheck = z.infer<typeof probeCheckSchema>;
export type ProbeKind = ProbeCheck['kind'];

/** Whether a header usually carries a secret: it has to come from one. */
function isSecretHeader(name: string): boolean {
  return /^(?:proxy-)?authorization$|^cookie$/i.test(name) || isSecretName(name);
}

/** The word that a probe is called by: unique within its watch. */
export const probeNameSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,62}$/u,
    'expected 1 to 63 letters, digits or . _ -, starting with a letter or digit',
  );

export const probeSchema = z
  .strictObject({
    name: probeNameSchema,
    role: z.enum(PROBE_ROLES).default('liveness'),
    check: probeCheckSchema,
    intervalMs: z.number().int().min(PROBE_LIMITS.minIntervalMs).max(PROBE_LIMITS.maxIntervalMs).default(10_000),
    timeoutMs: z.number().int().min(10).max(PROBE_LIMITS.maxTimeoutMs).default(2000),
    /** It is failing once so many of the last `of` attempts have failed, in a row or not. */
    failures: z.number().int().min(1).max(PROBE_LIMITS.maxAttempts).default(3),
    of: z.number().int().min(1).max(PROBE_LIMITS.maxAttempts).default(5),
    /** It passes again once so many attempts in a row have passed. */
    successes: z.number().int().min(1).max(PROBE_LIMITS.maxAttempts).default(1),
  })
  .refine(({ role, check }) => check.kind !== 'notify' || (check.maxAgeMs !== null) === (role === 'liveness'), {
    path: ['check', 'maxAgeMs'],
    error:
      'expected a longest time between two WATCHDOG=1 for a liveness probe, and none for the other roles, which wait for READY=1',
  })
  .refine(({ failures, of }) => failures <= of, {
    path: ['failures'],
    error: 'expected at most as many failures as attempts, as in 3 of 5',
  });
export type Probe = z.infer<typeof probeSchema>;
export type ProbeInput = z.input<typeof probeSchema>;

/** The probes of a watch. */
export const probesSchema = z
  .array(probeSchema)
  .max(PROBE_LIMITS.maxProbes, `expected at most ${PROBE_LIMITS.maxProbes} probes`)
  .superRefine((probes, context) => {
    const seen = new Set<string>();
    probes.forEach(({ name }, at) => {
      const key = name.toLowerCase();
      if (seen.has(key)) {
        context.addIssue({
          code: 'custom',
          path: [at, 'name'],
          message: `expected another name: there is a probe ${name} already`,
        });
      }
      seen.add(key);
    });
  });

/** One attempt of a probe. */
export interface ProbeAttempt {
  /** When it began; wall time, ms since the epoch. */
  at: number;
  passed: boolean;
  /** The answer, for people. */
  words: string;
  latencyMs: number;
  /** It failed on a starved machine, and counts half. Absent: it counts. */
  starved?: true;
  /** It says nothing about the program, and does not count. */
  uncounted?: true;
}

/** What came of a probe that was tried. */
export type ProbeTrialResult = Pick<ProbeAttempt, 'passed' | 'words' | 'latencyMs'>;

/** A probe of a watch as it stands. */
export interface ProbeStatus {
  name: string;
  role: ProbeRole;
  /**
   * `idle`: it asks nothing now, since the program does not run or another probe comes first; `unknown`: it has not decided yet;
   * `done`: a startup probe that has passed.
   */
  state: 'idle' | 'unknown' | 'passing' | 'failing' | 'done';
  /** The newest ones of this run of the program, oldest first. */
  attempts: readonly ProbeAttempt[];
}
