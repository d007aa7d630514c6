import { UnstyledButton } from '@mantine/core';
import type { HealdeckEvent } from '../../shared/model/event';
import { useApp } from '../hooks/use-app';
import { Clip } from '../kit/Clip';
import classes from './EventList.module.css';
import { SeverityMark } from './SeverityMark';
import { Ago } from '../kit/times';

/** A few events, each a press away from all it carries. */
export function EventList({ events }: { events: readonly HealdeckEvent[] }) {
  const { ui } = useApp();
  return (
    <ul className={classes.list}>
      {events.map((event) => (
        <li key={event.id}>
          <UnstyledButton className={classes.item} onClick={() => ui.show({ event })}>
            <Clip text={event.message} />
            <span className={classes.meta}>
              <SeverityMark severity={event.severity} />
              <Ago at={Date.parse(event.at)} />
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
