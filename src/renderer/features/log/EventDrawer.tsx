import { Anchor } from '@mantine/core';
import type { HealdeckEvent } from '../../../shared/model/event';
import { eventFacts, stderrTailOf } from '../../../shared/lib/events/event-facts';
import { evidenceOf } from '../../../shared/lib/events/evidence';
import { newestLastWords } from '../../../shared/lib/events/last-words';
import { EVENT_WORDS } from '../../words/present-event';
import { formatInstant, WINDOW_WRITING } from '../../format/format';
import { formatRoute } from '../../store/route';
import { useApp, useUiState } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';
import { Whole } from '../../kit/Clip';
import { EvidenceChart } from '../../parts/EvidenceChart';
import { Facts, Section } from '../../kit/Facts';
import { SeverityMark } from '../../parts/SeverityMark';
import { SideDrawer } from '../../kit/SideDrawer';
import { LastWordsSection } from '../../parts/LastWordsSection';
import { StderrSection } from '../../parts/StderrSection';
import { Ago } from '../../kit/times';

/** One event, whole: everything it carries. */
export function EventDrawer() {
  const { ui } = useApp();
  const opened = useUiState((state) => state.event);
  const event = useLast(opened);
  const evidence = event === null ? null : evidenceOf(event);
  const stderr = event === null ? [] : stderrTailOf(event);
  return (
    <SideDrawer
      opened={opened !== null}
      title={event === null ? '' : `${EVENT_WORDS[event.type]}, event ${event.id}`}
      onClose={() => ui.show({ event: null })}
    >
      {event === null ? null : (
        <>
          <Whole text={event.message} />
          <Facts
            items={[
              ['Severity', <SeverityMark key="severity" severity={event.severity} />],
              [
                'Time',
                <span key="time">
                  {formatInstant(Date.parse(event.at))}, <Ago at={Date.parse(event.at)} />
                </span>,
              ],
              ['Watch', event.watch ?? 'none'],
              ['Pid', event.pid ?? 'none'],
              ['Part of', <PartOf key="incident" event={event} />],
            ]}
          />
          <Section title="Details">
            <Facts
              items={eventFacts(event, WINDOW_WRITING).map(({ label, value, code }) => [
                label,
                <Whole key={label} text={value} code={code ?? false} />,
              ])}
            />
          </Section>
          {evidence === null ? null : (
            <Section title="Evidence">
              <EvidenceChart evidence={evidence} />
            </Section>
          )}
          <LastWordsSection key={event.id} words={newestLastWords([event])?.data ?? null} />
          <StderrSection lines={stderr} />
        </>
      )}
    </SideDrawer>
  );
}

function PartOf({ event: { id, incident } }: { event: HealdeckEvent }) {
  const { ui } = useApp();
  if (incident === null) return <>no incident</>;
  return (
    <Anchor
      href={formatRoute({ tab: 'incidents', item: String(incident) })}
      size="sm"
      c="var(--hd-link)"
      onClick={() => ui.show({ event: null })}
    >
      {incident === id ? `incident ${incident}, which began here` : `incident ${incident}`}
    </Anchor>
  );
}
