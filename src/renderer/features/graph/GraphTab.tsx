import { Button, Switch } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { groupsOf } from '../../../shared/lib/format/watch-groups';
import { plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { FoldedSection } from '../../kit/FoldedSection';
import page from '../../kit/Page.module.css';
import { FilterSelect } from '../../parts/FilterSelect';
import { EdgeDialog, type EdgeRequest } from './EdgeDialog';
import { GraphCanvas } from './GraphCanvas';
import { graphOf, type GraphEdge } from './graph-model';
import { GraphTable } from './GraphTable';
import { graphWatches } from './graph-watches';
import { NoDependencies, NoWatches } from './NoGraph';
import { ObservedPanel } from './ObservedPanel';
import { proposalsOf } from './proposals';
import classes from './GraphTab.module.css';

/** Which watch starts after which, as it is declared and as sockets show it: to see, to accept and to change. */
export function GraphTab() {
  const live = useAppState((state) => state.live.watches);
  const watches = useMemo(() => graphWatches(live.values()), [live]);
  const group = useUiState((state) => state.graphGroup);
  const { isShown, soFar } = useUiState((state) => state.observation);
  const [request, setRequest] = useState<EdgeRequest | null>(null);
  const isNarrow = useMediaQuery('(max-width: 44em)', false, { getInitialValueInEffect: false });
  const connect = useCallback(
    (dependent: string | null, dependency: string | null) => setRequest({ dependent, dependency, isKnown: false }),
    [],
  );
  const edit = ({ dependent, dependency }: GraphEdge) =>
    setRequest({ dependent: dependent.watch.id, dependency: dependency.watch.id, isKnown: true });
  if (watches.size === 0) return <NoWatches />;
  const proposals = isShown ? proposalsOf([...watches.values()], soFar?.edges ?? []) : [];
  const graph = graphOf(watches.values(), proposals, group);
  return (
    <div className={page.page}>
      <Toolbar edges={graph.edges.filter(({ until }) => until !== null).length} onAdd={() => connect(null, null)} />
      <div className={classes.body}>
        <div className={classes.columns}>
          {isShown ? <ObservedPanel proposals={proposals} /> : null}
          <div className={classes.main}>
            {graph.edges.length === 0 && !isShown ? <NoDependencies /> : null}
            <GraphCanvas
              graph={graph}
              direction={isNarrow ? 'down' : 'right'}
              observations={soFar?.observations ?? 0}
              onConnect={connect}
              onEdit={edit}
            />
          </div>
        </div>
      </div>
      <FoldedSection title="As a table" note={plural(graph.nodes.length, 'watch', 'watches')}>
        {() => <GraphTable nodes={graph.nodes} />}
      </FoldedSection>
      <EdgeDialog request={request} watches={watches} onClose={() => setRequest(null)} />
    </div>
  );
}

function Toolbar({ edges, onAdd }: { edges: number; onAdd: () => void }) {
  const { ui, actions } = useApp();
  const group = useUiState((state) => state.graphGroup);
  const { isShown } = useUiState((state) => state.observation);
  const watches = useAppState((state) => state.live.watches);
  const groups = groupsOf(watches.values()).map(({ name }) => name);
  return (
    <div className={page.toolbar}>
      <Button variant="default" leftSection={<IconPlus size={rem(16)} aria-hidden="true" />} onClick={onAdd}>
        Add dependency
      </Button>
      {groups.length === 0 ? null : (
        <FilterSelect
          label="Group"
          all="All groups"
          data={group === null || groups.includes(group) ? groups : [...groups, group]}
          value={group}
          onChange={(graphGroup) => ui.show({ graphGroup })}
          width={150}
          searchable
        />
      )}
      <Switch
        label="What sockets show"
        checked={isShown}
        onChange={({ currentTarget: { checked } }) => {
          ui.observe({ isShown: checked });
          if (checked) void actions.observeSockets();
        }}
      />
      <span className={page.count} role="status">
        {plural(edges, 'dependency', 'dependencies')}
      </span>
    </div>
  );
}
