import { UnstyledButton } from '@mantine/core';
import { rem } from '../../format/text-scale';
import { navigate } from '../../hooks/use-route';
import { Clip } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { StateBadge } from '../../parts/StateBadge';
import { afterText } from '../../words/present-dependency';
import type { GraphNode } from './graph-model';

/** The same as the drawing, in rows: in the order of starts. */
export function GraphTable({ nodes }: { nodes: readonly GraphNode[] }) {
  return (
    <div className={table.wrap} role="region" aria-label="Dependencies as a table" tabIndex={0}>
      <table className={table.table} style={{ minWidth: rem(640) }} aria-label="Dependencies in the order of starts">
        <colgroup>
          <col style={{ width: rem(180) }} />
          <col style={{ width: rem(196) }} />
          <col />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Watch</th>
            <th scope="col">State</th>
            <th scope="col">Starts after</th>
            <th scope="col">Needed by</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map(({ status: { watch, phase, reason }, neededBy }) => (
            <tr key={watch.id}>
              <td>
                <UnstyledButton className={table.name} onClick={() => navigate({ tab: 'graph', item: watch.id })}>
                  <Clip text={watch.name} />
                </UnstyledButton>
              </td>
              <td>
                <StateBadge phase={phase} />
              </td>
              <td>
                <Clip text={afterText(watch.after) || 'nothing'} />
                {phase === 'blocked' ? (
                  <span className={table.sub}>
                    <Clip text={reason} />
                  </span>
                ) : null}
              </td>
              <td>
                <Clip text={neededBy.join(', ') || 'nothing'} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
