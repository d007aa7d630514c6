import { z } from 'zod';

/** When a death leads to a restart. */
export const restartPolicySchema = z.enum(['always', 'on-failure', 'never']);
export type RestartPolicy = z.infer<typeof restartPolicySchema>;
