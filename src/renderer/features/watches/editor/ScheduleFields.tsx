import { Stack, Textarea, TextInput } from '@mantine/core';
import { machineTimeZone } from '../../../../shared/lib/format/local-time';
import { nextRunsText } from '../../../drafts/schedule-draft';
import input from '../../../form/SettingInput.module.css';
import { useAppState } from '../../../hooks/use-app';
import { useNowEvery } from '../../../hooks/use-now';
import type { Editor } from './use-editor';

/** When it is started or restarted by the clock, or because of a change. */
export function ScheduleFields({ editor }: { editor: Editor }) {
  const { form, field } = editor;
  const { startCron, startZone, restartCron, restartZone } = form.values.schedule;
  const zone = useAppState((state) => state.live.engine?.timeZone) ?? machineTimeZone();
  const now = useNowEvery(1000);
  const zoneHelp = `IANA name such as Europe/Berlin; empty: that of the machine, ${zone}`;
  const startHelp =
    'Five fields, as in 30 2 * * *: it is started then and expected to end; empty: it runs all the time';
  const restartHelp = 'Five fields, as in 0 4 * * SUN: it is restarted then, while it runs; empty: never';
  return (
    <Stack gap="md">
      <TextInput
        label="Start at (cron)"
        spellCheck={false}
        autoComplete="off"
        {...field('schedule.startCron', nextRunsText(startCron, startZone, zone, now) ?? startHelp)}
      />
      <TextInput
        label="Time zone of the starts"
        spellCheck={false}
        autoComplete="off"
        {...field('schedule.startZone', zoneHelp)}
      />
      <TextInput
        label="Restart at (cron)"
        spellCheck={false}
        autoComplete="off"
        {...field('schedule.restartCron', nextRunsText(restartCron, restartZone, zone, now) ?? restartHelp)}
      />
      <TextInput
        label="Time zone of the restarts"
        spellCheck={false}
        autoComplete="off"
        {...field('schedule.restartZone', zoneHelp)}
      />
      <TextInput
        label="Maximum uptime"
        placeholder="24h"
        spellCheck={false}
        autoComplete="off"
        {...field('schedule.maxUptime', 'It is restarted once it has run for so long, give or take 10 %; empty: never')}
      />
      <Textarea
        label="Restart on change of"
        placeholder={'/srv/app/app.conf\n/srv/app/release'}
        autosize
        minRows={2}
        maxRows={6}
        spellCheck={false}
        classNames={{ input: input.code ?? '' }}
        {...field('schedule.paths', 'One absolute path a line; of a directory, also the files directly in it')}
      />
    </Stack>
  );
}
