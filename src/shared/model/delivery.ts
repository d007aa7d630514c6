import { z } from 'zod';
import type { AlertChannel } from '../channels';
import { CHANNELS } from '../channels/list';

/** Ways to notify an operator. */
export const ALERT_CHANNELS: readonly AlertChannel[] = CHANNELS.map(({ name }) => name);
export const alertChannelSchema = z.enum(ALERT_CHANNELS);
export type { AlertChannel };

/** At which step a delivery came to an end. */
export type DeliveryStep =
  | 'configuration'
  | 'name'
  | 'connection'
  | 'tls'
  | 'greeting'
  | 'login'
  | 'sender'
  | 'recipient'
  | 'content'
  | 'timeout'
  | 'server'
  | 'program';

/** Why a message did not arrive, for people. Never holds a secret. */
export interface DeliveryProblem {
  step: DeliveryStep;
  /** One sentence: what failed, with the server's own words where there are any. */
  message: string;
  /** What to try, in a sentence. */
  advice: string;
  /** Whether another try may do better. */
  temporary: boolean;
}
