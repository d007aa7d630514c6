import script from '../../../../resources/completion/healdeck.bash?raw';
import type { CompletedShell } from './definition';

export const bash: CompletedShell = {
  name: 'bash',
  installed: 'healdeck completion bash > ~/.local/share/bash-completion/completions/healdeck',
  script,
};
