import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract';

/** The engine, as this window can ask it. */
export type HealdeckClient = ContractRouterClient<Contract>;

/** A way to the engine that is open. */
export interface Link {
  client: HealdeckClient;
  /** Resolves when the way is closed from the other side. */
  closed: Promise<void>;
  close(): void;
}

/** Opens a way to the engine. Rejects with {@link SignedOutError} when only a new link helps, else when it may be tried again. */
export type Connect = (signal: AbortSignal) => Promise<Link>;

/** The session of this browser has ended. */
export class SignedOutError extends Error {
  override readonly name = 'SignedOutError';
}
