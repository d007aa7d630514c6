import { escapeUnprintable } from '../../shared/lib/escape';
import type { ImportReport, LeftOutVariable } from '../../shared/model/portable';
import { shownValue } from '../../shared/lib/shown-value';

/** What an import has changed, or would change, a line for each thing. */
export function importText(report: ImportReport): string {
  const { applied, added, replaced, kept, unchanged, settings, keptSettings, toFill } = report;
  const lines = [
    ...settings.map(({ key, before, after }) => `${key}: ${shownValue(key, before)} → ${shownValue(key, after)}`),
    ...watchesLine('added', added),
    ...watchesLine('replaced', replaced),
    ...watchesLine('kept as here', kept),
    ...watchesLine('the same already', unchanged),
    ...(keptSettings.length === 0 ? [] : [`settings kept as here: ${keptSettings.join(', ')}`]),
    ...toFill.map(
      ({ watch, variable }) =>
        `${watch}: ${variable} is empty, its value is not in the file: healdeck edit ${watch} --env ${variable}=VALUE`,
    ),
    applied ? 'Imported.' : 'Nothing was changed.',
  ];
  return lines.map((line) => `${escapeUnprintable(line)}\n`).join('');
}

/** Variables by watch: `web: API_KEY, TOKEN`. */
export function variablesText(leftOut: readonly LeftOutVariable[]): readonly string[] {
  const names = [...new Set(leftOut.map(({ watch }) => watch))];
  return names.map((name) => {
    const variables = leftOut.filter(({ watch }) => watch === name).map(({ variable }) => variable);
    return `${name}: ${variables.join(', ')}`;
  });
}

function watchesLine(what: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  return [`${names.length === 1 ? 'watch' : 'watches'} ${what}: ${names.join(', ')}`];
}
