import { dependencyText } from '../../../../shared/lib/text/dependency-text';
import type { Settings } from '../../../../shared/model/settings';
import type { WatchStatus } from '../../../../shared/model/snapshot';
import { startCommandOf, type Watch } from '../../../../shared/model/watch';
import type { Schedule } from '../../../../shared/model/schedule';
import { schedulePartTexts } from '../../../../shared/lib/format/schedule-words';
import { formatArgv } from '../../../../shared/lib/text/argv';
import { formatEnvLines } from '../../../drafts/env-lines';
import { showSetting } from '../../../drafts/setting-fields';
import { SETTING_FIELDS } from '../../../drafts/settings-groups';
import { Whole } from '../../../kit/Clip';
import table from '../../../kit/DataTable.module.css';
import { Facts, Section } from '../../../kit/Facts';
import { presentPolicy, presentTarget } from '../../../words/present-watch';

/** What a watch looks after, and how: all that the editor changes. */
export function Definition({ status }: { status: WatchStatus }) {
  const { watch } = status;
  const target = presentTarget(watch.target);
  const command = startCommandOf(watch.target);
  const env = command === null ? '' : formatEnvLines(command.env, command.hiddenEnv);
  return (
    <Section title="Definition">
      <Facts
        items={[
          ['Groups', watch.groups.join(', ') || 'none'],
          ['Starts after', watch.after.map(dependencyText).join(', ') || 'nothing'],
          [target.kind, <Whole key="target" text={target.text} code />],
          ...(watch.target.kind === 'forbidden' ? ([['User', watch.target.user ?? "Healdeck's own"]] as const) : []),
          ...(watch.target.kind === 'match'
            ? ([
                ['User', watch.target.user ?? 'anyone'],
                [
                  'Start command',
                  command === null ? 'none: only watched' : <Whole key="start" text={formatArgv(command.argv)} code />,
                ],
              ] as const)
            : []),
          ...(command === null
            ? []
            : ([
                ['Directory', <Whole key="cwd" text={command.cwd} code />],
                [
                  'Environment',
                  env === '' ? (
                    'nothing added'
                  ) : (
                    <span key="env">
                      {env.split('\n').map((line) => (
                        <Whole key={line} text={line} code />
                      ))}
                    </span>
                  ),
                ],
                ['Run as', command.user ?? "the engine's user"],
              ] as const)),
          ...(watch.target.kind === 'forbidden' ? [] : factsOfRun(watch)),
          ['Own settings', <OwnSettings key="own" overrides={watch.overrides} />],
          ['Revision', `${watch.revision}`],
        ]}
      />
    </Section>
  );
}

/** What only a program that is to run has. */
function factsOfRun(watch: Watch) {
  return [
    ['Restart', presentPolicy(watch)],
    [
      'Clean exits',
      [...watch.success.exitCodes.map((code) => `code ${code}`), ...watch.success.signals].join(', ') || 'none',
    ],
    ['At engine start', watch.autostart ? 'started' : 'left stopped'],
    ['Schedule', <ScheduleParts key="schedule" schedule={watch.schedule} />],
  ] as const;
}

function ScheduleParts({ schedule }: { schedule: Schedule | null }) {
  const parts = Object.entries(schedulePartTexts(schedule)).filter(([, text]) => text !== null);
  if (parts.length === 0) return 'none';
  return (
    <ul className={table.plainList}>
      {parts.map(([part, text]) => (
        <li key={part}>
          {part}: {text}
        </li>
      ))}
    </ul>
  );
}

function OwnSettings({ overrides }: { overrides: Partial<Settings> }) {
  const own = SETTING_FIELDS.filter(({ key }) => overrides[key] !== undefined);
  if (own.length === 0) return 'none: as for all watches';
  return (
    <ul className={table.plainList}>
      {own.map(({ key, label }) => (
        <li key={key}>
          {label}: {showSetting(key, overrides[key] ?? null)}
        </li>
      ))}
    </ul>
  );
}
