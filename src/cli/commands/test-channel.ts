import type { Command } from 'commander';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import type { AlertChannel } from '../../shared/model/delivery';
import { print, withEngine, type CliContext } from '../context';
import { CliFailure } from '../failure';
import { deliveryText } from '../output/delivery';

/** Sends one message through a channel to each of its recipients, and fails when one did not arrive. */
export async function testChannel(
  context: CliContext,
  channel: AlertChannel,
  json: boolean | undefined,
  command: Command,
): Promise<void> {
  const tries = await withEngine(command, context, (client) => client.alerts.test({ channel }));
  // A channel with one recipient only needs no address.
  const label = (recipient: string): string => escapeUnprintable(recipient === '' ? channel : recipient);
  const width = Math.max(0, ...tries.map(({ recipient }) => label(recipient).length)) + 2;
  print(context, json, tries, () =>
    tries
      .map(({ recipient, delivery }) => label(recipient).padEnd(width) + deliveryText(context.style, delivery, width))
      .join(''),
  );
  if (tries.length === 0) {
    throw new CliFailure(`nothing was sent: ${channel} is off or has no recipient; see: healdeck settings get`);
  }
  const failed = tries.filter(({ delivery }) => !delivery.ok).length;
  if (failed > 0) throw new CliFailure(`${failed} of ${tries.length} test messages did not arrive`);
}
