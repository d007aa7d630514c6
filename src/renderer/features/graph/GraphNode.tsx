import { Menu, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { memo, type CSSProperties } from 'react';
import type { Readiness, WatchPhase } from '../../../shared/model/snapshot';
import { rem } from '../../format/text-scale';
import { navigate } from '../../hooks/use-route';
import { Clip } from '../../kit/Clip';
import { RowButton } from '../../kit/RowButton';
import { ReadinessSign } from '../../parts/ReadinessSign';
import { StateBadge } from '../../parts/StateBadge';
import { NODE_SIZE } from './layout';
import classes from './GraphTab.module.css';

/** What is dragged from one node to another: the id of the watch that is to wait. */
const DRAGGED = 'application/x-healdeck-watch';

interface GraphNodeProps {
  id: string;
  name: string;
  /** What its lines show, in words, for who can't see them. */
  waits: string;
  phase: WatchPhase;
  readiness: Readiness | null;
  /** The line below: what it waits for, else its groups. */
  note: string;
  isOutside: boolean;
  /** In px at the normal text size. */
  x: number;
  y: number;
  /** Asks for a dependency of the first on the second; null: it is chosen then. */
  onConnect: (dependent: string, dependency: string | null) => void;
}

/** A watch in the drawing. It is made anew only when something in it changes. */
export const GraphNode = memo(function GraphNode(props: GraphNodeProps) {
  const { id, name, waits, phase, readiness, note, isOutside, x, y, onConnect } = props;
  const place: CSSProperties = {
    ...{ left: rem(x), top: rem(y), width: rem(NODE_SIZE.width), height: rem(NODE_SIZE.height) },
  };
  return (
    <li
      className={classes.node}
      style={place}
      data-phase={phase}
      data-outside={isOutside || undefined}
      draggable
      onDragStart={({ dataTransfer }) => {
        dataTransfer.setData(DRAGGED, id);
        dataTransfer.effectAllowed = 'link';
      }}
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(DRAGGED)) event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        const dragged = event.dataTransfer.getData(DRAGGED);
        if (dragged !== '' && dragged !== id) onConnect(dragged, id);
      }}
    >
      <UnstyledButton className={classes.open} onClick={() => navigate({ tab: 'graph', item: id })}>
        <strong>
          <Clip text={name} />
        </strong>
        <span className={classes.state}>
          <StateBadge phase={phase} />
          {readiness === null || phase !== 'running' ? null : <ReadinessSign readiness={readiness} />}
        </span>
        <span className={classes.note}>
          <Clip text={note} />
        </span>
        <VisuallyHidden>{waits}</VisuallyHidden>
      </UnstyledButton>
      <span className={classes.more}>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <RowButton label={`Dependencies of ${name}`} icon={IconDots} />
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onConnect(id, null)}>Starts after…</Menu.Item>
            <Menu.Item onClick={() => navigate({ tab: 'graph', item: id })}>Open its details</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </span>
    </li>
  );
});
