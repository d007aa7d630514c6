import { Alert } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { ofOneCore } from '../../../shared/lib/format/of-one-core';
import { formatBytes, formatInstant, formatPercent, formatSpan } from '../../format/format';
import { useApp, useUiState } from '../../hooks/use-app';
import { useCores } from '../../hooks/use-cores';
import { useLast } from '../../hooks/use-last';
import { useWatchNames } from '../../hooks/use-watch-names';
import type { UiState } from '../../store/ui';
import { Clip, Whole } from '../../kit/Clip';
import { Facts, Section } from '../../kit/Facts';
import { SideDrawer } from '../../kit/SideDrawer';
import { CommandLine } from './CommandLine';
import { endedAt } from './rows';

/** One process as it was at a moment of the past: to be read only. */
export function PastProcessDrawer() {
  const { ui } = useApp();
  const opened = useUiState((state) => state.pastProcess);
  const past = useLast(opened);
  const title = past === null ? '' : `${past.row.name}, pid ${past.row.pid}`;
  return (
    <SideDrawer opened={opened !== null} title={<Clip text={title} />} onClose={() => ui.show({ pastProcess: null })}>
      {past === null ? null : <Details {...past} />}
    </SideDrawer>
  );
}

function Details({ row, at }: NonNullable<UiState['pastProcess']>) {
  const watchNames = useWatchNames();
  const cores = useCores();
  const ended = endedAt(row);
  return (
    <>
      <Alert color="blue" icon={<IconHistory aria-hidden="true" />}>
        As it was at {formatInstant(at, 'second')}.
      </Alert>
      <Section title="Then">
        <Facts
          items={[
            ['CPU', `${formatPercent(row.cpuPercent)} ${ofOneCore(row.cpuPercent, cores, formatPercent)}`],
            ['Memory', `${formatBytes(row.rssBytes)} resident`],
            ['Threads', row.threads],
            ['State', ended === null ? row.state.replace('_', ' ') : `ended at ${formatInstant(ended, 'second')}`],
            ['Uptime', formatSpan((ended ?? at) - row.startedAt)],
            ['Watch', row.watchId === null ? 'none' : (watchNames.get(row.watchId) ?? 'a removed watch')],
          ]}
        />
      </Section>
      <Section title="Program">
        <Facts
          items={[
            ['Name', <Whole key="name" text={row.name} />],
            ['Command line', <CommandLine key="argv" argv={row.argv} />],
            ['User', row.user],
            ['Parent', row.ppid],
            ['Started', formatInstant(row.startedAt, 'second')],
          ]}
        />
      </Section>
    </>
  );
}
