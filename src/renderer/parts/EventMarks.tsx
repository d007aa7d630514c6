import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { HealdeckEvent } from '../../shared/model/event';
import { marksOf } from '../words/event-marks';
import { formatInstant } from '../format/format';
import { openEvent } from '../hooks/open-event';
import { EVENT_WORDS, SEVERITIES } from '../words/present-event';
import { rem } from '../format/text-scale';
import { useApp } from '../hooks/use-app';
import classes from './EventMarks.module.css';
import { CHART_INSET } from '../kit/TimeChart';

interface EventMarksProps {
  events: readonly HealdeckEvent[];
  /** The time that the chart shows; null before it shows any. */
  span: { from: number; to: number } | null;
  /** The chart that they lie over. */
  children: ReactNode;
}

/** The part of the chart that has times. */
const PLACE = { left: rem(CHART_INSET.left), right: rem(CHART_INSET.right) };

/** As many marks as stand side by side. */
const SLOTS = 60;

/** Marks of events over a chart. They are for the pointer: the history of the watch has the same events for everybody. */
export function EventMarks({ events, span, children }: EventMarksProps) {
  const { ui } = useApp();
  const marks = span === null ? [] : marksOf(events, { ...span, slots: SLOTS });
  return (
    <div className={classes.frame}>
      {children}
      <div className={classes.marks} style={PLACE} aria-hidden="true">
        {marks.map(({ share, events: those, worst }) => (
          <UnstyledButton
            key={share}
            tabIndex={-1}
            className={classes.mark}
            data-tone={SEVERITIES[worst.severity].tone}
            style={{ left: `${share * 100}%` }}
            title={`${EVENT_WORDS[worst.type]}: ${worst.message}\n${formatInstant(Date.parse(worst.at))}${
              those.length > 1 ? `\nand ${those.length - 1} more` : ''
            }`}
            onClick={() => openEvent(ui, worst)}
          />
        ))}
      </div>
    </div>
  );
}
