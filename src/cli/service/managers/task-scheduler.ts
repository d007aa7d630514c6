import { windowsWord, xml } from '../words';
import { MARK, serviceArgv, type ServiceManagerKind } from './definition';

const TASK = 'Healdeck';

/** A scheduled task of Windows. Generated, and tested as text: it was never run on Windows. */
export const taskScheduler: ServiceManagerKind = {
  name: 'task-scheduler',
  title: 'the Windows Task Scheduler',
  byHand: false,
  scopes: ['user', 'system'],
  isRunning: ({ platform }) => platform === 'win32',
  plan(request) {
    const isUser = request.scope === 'user';
    const file = `${request.dataDir}\\healdeck-task.xml`;
    const [program = '', ...rest] = serviceArgv(request);
    return {
      file,
      text: `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${MARK} -->
<Task version="1.3" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers>
    ${isUser ? '<LogonTrigger />' : '<BootTrigger />'}
  </Triggers>
  <Principals>
    <Principal id="Author">
      ${isUser ? '<LogonType>InteractiveToken</LogonType>' : '<UserId>S-1-5-18</UserId>'}
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>999</Count>
    </RestartOnFailure>
  </Settings>
  <Actions>
    <Exec>
      <Command>${xml(program)}</Command>
      <Arguments>${xml(rest.map(windowsWord).join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`,
      mode: 0o600,
      enable: [
        ['schtasks', '/Create', '/F', '/TN', TASK, '/XML', file],
        ['schtasks', '/Run', '/TN', TASK],
      ],
      restart: null,
      disable: [
        ['schtasks', '/End', '/TN', TASK],
        ['schtasks', '/Delete', '/F', '/TN', TASK],
      ],
      afterRemoval: [],
    };
  },
};
