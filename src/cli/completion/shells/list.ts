import { bash } from './bash';
import type { CompletedShell } from './definition';
import { fish } from './fish';
import { zsh } from './zsh';

/** All shells with a completion. */
export const SHELLS: readonly CompletedShell[] = [bash, zsh, fish];
