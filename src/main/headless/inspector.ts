const INSPECTOR_OPTION = /^--inspect(?:-brk|-wait)?(?:=|$)/;

/**
 * Why this process must not go on: SIGUSR1 has opened Node's inspector before the first statement of the program could prevent it, and
 * whoever connects to it, of any user, decides what runs here. null when it is closed, or was asked for on the command line or in NODE_OPTIONS.
 */
export function inspectorProblem(facts: {
  /** As `inspector.url()` says. */
  url: string | undefined;
  execArgv: readonly string[];
  nodeOptions: string | undefined;
}): string | null {
  const { url, execArgv, nodeOptions = '' } = facts;
  const options = [...execArgv, ...nodeOptions.split(/\s+/)];
  if (url === undefined || options.some((option) => INSPECTOR_OPTION.test(option))) return null;
  return 'a signal (SIGUSR1) opened the inspector of Node while Healdeck was starting; Healdeck exits before anybody can use it. Start Healdeck again.';
}
