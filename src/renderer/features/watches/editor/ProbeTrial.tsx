import { Button, Tooltip } from '@mantine/core';
import { IconAlertTriangleFilled, IconCircleCheckFilled, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import type { ProbeTrialResult } from '../../../../shared/model/probe';
import { asksElsewhere, isAnsweredByProgram, type ProbeDraft } from '../../../drafts/probe-draft';
import { readTrial } from '../../../drafts/watch-draft';
import { rem } from '../../../format/text-scale';
import { useAnswer, type Answer } from '../../../hooks/use-answer';
import { useAppState } from '../../../hooks/use-app';
import { Whole } from '../../../kit/Clip';
import { ToneBadge } from '../../../kit/ToneBadge';
import { answerWords, elsewhereNote } from '../../../words/present-probe';
import type { Editor } from './use-editor';
import classes from './ProbesPanel.module.css';

/** Makes one attempt of a probe as it is typed, and shows the answer until something is typed again. */
export function ProbeTrial({ editor, probe }: { editor: Editor; probe: ProbeDraft }) {
  const { syntax, editedId } = editor;
  const hostname = useAppState((state) => state.live.engine?.hostname ?? null);
  const [pressed, setPressed] = useState<{ times: number; typed: string } | null>(null);
  const trial = readTrial(editor.whole, probe, syntax);
  const typed = JSON.stringify(trial);
  const isTried = pressed !== null && pressed.typed === typed;
  const key = isTried && trial.ok ? `${pressed.times} ${typed}` : null;
  const answer = useAnswer(key, (client, signal) => {
    if (!trial.ok) throw new Error(trial.problem);
    const { probe: asked, target } = trial;
    const watch = editedId === null ? {} : { watch: editedId };
    return client.watches.tryProbe({ probe: asked, target, ...watch }, { signal });
  });
  const isUseless = isAnsweredByProgram(probe.kind);
  const isAsking = key !== null && answer.kind === 'asking';
  return (
    <div className={classes.trial}>
      <Tooltip label="Answered by what the program writes while it runs" disabled={!isUseless} withArrow>
        <Button
          size="compact-sm"
          variant="default"
          loading={isAsking}
          leftSection={<IconPlayerPlay size={rem(15)} aria-hidden="true" />}
          // Still with a tooltip, which something disabled has not.
          {...(isUseless ? { 'data-disabled': true, 'aria-disabled': true } : {})}
          onClick={() => {
            if (!isUseless) setPressed({ times: (pressed?.times ?? 0) + 1, typed });
          }}
        >
          Try {probe.name}
        </Button>
      </Tooltip>
      <div className={classes.answer} role="status" aria-label={`Answer of ${probe.name}`}>
        {!isTried ? null : trial.ok ? <Outcome answer={answer} /> : `Not tried: ${trial.problem}`}
      </div>
      {asksElsewhere(probe, hostname) ? <div className={classes.note}>{elsewhereNote(probe.role)}</div> : null}
    </div>
  );
}

function Outcome({ answer }: { answer: Answer<ProbeTrialResult> }) {
  if (answer.kind === 'asking') return <>Asking…</>;
  if (answer.kind === 'failed') return <>Not tried: {answer.failure.message}</>;
  const { passed } = answer.value;
  return (
    <ToneBadge tone={passed ? 'ok' : 'bad'} icon={passed ? IconCircleCheckFilled : IconAlertTriangleFilled} plain>
      <Whole text={answerWords(answer.value)} />
    </ToneBadge>
  );
}
