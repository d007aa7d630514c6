import { Anchor, Group, Text } from '@mantine/core';
import { DAY_MS, versionsText } from '../../../shared/lib/crash/crash-groups';
import { CRASH_DAYS, MAX_CRASH_INCIDENTS, type CrashGroup } from '../../../shared/model/crash-group';
import { formatDay, formatInstant } from '../../format/format';
import { CRASH_STATES, crashDays, shortCrashId } from '../../words/present-crash';
import { formatRoute, openCrash } from '../../store/route';
import { useCrash } from '../../hooks/use-crashes';
import { useLast } from '../../hooks/use-last';
import { useNowEvery } from '../../hooks/use-now';
import { navigate, useRoute } from '../../hooks/use-route';
import { useWatchNames } from '../../hooks/use-watch-names';
import { Answered } from '../../kit/Answered';
import { Clip, Whole } from '../../kit/Clip';
import { Facts, Section } from '../../kit/Facts';
import { SideDrawer } from '../../kit/SideDrawer';
import { Ago } from '../../kit/times';
import { StderrSection } from '../../parts/StderrSection';
import { CrashDays } from './CrashDays';
import classes from './CrashDrawer.module.css';
import { CrashStateMark } from './CrashStateMark';

/** One kind of crash, whole: how often and where it occurred, and its last words. */
export function CrashDrawer() {
  const opened = openCrash(useRoute());
  const id = useLast(opened);
  const answer = useCrash(id);
  return (
    <SideDrawer
      opened={opened !== null}
      title={id === null ? '' : `Crash ${shortCrashId(id)}`}
      onClose={() => navigate({ tab: 'crashes', item: null })}
    >
      <Answered
        answer={answer}
        noun="crash"
        none="The history knows no crash of this id; it may be older than what is kept."
      >
        {(crash) => <Details crash={crash} />}
      </Answered>
    </SideDrawer>
  );
}

function Details({ crash }: { crash: CrashGroup }) {
  const { state, title, count, firstAt, firstAfter, lastAt, versions, watches, incidents, stderrTail } = crash;
  const today = useNowEvery(DAY_MS);
  return (
    <>
      <Group gap="xs">
        <CrashStateMark state={state} />
        <Text size="sm" c="dimmed">
          {CRASH_STATES[state].meaning}
        </Text>
      </Group>
      <Whole text={title} />
      <Facts
        items={[
          ['Occurrences', String(count)],
          ['First seen', <Moment key="first" at={Date.parse(firstAt)} after={firstAfter} />],
          ['Last seen', <Moment key="last" at={Date.parse(lastAt)} />],
          ...(versions === null ? [] : ([['Seen in', versionsText(versions, formatDay)]] as const)),
          ['Watches', <Watches key="watches" names={watches} />],
          ['Incidents', <Incidents key="incidents" numbers={incidents} />],
        ]}
      />
      <Section title={`Last ${CRASH_DAYS} days`}>
        <CrashDays days={crashDays(crash, today)} />
      </Section>
      <StderrSection lines={stderrTail} />
    </>
  );
}

function Moment({ at, after = null }: { at: number; after?: string | null }) {
  return (
    <>
      {formatInstant(at, 'second')}, <Ago at={at} />
      {after === null ? null : `, after ${after} was changed`}
    </>
  );
}

/** The watches that it was seen in; one that was removed meanwhile leads nowhere. */
function Watches({ names }: { names: readonly string[] }) {
  const ids = new Map([...useWatchNames()].map(([id, name]) => [name, id]));
  return (
    <ul className={classes.list}>
      {names.map((name) => {
        const id = ids.get(name);
        return (
          <li key={name}>
            {id === undefined ? (
              <Clip text={name} />
            ) : (
              <Anchor href={formatRoute({ tab: 'watches', item: id })} size="sm" c="var(--hd-link)">
                <Clip text={name} />
              </Anchor>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Incidents({ numbers }: { numbers: readonly number[] }) {
  if (numbers.length === 0) return <>none</>;
  return (
    <ul className={classes.list}>
      {numbers.map((number) => (
        <li key={number}>
          <Anchor href={formatRoute({ tab: 'incidents', item: String(number) })} size="sm" c="var(--hd-link)">
            {number}
          </Anchor>
        </li>
      ))}
      {numbers.length === MAX_CRASH_INCIDENTS ? <li>and older ones</li> : null}
    </ul>
  );
}
