import { Alert, Button, Checkbox, Group, Modal, Stack } from '@mantine/core';
import {
  IconAlertTriangle,
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconHeartbeat,
  IconHourglassHigh,
  IconRadar2,
  type Icon,
} from '@tabler/icons-react';
import { useState } from 'react';
import { DRILL_NAMES, type DrillScenario, type DrillTimes } from '../../../shared/model/drill';
import { drillCount, drillRows, type DrillRow, type DrillState } from '../../words/drill-progress';
import { formatReading, plural } from '../../format/format';
import type { Tone } from '../../words/present-watch';
import { sentence } from '../../format/sentence';
import { rem } from '../../format/text-scale';
import { useApp, useUiState } from '../../hooks/use-app';
import { useDrill, type DrillRun } from './use-drill';
import { ToneBadge } from '../../kit/ToneBadge';
import classes from './DrillDialog.module.css';

/** Proves on harmless programs that it heals, and shows how fast. Closing it ends the drill. */
export function DrillDialog() {
  const { ui } = useApp();
  const opened = useUiState((state) => state.drill);
  const close = () => ui.show({ drill: false });
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Drill: prove that healing works"
      size={860}
      transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      closeOnClickOutside={false}
      styles={{ title: { fontWeight: 650, fontSize: rem(17) } }}
    >
      <DrillPanel />
    </Modal>
  );
}

function DrillPanel() {
  const { run, start, stop } = useDrill();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(DRILL_NAMES));
  const wanted = DRILL_NAMES.filter((name) => chosen.has(name));
  const isRunning = run.kind === 'running';
  const rows = run.kind === 'idle' ? drillRows(DRILL_NAMES) : run.rows;
  const toggle = (name: string) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    setChosen(next);
  };
  return (
    <Stack gap="md">
      <p className={classes.lead}>
        The drill runs programs that misbehave on purpose in its own engine, on an empty data directory; its mails go to
        its own mail server. Your watches, mailboxes and all other processes are not touched, and everything that was
        started is ended. The drill takes about half a minute, and some CPU.
      </p>
      <div className={classes.table} role="region" aria-label="Scenarios" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                {run.kind === 'idle' ? (
                  <Checkbox
                    label="All"
                    checked={wanted.length === DRILL_NAMES.length}
                    indeterminate={wanted.length > 0 && wanted.length < DRILL_NAMES.length}
                    onChange={(event) => setChosen(new Set(event.currentTarget.checked ? DRILL_NAMES : []))}
                  />
                ) : (
                  'Scenario'
                )}
              </th>
              <th scope="col">What it shows</th>
              <th scope="col" className={classes.number}>
                Detected after
              </th>
              <th scope="col" className={classes.number}>
                Healed after
              </th>
              <th scope="col" className={classes.number}>
                Mailed after
              </th>
              <th scope="col">Result</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ScenarioRow
                key={row.name}
                row={row}
                choice={run.kind === 'idle' && isScenario(row.name) ? chosen.has(row.name) : null}
                onToggle={() => toggle(row.name)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Outcome run={run} />
      <Group justify="flex-end">
        {isRunning ? (
          <Button variant="default" onClick={stop}>
            End the drill
          </Button>
        ) : (
          <Button disabled={wanted.length === 0} onClick={() => start(wanted)}>
            {run.kind === 'idle' ? `Run ${plural(wanted.length, 'scenario')}` : 'Run again'}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function isScenario(name: string): name is DrillScenario {
  return DRILL_NAMES.some((one) => one === name);
}

interface ScenarioRowProps {
  row: DrillRow;
  /** Whether it is chosen; null: there is no choice. */
  choice: boolean | null;
  onToggle: () => void;
}

function ScenarioRow({ row: { name, shows, state }, choice, onToggle }: ScenarioRowProps) {
  const times: Partial<DrillTimes> = 'times' in state ? state.times : {};
  return (
    <tr>
      <th scope="row">{choice === null ? name : <Checkbox label={name} checked={choice} onChange={onToggle} />}</th>
      <td>
        {sentence(shows)}
        {state.kind === 'failed' ? <p className={classes.why}>{sentence(state.reason)}</p> : null}
      </td>
      <td className={classes.number}>{duration(times.detectedAfterMs)}</td>
      <td className={classes.number}>{duration(times.healedAfterMs)}</td>
      <td className={classes.number}>{duration(times.mailedAfterMs)}</td>
      <td className={classes.result}>
        <StateMark state={state} />
      </td>
    </tr>
  );
}

function duration(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? '–' : formatReading(ms, 'ms');
}

const MARKS: Readonly<Record<Exclude<DrillState['kind'], 'waiting'>, { word: string; tone: Tone; icon: Icon }>> = {
  running: { word: 'Running', tone: 'info', icon: IconHourglassHigh },
  detected: { word: 'Detected', tone: 'info', icon: IconRadar2 },
  healed: { word: 'Healed', tone: 'info', icon: IconHeartbeat },
  passed: { word: 'Passed', tone: 'ok', icon: IconCircleCheckFilled },
  failed: { word: 'Failed', tone: 'bad', icon: IconAlertTriangleFilled },
};

function StateMark({ state }: { state: DrillState }) {
  if (state.kind === 'waiting') return <>–</>;
  const { word, tone, icon } = MARKS[state.kind];
  return (
    <ToneBadge tone={tone} icon={icon}>
      {word}
    </ToneBadge>
  );
}

/** How it goes, in a line that is read out. */
function Outcome({ run }: { run: DrillRun }) {
  return (
    <div role="status" className={classes.outcome}>
      {run.kind === 'running' ? progressOf(run.rows) : null}
      {run.kind === 'stopped' ? 'Ended early; everything that was started is being ended.' : null}
      {run.kind === 'ended' ? <Verdict rows={run.rows} passed={run.passed} /> : null}
      {run.kind === 'broken' ? (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden="true" />} title="The drill stopped">
          {sentence(run.problem)}
        </Alert>
      ) : null}
    </div>
  );
}

function progressOf(rows: readonly DrillRow[]): string {
  if (rows.every(({ state }) => state.kind === 'waiting')) return 'Starting the drill engine…';
  const { done, failed } = drillCount(rows);
  return `${done} of ${rows.length} done${failed === 0 ? '' : `, ${failed} failed`}…`;
}

function Verdict({ rows, passed }: { rows: readonly DrillRow[]; passed: boolean }) {
  const { failed } = drillCount(rows);
  return passed ? (
    <ToneBadge tone="ok" icon={IconCircleCheckFilled}>
      All {rows.length} passed: each was detected, healed and reported by mail, and nothing else was touched.
    </ToneBadge>
  ) : (
    <ToneBadge tone="bad" icon={IconAlertTriangleFilled}>
      {failed} of {rows.length} failed.
    </ToneBadge>
  );
}
