import { IconAlertTriangleFilled, IconCircleCheckFilled } from '@tabler/icons-react';
import type { Delivery } from '../../../shared/model/alert';
import type { DeliveryProblem } from '../../../shared/model/delivery';
import { STEP_WORDS } from '../../words/present-alert';
import { Whole } from '../../kit/Clip';
import { ToneBadge } from '../../kit/ToneBadge';
import classes from './AlertsTab.module.css';

/** Why a message did not arrive: the step in plain words, what the other side said, and what to try. */
export function ProblemReport({ problem }: { problem: DeliveryProblem }) {
  return (
    <div className={classes.problem}>
      <ToneBadge tone="bad" icon={IconAlertTriangleFilled} plain>
        {STEP_WORDS[problem.step]}
      </ToneBadge>
      <Whole text={problem.message} />
      <span className={classes.advice}>
        <strong>What to try:</strong> {problem.advice}
      </span>
    </div>
  );
}

/** What came of a test: for each recipient the other side's own words, or what went wrong. */
export function TestReport({ results }: { results: readonly { recipient: string; delivery: Delivery }[] }) {
  if (results.length === 0) return <>There is no recipient to send it to.</>;
  return (
    <ul>
      {results.map(({ recipient, delivery }) => (
        <li key={recipient}>
          {delivery.ok ? (
            <>
              <ToneBadge tone="ok" icon={IconCircleCheckFilled} plain>
                {recipient === '' ? 'Delivered' : `Delivered to ${recipient}`}
              </ToneBadge>
              {delivery.reply === '' ? null : <span className={classes.reply}>Server response: {delivery.reply}</span>}
            </>
          ) : (
            <>
              {recipient === '' ? null : <strong>{recipient}</strong>}
              <ProblemReport problem={delivery.problem} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
