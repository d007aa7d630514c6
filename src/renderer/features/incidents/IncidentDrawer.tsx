import { Group, UnstyledButton } from '@mantine/core';
import { affectedWords } from '../../../shared/events/attribution';
import { lastStderrOf } from '../../../shared/lib/events/event-facts';
import { incidentMarkdown, offsetOf } from '../../../shared/lib/events/incident-markdown';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { Incident } from '../../../shared/model/incident';
import { evidenceOf } from '../../../shared/lib/events/evidence';
import { newestLastWords } from '../../../shared/lib/events/last-words';
import { formatDuration, formatInstant, plural } from '../../format/format';
import type { EventPart } from '../../../shared/events';
import { partOf } from '../../words/present-incident';
import { crashesOf } from '../../words/present-crash';
import { newestExplanation } from '../../../shared/lib/events/newest-explanation';
import { EVENT_WORDS } from '../../words/present-event';
import { openIncident } from '../../store/route';
import { useApp, useAppState } from '../../hooks/use-app';
import { useIncident } from '../../hooks/use-incidents';
import { useLast } from '../../hooks/use-last';
import { navigate, useRoute } from '../../hooks/use-route';
import { Answered } from '../../kit/Answered';
import { Whole } from '../../kit/Clip';
import { CopyTextButton } from '../../kit/CopyTextButton';
import { EvidenceChart } from '../../parts/EvidenceChart';
import { Facts, Section } from '../../kit/Facts';
import { SideDrawer } from '../../kit/SideDrawer';
import { LastWordsSection } from '../../parts/LastWordsSection';
import { StderrSection } from '../../parts/StderrSection';
import { AcknowledgeButton, SnoozeMenu } from '../../parts/SnoozeMenu';
import { Ago, Since } from '../../kit/times';
import { SeverityMark } from '../../parts/SeverityMark';
import { CrashNotes } from './CrashNotes';
import { ExplanationCard } from './ExplanationCard';
import { FoldedAttempts } from './FoldedAttempts';
import classes from './IncidentDrawer.module.css';
import { OutcomeMark } from './OutcomeMark';
import { storyParts } from './story-parts';

/** One story, whole: what was noticed, what was done, how it ended. */
export function IncidentDrawer() {
  const opened = openIncident(useRoute());
  const id = useLast(opened);
  const answer = useIncident(id);
  return (
    <SideDrawer
      opened={opened !== null}
      title={id === null ? '' : `Incident ${id}`}
      onClose={() => navigate({ tab: 'incidents', item: null })}
    >
      <Answered
        answer={answer}
        noun="incident"
        none="The history has no incident with this number; it may be older than the retention time."
      >
        {(incident) => <Story incident={incident} />}
      </Answered>
    </SideDrawer>
  );
}

function Story({ incident }: { incident: Incident }) {
  const { watch, outcome, durationMs, startedAt, restarts, cooldowns, commonExit, cause, affects, events } = incident;
  const watchId = useAppState(
    (state) => [...state.live.watches.values()].find((status) => status.watch.name === watch)?.watch.id ?? null,
  );
  const beganAt = Date.parse(startedAt);
  const stderr = lastStderrOf(events);
  const explanation = newestExplanation(events);
  const crashes = crashesOf(events).slice(0, MAX_CRASHES);
  return (
    <>
      <Group justify="space-between" wrap="nowrap">
        <OutcomeMark outcome={outcome} />
        <Group gap="xs">
          {outcome === 'open' ? (
            <>
              <AcknowledgeButton incident={incident.id} />
              <SnoozeMenu target={{ kind: 'incident', incident: incident.id }} label="Snooze" />
            </>
          ) : null}
          <CopyAsMarkdown incident={incident} />
        </Group>
      </Group>
      <Whole text={incident.summary} />
      <Facts
        items={[
          [
            'Watch',
            watchId === null ? (
              watch
            ) : (
              <UnstyledButton
                key="watch"
                className={classes.link}
                onClick={() => navigate({ tab: 'watches', item: watchId })}
              >
                {watch}
              </UnstyledButton>
            ),
          ],
          [
            'Began',
            <span key="began">
              {formatInstant(beganAt)}, <Ago at={beganAt} />
            </span>,
          ],
          ['Lasted', durationMs === null ? <Since key="lasted" at={beganAt} /> : formatDuration(durationMs)],
          ['Restarts', cooldowns === 0 ? `${restarts}` : `${restarts}, and ${plural(cooldowns, 'cooldown')}`],
          ...(cause === null
            ? []
            : [
                [
                  'Caused by',
                  <IncidentLink
                    key="cause"
                    incident={cause.incident}
                    text={`${cause.watch}, incident ${cause.incident}`}
                  />,
                ] as const,
              ]),
          ...(affects.length === 0
            ? []
            : [
                [
                  'Also affected',
                  <span key="affects" className={classes.related}>
                    {affects.map((one) => (
                      <IncidentLink
                        key={one.watch}
                        incident={one.incident}
                        text={`${one.watch}, ${affectedWords(one)}`}
                      />
                    ))}
                  </span>,
                ] as const,
              ]),
          ...(commonExit === null ? [] : [['Common exit reason', commonExit] as const]),
          ...(crashes.length === 0 ? [] : [['Crash', <CrashNotes key="crash" crashes={crashes} />] as const]),
        ]}
      />
      {explanation === null ? null : <ExplanationCard explanation={explanation} />}
      <StderrSection lines={stderr} />
      <LastWordsSection words={newestLastWords(events)?.data ?? null} />
      <Section title="What happened">
        <ol className={classes.story} aria-label="What happened">
          {storyParts(events).map((part) =>
            part.kind === 'event' ? (
              <Step key={part.event.id} incident={incident} event={part.event} />
            ) : (
              <FoldedAttempts key={part.events[0]?.id} {...part} commonExit={commonExit}>
                {() => part.events.map((event) => <Step key={event.id} incident={incident} event={event} />)}
              </FoldedAttempts>
            ),
          )}
        </ol>
      </Section>
    </>
  );
}

/** Another incident that this one has to do with; null: an affected watch has none. */
function IncidentLink({ incident, text }: { incident: number | null; text: string }) {
  if (incident === null) return <span>{text}</span>;
  return (
    <UnstyledButton className={classes.link} onClick={() => navigate({ tab: 'incidents', item: String(incident) })}>
      {text}
    </UnstyledButton>
  );
}

/** Of a program that crashes in a new way each time, the newest. */
const MAX_CRASHES = 5;

const PART_WORDS: Readonly<Record<EventPart, string>> = {
  detection: 'Noticed',
  action: 'Done',
  ending: 'End',
  aside: 'Beside it',
};

function Step({ incident, event }: { incident: Incident; event: HealdeckEvent }) {
  const { ui } = useApp();
  const part = partOf(event);
  const evidence = evidenceOf(event);
  return (
    <li className={classes.step} data-part={part}>
      <div className={classes.stepHead}>
        <span className={classes.part}>{PART_WORDS[part]}</span>
        <UnstyledButton className={classes.link} onClick={() => ui.show({ event })}>
          {EVENT_WORDS[event.type]}
        </UnstyledButton>
        <SeverityMark severity={event.severity} />
        <time dateTime={event.at} title={formatInstant(Date.parse(event.at))} className={classes.offset}>
          {offsetOf(incident, event, formatDuration)}
        </time>
      </div>
      <Whole text={event.message} />
      {evidence === null ? null : <EvidenceChart evidence={evidence} />}
    </li>
  );
}

function CopyAsMarkdown({ incident }: { incident: Incident }) {
  const hostname = useAppState((state) => state.live.engine?.hostname ?? 'unknown');
  return <CopyTextButton label="Copy as Markdown" text={() => incidentMarkdown(incident, hostname)} />;
}
