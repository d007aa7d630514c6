import { withoutByteOrderMark } from '../../../shared/lib/text/byte-order-mark';
import { jsonErrorPosition } from '../../../shared/lib/text/json-position';
import { CONFIG_VERSION, configSchema, type Config } from '../../../shared/model/config';
import { conflictsOf, resolveSettings } from '../../../shared/model/settings';
import { issuesText } from '../files/schema-issues';

/** config.json was written for another version of Healdeck. It was not touched; the engine does not start. */
export class ConfigVersionError extends Error {
  override readonly name = 'ConfigVersionError';
  constructor(
    readonly found: number,
    path: string,
  ) {
    super(
      `config.json has version ${found}, this Healdeck reads version ${CONFIG_VERSION}: use the version of Healdeck that wrote it, ` +
        `or another --data-dir. The file ${path} was not changed.`,
    );
  }
}

/** The content of a config file. Throws ConfigVersionError, or an error with the place and what was expected. */
export function parseConfig(content: string, path: string): Config {
  const text = withoutByteOrderMark(content);
  const position = jsonErrorPosition(text);
  if (position !== null) throw new Error(`line ${position.line}, column ${position.column}: not valid JSON`);
  const value: unknown = JSON.parse(text);
  const version = typeof value === 'object' && value !== null ? (value as { version?: unknown }).version : undefined;
  if (typeof version === 'number' && version !== CONFIG_VERSION) throw new ConfigVersionError(version, path);
  const parsed = configSchema.safeParse(withoutOldFields(value));
  if (!parsed.success) throw new Error(issuesText(parsed.error, text));
  return parsed.data;
}

/** Before watches had settings of their own, one of these settings was a field: such files stay good. */
function withoutOldFields(content: unknown): unknown {
  if (!isRecord(content) || !Array.isArray(content['watches'])) return content;
  const watches = content['watches'].map((watch: unknown) => {
    if (!isRecord(watch) || !('stopGraceMs' in watch)) return watch;
    const { stopGraceMs, ...others } = watch;
    const overrides = isRecord(others['overrides']) ? others['overrides'] : {};
    return { ...others, overrides: stopGraceMs === null ? overrides : { 'stop.graceMs': stopGraceMs, ...overrides } };
  });
  return { ...content, watches };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What contradicts itself in a configuration whose values are each fine alone; empty when nothing does. */
export function configConflicts({ settings, watches }: Config): readonly string[] {
  const general = conflictsOf(resolveSettings(settings));
  const own = watches.flatMap((watch) =>
    conflictsOf(resolveSettings(settings, watch.overrides))
      // What holds for all is reported once.
      .filter((problem) => !general.includes(problem))
      .map((problem) => `watch "${watch.name}": ${problem}`),
  );
  return [...general, ...own];
}
