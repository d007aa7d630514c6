import { IconArrowsMaximize, IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { useMemo } from 'react';
import { rem, useTextScale } from '../../format/text-scale';
import { RowButton } from '../../kit/RowButton';
import { EdgeLabel } from './EdgeLabel';
import { noteOf, waitsText, type Graph, type GraphEdge } from './graph-model';
import { GraphNode } from './GraphNode';
import { placed, type Outline, type Placement } from './layout';
import { useZoom } from './use-zoom';
import classes from './GraphTab.module.css';

interface GraphCanvasProps {
  graph: Graph;
  direction: Outline['direction'];
  /** How often was observed. */
  observations: number;
  onConnect: (dependent: string, dependency: string | null) => void;
  onEdit: (edge: GraphEdge) => void;
}

/** The drawing: it stays as it is until a watch or a dependency comes or goes. */
export function GraphCanvas({ graph, direction, observations, onConnect, onEdit }: GraphCanvasProps) {
  const placement = usePlacement(graph, direction);
  const text = useTextScale();
  const zoom = useZoom({ width: placement.width * text, height: placement.height * text });
  return (
    <div className={classes.canvas}>
      <div className={classes.zoom} role="group" aria-label="Zoom">
        <RowButton label="Zoom in" icon={IconZoomIn} onClick={zoom.zoomIn} />
        <RowButton label="Zoom out" icon={IconZoomOut} onClick={zoom.zoomOut} />
        <RowButton label="Fit" icon={IconArrowsMaximize} aria-pressed={zoom.isFitted} onClick={zoom.fit} />
      </div>
      <div
        className={classes.viewport}
        role="region"
        aria-label="Graph of dependencies"
        tabIndex={0}
        {...zoom.viewport}
      >
        <div
          className={classes.sheet}
          style={{ width: rem(placement.width * zoom.scale), height: rem(placement.height * zoom.scale) }}
        >
          <div
            className={classes.drawing}
            style={{
              width: rem(placement.width),
              height: rem(placement.height),
              transform: `scale(${zoom.scale})`,
            }}
          >
            <Lines graph={graph} placement={placement} />
            <ol className={classes.nodes} aria-label="Watches in the order of starts">
              {graph.nodes.map(({ status, isOutside, neededBy }) => (
                <GraphNode
                  key={status.watch.id}
                  id={status.watch.id}
                  name={status.watch.name}
                  waits={waitsText(status, neededBy)}
                  phase={status.phase}
                  readiness={status.readiness}
                  note={noteOf(status)}
                  isOutside={isOutside}
                  {...(placement.nodes.get(status.watch.id) ?? { x: 0, y: 0 })}
                  onConnect={onConnect}
                />
              ))}
            </ol>
            {graph.edges.map((edge) => (
              <EdgeLabel
                key={edge.id}
                edge={edge}
                {...(placement.edges.get(edge.id)?.label ?? { x: 0, y: 0 })}
                observations={observations}
                onEdit={onEdit}
              />
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

/** The place of everything, computed only when the outline is another one. */
function usePlacement({ nodes, edges }: Graph, direction: Outline['direction']): Placement {
  const outline: Outline = {
    direction,
    nodes: nodes.map(({ status }) => status.watch.id),
    edges: edges.map(({ id, dependency, dependent, proposal }) => ({
      ...{ id, from: dependency.watch.id, to: dependent.watch.id },
      isBackward: proposal?.verdict.kind === 'refused',
    })),
  };
  const key = JSON.stringify(outline);
  return useMemo(() => placed(JSON.parse(key) as Outline), [key]);
}

function Lines({ graph: { edges }, placement }: { graph: Graph; placement: Placement }) {
  const { width, height } = placement;
  return (
    <svg className={classes.lines} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <defs>
        <marker id="graph-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
          <path d="M0,0 L8,4 L0,8 z" />
        </marker>
      </defs>
      {edges.map(({ id, until, proposal }) => (
        <path
          key={id}
          d={placement.edges.get(id)?.path ?? ''}
          className={classes.line}
          data-observed={until === null ? proposal?.verdict.kind : undefined}
          markerEnd="url(#graph-arrow)"
        />
      ))}
    </svg>
  );
}
