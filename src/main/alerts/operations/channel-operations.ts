import type { ChannelStatus, Delivery } from '../../../shared/model/alert';
import type { AlertChannel } from '../../../shared/model/delivery';
import type { Engine } from '../../engine/engine';
import type { Clock, ReportError } from '../../engine/ports';
import { Refusal } from '../../engine/refusal';
import type { AlertState } from '../outbox/alert-state';
import type { AlertMessage, Channel, Composer } from '../message';
import { messageIdOf } from '../message-id';
import { ALERTS_TOPIC } from '../plan/rules';
import type { AlertStatusPublisher } from './alert-status-publisher';
import { TEST_FACTS } from '../outbox/incident-facts';

export interface ChannelOperationsOptions {
  engine: Pick<Engine, 'note'>;
  channels: readonly Channel[];
  state: AlertState;
  board: AlertStatusPublisher;
  composer: Composer;
  clock: Clock;
  hostname: string;
  newId: () => string;
  report: ReportError;
}

/** How channels are set up: checked without sending, or by a message to everybody who gets alerts by them. */
export class ChannelOperations {
  private disposed = false;

  constructor(private readonly options: ChannelOperationsOptions) {}

  /** Sends a message whose only content is that it arrived. */
  async test(name: AlertChannel): Promise<readonly { recipient: string; delivery: Delivery }[]> {
    const { composer, state, board } = this.options;
    const channel = this.named(name);
    const recipients = channel.recipients();
    if (recipients.length === 0) throw new Refusal('invalid', `Expected ${name} to be set up: ${channel.describe()}`);
    const content = await composer.compose(TEST_FACTS);
    const results: { recipient: string; delivery: Delivery }[] = [];
    for (const recipient of recipients) {
      const message: AlertMessage = { ...TEST_FACTS, ...content, ...this.placeOf(name, recipient) };
      const delivery = await channel.deliver(message, new AbortController().signal);
      if (delivery.ok) state.problems.delete(name);
      else state.problems.set(name, delivery.problem);
      results.push({ recipient, delivery });
    }
    board.changed();
    return results;
  }

  async check(name: AlertChannel): Promise<ChannelStatus> {
    return this.checkNow(this.named(name));
  }

  /** Checks all in the background, and reports those that can't work. */
  checkAtStart(): void {
    this.inBackground(async (channel) => {
      const { problem } = await this.checkNow(channel);
      if (problem === null || this.disposed) return;
      this.options.engine.note({
        topic: ALERTS_TOPIC,
        severity: 'high',
        detail: `Alerts by ${channel.name} do not work with the current configuration: ${problem.message} ${problem.advice}`,
      });
    });
  }

  /** Settings or secrets are others now. */
  settingsChanged(): void {
    this.inBackground((channel) => {
      channel.settingsChanged();
      return this.checkNow(channel);
    });
  }

  dispose(): void {
    this.disposed = true;
    for (const channel of this.options.channels) channel.dispose();
  }

  private named(name: AlertChannel): Channel {
    const channel = this.options.channels.find((channel) => channel.name === name);
    if (channel === undefined)
      throw new Refusal('not_found', `Expected a channel of this version of Healdeck; it has no ${name}`);
    return channel;
  }

  /** Looks at the set-up of a channel without sending. */
  private async checkNow(channel: Channel): Promise<ChannelStatus> {
    const { state, board } = this.options;
    const problem = await channel.check();
    if (problem === null) state.problems.delete(channel.name);
    else state.problems.set(channel.name, problem);
    board.changed();
    return board.statusOf(channel);
  }

  private inBackground(work: (channel: Channel) => Promise<unknown>): void {
    const { channels, report } = this.options;
    for (const channel of channels) {
      work(channel).catch((error: unknown) => report(`checking alerts by ${channel.name}`, error));
    }
  }

  /** Where and when a test is sent: it is no message of the outbox. */
  private placeOf(channel: AlertChannel, recipient: string) {
    const { clock, hostname, newId } = this.options;
    return {
      id: 0,
      channel,
      recipient,
      incident: null,
      createdAt: new Date(clock.wallMs()).toISOString(),
      hostname,
      messageId: messageIdOf(newId(), hostname),
      inReplyTo: null,
      references: [],
    };
  }
}
