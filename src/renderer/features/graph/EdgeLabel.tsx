import { Popover, UnstyledButton } from '@mantine/core';
import type { CSSProperties } from 'react';
import { UNTIL_WORDS } from '../../words/present-dependency';
import { Evidence } from './Evidence';
import type { GraphEdge } from './graph-model';
import { rem } from '../../format/text-scale';
import classes from './GraphTab.module.css';

interface EdgeLabelProps {
  edge: GraphEdge;
  x: number;
  y: number;
  /** How often was observed. */
  observations: number;
  onEdit: (edge: GraphEdge) => void;
}

/** The condition of a dependency, where its line is; of one that sockets show only, what was seen. */
export function EdgeLabel({ edge, x, y, observations, onEdit }: EdgeLabelProps) {
  const { dependent, dependency, until, proposal } = edge;
  const place: CSSProperties = { left: rem(x), top: rem(y) };
  const [from, to] = [dependent.watch.name, dependency.watch.name];
  if (until !== null) {
    return (
      <UnstyledButton
        className={classes.label}
        style={place}
        aria-label={`Edit dependency: ${from} starts after ${to} ${UNTIL_WORDS[until]}`}
        title={`${from} starts after ${to} ${UNTIL_WORDS[until]}`}
        onClick={() => onEdit(edge)}
      >
        {until}
      </UnstyledButton>
    );
  }
  if (proposal === null) return null;
  return (
    <Popover position="bottom" withArrow shadow="md" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <UnstyledButton
          className={classes.label}
          style={place}
          data-observed={proposal.verdict.kind}
          aria-label={`Observed: ${from} connects to ${to}`}
        >
          observed
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown maw={rem(340)} aria-label={`What was seen of ${from} and ${to}`}>
        <Evidence proposal={proposal} observations={observations} />
      </Popover.Dropdown>
    </Popover>
  );
}
