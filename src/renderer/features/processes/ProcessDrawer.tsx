import { Alert, Anchor, Button, Group, Skeleton } from '@mantine/core';
import { IconHeartbeat, IconInfoCircle, IconLock, IconPlayerStop, IconSkull } from '@tabler/icons-react';
import {
  identityKey,
  type ProcessDetails,
  type ProcessIdentity,
  type ProcessRow,
  type Relative,
} from '../../../shared/model/process';
import { ofOneCore } from '../../../shared/lib/format/of-one-core';
import { formatBytes, formatInstant, formatPercent } from '../../format/format';
import { useAnswer } from '../../hooks/use-answer';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { useCores } from '../../hooks/use-cores';
import { useLast } from '../../hooks/use-last';
import { sentence } from '../../format/sentence';
import { rem } from '../../format/text-scale';
import { navigate, useTab } from '../../hooks/use-route';
import { draftFromProcess } from '../../drafts/watch-draft';
import { Clip, Whole } from '../../kit/Clip';
import { Facts, Section } from '../../kit/Facts';
import { SideDrawer } from '../../kit/SideDrawer';
import { Since } from '../../kit/times';
import { CommandLine } from './CommandLine';
import { ProcessCharts } from './ProcessCharts';
import classes from './ProcessDrawer.module.css';

/** One process, whole: what it is, where it comes from, and how to watch it. */
export function ProcessDrawer() {
  const { ui } = useApp();
  const opened = useUiState((state) => state.process);
  const identity = useLast(opened);
  const row = useAppState((state) => (identity === null ? undefined : state.processes.rows.get(identityKey(identity))));
  const title = identity === null ? '' : `${row?.name ?? 'Process'}, pid ${identity.pid}`;
  return (
    <SideDrawer opened={opened !== null} title={<Clip text={title} />} onClose={() => ui.show({ process: null })}>
      {identity === null ? null : <Details key={identityKey(identity)} identity={identity} row={row} />}
    </SideDrawer>
  );
}

function Details({ identity, row }: { identity: ProcessIdentity; row: ProcessRow | undefined }) {
  const cores = useCores();
  const answer = useAnswer(identityKey(identity), (client, signal) => client.processes.describe(identity, { signal }));
  if (answer.kind === 'asking') return <Skeleton height={260} aria-label="Reading the process" />;
  if (answer.kind === 'failed') {
    return (
      <Alert color="yellow" icon={<IconInfoCircle aria-hidden="true" />} title="Nothing to show">
        {answer.failure.message}
      </Alert>
    );
  }
  const details = answer.value;
  const now = row ?? details;
  return (
    <>
      {row === undefined ? (
        <Alert color="gray" icon={<IconInfoCircle aria-hidden="true" />}>
          This process has ended. Its last known details are shown below.
        </Alert>
      ) : null}
      <Group gap={8} align="flex-start">
        <WatchThis details={details} watchId={now.watchId} />
        {row === undefined ? null : <EndButtons row={row} />}
      </Group>
      <Section title="Now">
        <Facts
          items={[
            ['CPU', `${formatPercent(now.cpuPercent)} ${ofOneCore(now.cpuPercent, cores, formatPercent)}`],
            ['Memory', `${formatBytes(now.rssBytes)} resident`],
            ['Threads', now.threads],
            ['Open files', details.openFiles ?? unreadable],
            ['State', now.state.replace('_', ' ')],
            ['Uptime', <Since key="since" at={now.startedAt} />],
          ]}
        />
      </Section>
      {row === undefined ? null : <ProcessCharts identity={identity} now={row} />}
      <Section title="Program">
        <Facts
          items={[
            ['Name', <Whole key="name" text={details.name} />],
            ['Command line', <CommandLine key="argv" argv={details.argv} />],
            ['Directory', details.cwd === null ? unreadable : <Whole key="cwd" text={details.cwd} code />],
            [
              'Executable',
              details.executable === null ? unreadable : <Whole key="exe" text={details.executable} code />,
            ],
            ['User', `${details.user} (uid ${details.uid})`],
            ['Started', formatInstant(details.startedAt, 'second')],
          ]}
        />
      </Section>
      <Section title="Family">
        <Facts
          items={[
            ['Parents', <Relatives key="parents" of={details.ancestors} label="Parents" />],
            ['Children', <Relatives key="children" of={details.children} label="Children" />],
            ['Process group', details.pgid],
            ['Session', details.session],
          ]}
        />
      </Section>
    </>
  );
}

const unreadable = 'not readable for this user';

/** Of a large family the first: the tree shows all. */
const MAX_RELATIVES = 40;

/** Processes of the same family, each a press away. */
function Relatives({ of: relatives, label }: { of: readonly Relative[]; label: string }) {
  const { ui } = useApp();
  if (relatives.length === 0) return 'none';
  return (
    <ul className={classes.relatives} aria-label={label}>
      {relatives.slice(0, MAX_RELATIVES).map(({ pid, startTime, name }) => (
        <li key={pid}>
          <Anchor
            component="button"
            type="button"
            c="var(--hd-link)"
            onClick={() => ui.show({ process: { pid, startTime } })}
          >
            <Clip text={`${name} (${pid})`} />
          </Anchor>
        </li>
      ))}
      {relatives.length > MAX_RELATIVES ? <li>and {relatives.length - MAX_RELATIVES} more</li> : null}
    </ul>
  );
}

/** Stop and Kill: both ask first, and show everything that would end. */
function EndButtons({ row }: { row: ProcessRow }) {
  const { ui } = useApp();
  if (row.protectionReason !== null) return null;
  const ask = (force: boolean) => {
    const { pid, startTime, name } = row;
    ui.show({ ending: { pid, startTime, name, force } });
  };
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={rem(17)} aria-hidden="true" />}
        onClick={() => ask(false)}
      >
        Stop…
      </Button>
      <Button variant="default" leftSection={<IconSkull size={rem(17)} aria-hidden="true" />} onClick={() => ask(true)}>
        Kill…
      </Button>
    </>
  );
}

function WatchThis({ details, watchId }: { details: ProcessDetails; watchId: string | null }) {
  const { store, ui } = useApp();
  const tab = useTab();
  const watch = useAppState((state) => (watchId === null ? undefined : state.live.watches.get(watchId)));
  if (watch !== undefined) {
    return (
      <Group gap={8}>
        <IconHeartbeat size={rem(18)} color="var(--hd-ok)" aria-hidden="true" />
        <span>
          Watched as{' '}
          <Anchor
            component="button"
            type="button"
            c="var(--hd-link)"
            onClick={() => {
              ui.show({ process: null });
              navigate({ tab, item: watch.watch.id });
            }}
          >
            {watch.watch.name}
          </Anchor>
        </span>
      </Group>
    );
  }
  if (details.protectionReason !== null) {
    return (
      <Alert
        color="gray"
        icon={<IconLock aria-hidden="true" />}
        title="Protected: this process can neither be watched nor ended"
      >
        {sentence(details.protectionReason)}
      </Alert>
    );
  }
  const open = () => {
    const { live, processes } = store.getState();
    const names = [...live.watches.values()].map((status) => status.watch.name);
    const engine = [...processes.rows.values()].find(({ pid }) => pid === live.engine?.pid);
    const { pid, startTime } = details;
    const draft = draftFromProcess(details, names, engine?.user ?? null, processes.rows.values());
    ui.show({ process: null, editor: { kind: 'add', draft, from: { pid, startTime } } });
  };
  return (
    <div>
      <Button leftSection={<IconHeartbeat size={rem(17)} aria-hidden="true" />} onClick={open}>
        Watch this…
      </Button>
    </div>
  );
}
