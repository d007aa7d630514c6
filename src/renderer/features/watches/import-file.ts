import { parsePortableConfig } from '../../../shared/import/portable-config';
import { parseProcessList } from '../../../shared/import/process-list';
import { portableConfigSchema, type PortableConfig } from '../../../shared/model/portable';

/** What a chosen file is, or what is wrong with it, line by line. */
export type ImportFile =
  | { ok: true; kind: 'configuration' | 'process-list'; file: PortableConfig }
  | { ok: false; kind: 'configuration' | 'process-list'; problems: readonly string[] };

/** Reads a file of either kind: an exported configuration is JSON, anything else is a list of programs. */
export function readImportFile(text: string): ImportFile {
  if (/^\ufeff?\s*[{[]/.test(text)) return { kind: 'configuration', ...parsePortableConfig(text) };
  const list = parseProcessList(text);
  if (!list.ok) return { kind: 'process-list', ...list };
  const file = { healdeck: 'configuration', version: 1, settings: {}, watches: list.specs, leftOut: [] };
  return { ok: true, kind: 'process-list', file: portableConfigSchema.parse(file) };
}
