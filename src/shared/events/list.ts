import { alertFailed, alertSent } from './alerts';
import { dependantAffected, incidentAttributed } from './attribution';
import { cooldownEnded, cooldownExtended, cooldownReset, cooldownStarted } from './cooldown';
import { crashDetected } from './crash';
import { engineStarted, engineStopped, gap, notice, settingsChanged } from './engine';
import { machineDistress, machineRelieved } from './distress';
import { deathExplained } from './explanation';
import { anomalyDetected, limitExceeded } from './findings';
import { becameReady, probeFailed, readinessLost } from './health';
import { lastWords } from './last-words';
import { adopted, exited, started, stopped } from './life';
import { alertsSnoozed, configImported, incidentAcknowledged, muteEnded, secretChanged } from './operator-acts';
import { forbiddenFound, forbiddenGone } from './forbidden';
import { killed, priorityLowered, signalRefused, suspended } from './remedies';
import { recovered, restarted, restartFailed } from './restart';
import { rollingRestartCompleted, rollingRestartStarted, rollingRestartStopped } from './rolling-restart';
import { runMissed, runOverrun, runSkipped, scheduledRestart } from './schedule';
import { healingPaused, healingResumed } from './storm';
import { watchAdded, watchEdited, watchRemoved } from './watch-changes';

/** All types of events, in the order in which help and filters list them. */
export const EVENTS = [
  engineStarted,
  engineStopped,
  watchAdded,
  watchEdited,
  watchRemoved,
  settingsChanged,
  configImported,
  secretChanged,
  incidentAcknowledged,
  alertsSnoozed,
  muteEnded,
  started,
  adopted,
  becameReady,
  readinessLost,
  stopped,
  exited,
  crashDetected,
  deathExplained,
  lastWords,
  incidentAttributed,
  dependantAffected,
  restarted,
  restartFailed,
  runMissed,
  runOverrun,
  runSkipped,
  scheduledRestart,
  rollingRestartStarted,
  rollingRestartCompleted,
  rollingRestartStopped,
  limitExceeded,
  anomalyDetected,
  probeFailed,
  forbiddenFound,
  forbiddenGone,
  cooldownStarted,
  cooldownEnded,
  cooldownReset,
  cooldownExtended,
  suspended,
  priorityLowered,
  healingPaused,
  healingResumed,
  gap,
  machineDistress,
  machineRelieved,
  recovered,
  killed,
  signalRefused,
  alertSent,
  alertFailed,
  notice,
] as const;
