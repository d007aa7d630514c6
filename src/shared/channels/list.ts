import { command } from './command';
import { desktop } from './desktop';
import { mail } from './mail';
import { webhook } from './webhook';

/** All alert channels, in the order in which they are listed. */
export const CHANNELS = [mail, desktop, webhook, command] as const;
