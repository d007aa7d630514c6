import { escapeUnprintable } from '../../shared/lib/text/escape';
import type { Delivery } from '../../shared/model/alert';
import type { DeliveryProblem, DeliveryStep } from '../../shared/model/delivery';
import type { Style } from './style';

/** What each step is, after "failed": where on the way it ended. */
const STEPS: Record<DeliveryStep, string> = {
  configuration: 'in the configuration',
  name: 'at name resolution',
  connection: 'at the connection',
  tls: 'at TLS',
  greeting: 'at the server greeting',
  login: 'at the login',
  sender: 'at the sender',
  recipient: 'at the recipient',
  content: 'at the message itself',
  timeout: 'by timeout',
  server: 'at the server',
  program: 'in the program',
};

/** What failed and what to try, the second on a line of its own that is indented by `indent` columns. */
export function problemText(style: Style, problem: DeliveryProblem, indent: number): string {
  const { step, message, advice } = problem;
  const todo = advice === '' ? '' : `${' '.repeat(indent)}→ ${escapeUnprintable(advice)}\n`;
  return `${style.bad(`failed ${STEPS[step]}`)}: ${escapeUnprintable(message)}\n${todo}`;
}

/** What came of a try, with the other side's own words. */
export function deliveryText(style: Style, delivery: Delivery, indent: number): string {
  if (!delivery.ok) return problemText(style, delivery.problem, indent);
  const reply = escapeUnprintable(delivery.reply);
  return `${style.good('delivered')}${reply === '' ? '' : `: ${reply}`}\n`;
}
