import { Alert, Anchor, Button, Group, Skeleton } from '@mantine/core';
import { IconHeartbeat, IconInfoCircle, IconLock } from '@tabler/icons-react';
import { identityKey, type ProcessDetails, type ProcessIdentity, type ProcessRow } from '../../../shared/model/process';
import { formatArgv } from '../../../shared/lib/argv';
import { formatBytes, formatInstant, formatPercent } from '../../lib/format';
import { useAnswer } from '../../lib/use-answer';
import { useApp, useAppState, useUiState } from '../../lib/use-app';
import { useLast } from '../../lib/use-last';
import { sentence } from '../../lib/sentence';
import { navigate, useRoute } from '../../lib/use-route';
import { draftFromProcess } from '../../lib/watch-draft';
import { Clip, Whole } from '../../ui/Clip';
import { Facts, Section } from '../../ui/Facts';
import { SideDrawer } from '../../ui/SideDrawer';
import { Since } from '../../ui/times';

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
          This process has ended. What follows is what it was.
        </Alert>
      ) : null}
      <WatchThis details={details} watchId={now.watchId} />
      <Section title="Now">
        <Facts
          items={[
            ['CPU', `${formatPercent(now.cpuPercent)} of one core`],
            ['Memory', `${formatBytes(now.rssBytes)} resident`],
            ['Threads', now.threads],
            ['State', now.state.replace('_', ' ')],
            ['Up for', <Since key="since" at={now.startedAt} />],
          ]}
        />
      </Section>
      <Section title="Program">
        <Facts
          items={[
            ['Name', <Whole key="name" text={details.name} />],
            [
              'Command line',
              details.argv.length === 0 ? none : <Whole key="argv" text={formatArgv(details.argv)} code />,
            ],
            ['Directory', details.cwd === null ? unreadable : <Whole key="cwd" text={details.cwd} code />],
            [
              'Executable',
              details.executable === null ? unreadable : <Whole key="exe" text={details.executable} code />,
            ],
            ['User', `${details.user} (uid ${details.uid})`],
            ['Started', formatInstant(details.startedAt).slice(0, 19)],
          ]}
        />
      </Section>
      <Section title="Family">
        <Facts
          items={[
            [
              'Ancestors',
              <Whole
                key="ancestors"
                text={details.ancestors.map(({ pid, name }) => `${name} (${pid})`).join(' ← ') || 'none'}
              />,
            ],
            ['Children', details.children.length === 0 ? 'none' : details.children.map(({ pid }) => pid).join(', ')],
            ['Process group', details.pgid],
            ['Session', details.session],
          ]}
        />
      </Section>
    </>
  );
}

const none = 'none';
const unreadable = 'not readable for this user';

function WatchThis({ details, watchId }: { details: ProcessDetails; watchId: string | null }) {
  const { store, ui } = useApp();
  const { tab } = useRoute();
  const watch = useAppState((state) => (watchId === null ? undefined : state.live.watches.get(watchId)));
  if (watch !== undefined) {
    return (
      <Group gap={8}>
        <IconHeartbeat size={18} color="var(--hd-ok)" aria-hidden="true" />
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
  if (details.protectedBecause !== null) {
    return (
      <Alert color="gray" icon={<IconLock aria-hidden="true" />} title="This process can’t be watched">
        {sentence(details.protectedBecause)}
      </Alert>
    );
  }
  const open = () => {
    const names = [...store.getState().live.watches.values()].map((status) => status.watch.name);
    ui.show({ process: null, editor: { kind: 'add', draft: draftFromProcess(details, names) } });
  };
  return (
    <div>
      <Button leftSection={<IconHeartbeat size={17} aria-hidden="true" />} onClick={open}>
        Watch this…
      </Button>
    </div>
  );
}
