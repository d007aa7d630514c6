import type { Probe } from '../../../../shared/model/probe';
import type { ProbeDraft } from '../../../drafts/probe-draft';
import { readProbeTrial } from '../../../drafts/probe-draft';
import { useAnswer } from '../../../hooks/use-answer';
import { useAppState } from '../../../hooks/use-app';
import { backtestLimits, probeBacktestWords } from '../../../words/probe-backtest';
import type { Editor } from './use-editor';
import classes from './ProbesPanel.module.css';

const BACK_HOURS = 24;
/** Quiet time after the last key until the engine tries the numbers. */
const TRIAL_DELAY_MS = 500;

/** What a probe with the numbers that are typed would have decided on its recorded attempts. Nothing for one that is not saved yet. */
export function ProbePast({ editor, probe }: { editor: Editor; probe: ProbeDraft }) {
  const { editedId } = editor;
  const status = useAppState((state) => (editedId === null ? undefined : state.live.watches.get(editedId)));
  const saved = status?.watch.probes.find(({ name }) => name.toLowerCase() === probe.name.trim().toLowerCase());
  if (editedId === null || saved === undefined) return null;
  return <OfSaved watchId={editedId} saved={saved} editor={editor} probe={probe} />;
}

interface OfSavedProps {
  watchId: string;
  saved: Probe;
  editor: Editor;
  probe: ProbeDraft;
}

function OfSaved({ watchId, saved, editor, probe }: OfSavedProps) {
  const read = readProbeTrial(probe, editor.syntax);
  const draft = read.ok ? read.probe : null;
  const rule = draft === null ? null : ruleOf(draft);
  const answer = useAnswer(
    rule === null ? null : `${watchId}/${saved.name}/${JSON.stringify(rule)}`,
    (client, signal) =>
      client.probes.backtest({ watch: watchId, probe: saved.name, rule: rule ?? {}, hours: BACK_HOURS }, { signal }),
    TRIAL_DELAY_MS,
  );
  return (
    <p className={classes.none} role="status" aria-label={`What ${probe.name} would have done`}>
      {draft === null
        ? 'The numbers are not tested on the past: this probe is not complete.'
        : answer.kind === 'asking'
          ? 'Testing the numbers on recorded attempts…'
          : answer.kind === 'failed'
            ? `The numbers can't be tested: ${answer.failure.message}`
            : [probeBacktestWords(draft, answer.value, BACK_HOURS), backtestLimits(draft, saved)].join(' ')}
    </p>
  );
}

function ruleOf({ failures, of, successes, timeoutMs }: Probe) {
  return { failures, of, successes, timeoutMs };
}
