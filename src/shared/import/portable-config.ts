import { withoutByteOrderMark } from '../lib/text/byte-order-mark';
import { jsonErrorPosition, jsonPathLine } from '../lib/text/json-position';
import { portableConfigSchema, type PortableConfig } from '../model/portable';

/** An exported configuration, or what is wrong with the file, each with its line. */
export type ParsedPortable = { ok: true; file: PortableConfig } | { ok: false; problems: readonly string[] };

/** Reads what `healdeck export` has written. */
export function parsePortableConfig(text: string): ParsedPortable {
  const content = withoutByteOrderMark(text);
  const position = jsonErrorPosition(content);
  if (position !== null) {
    return { ok: false, problems: [`line ${position.line}, column ${position.column}: not valid JSON`] };
  }
  const parsed = portableConfigSchema.safeParse(JSON.parse(content));
  if (parsed.success) return { ok: true, file: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map(({ path, message }) => {
      const where = path.map(String).join('.');
      return `line ${jsonPathLine(content, path)}: ${where === '' ? '' : `${where}: `}${message}`;
    }),
  };
}
