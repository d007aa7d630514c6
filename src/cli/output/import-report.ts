import { escapeUnprintable } from '../../shared/lib/text/escape';
import { leftOutName, sharedProgramText, type ImportReport, type LeftOut } from '../../shared/model/portable';
import { shownValue } from '../../shared/lib/events/shown-value';
import { pluralNoun } from '../../shared/lib/format/values';

/** What an import has changed, or would change, a line for each thing. */
export function importText(report: ImportReport): string {
  const { applied, added, replaced, kept, unchanged, settings, keptSettings, toFill, keptElsewhere } = report;
  const lines = [
    ...settings.map(({ key, before, after }) => `${key}: ${shownValue(key, before)} → ${shownValue(key, after)}`),
    ...watchesLine('added', added),
    ...watchesLine('replaced', replaced),
    ...watchesLine('kept', kept),
    ...watchesLine('unchanged', unchanged),
    ...(keptSettings.length === 0 ? [] : [`settings kept: ${keptSettings.join(', ')}`]),
    ...toFill.map((left) => {
      const how = 'variable' in left ? `--env ${left.variable}=VALUE` : '-- COMMAND';
      return `${left.watch}: ${leftOutName(left)} has no value, since the file does not contain it; set it with: healdeck edit ${left.watch} ${how}`;
    }),
    ...keptElsewhere.map(sharedProgramText),
    applied ? 'Imported.' : 'Nothing was changed.',
  ];
  return lines.map((line) => `${escapeUnprintable(line)}\n`).join('');
}

/** What is left out, by watch: `web: API_KEY, argument 3`. */
export function leftOutTexts(leftOut: readonly LeftOut[]): readonly string[] {
  const names = [...new Set(leftOut.map(({ watch }) => watch))];
  return names.map((name) => {
    const parts = leftOut.filter(({ watch }) => watch === name).map(leftOutName);
    return `${name}: ${parts.join(', ')}`;
  });
}

function watchesLine(what: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  return [`${pluralNoun(names.length, 'watch', 'watches')} ${what}: ${names.join(', ')}`];
}
