import { Alert } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { identityKey, type EndCandidate, type EndPreview } from '../../shared/model/process';
import { Clip } from '../kit/Clip';
import classes from './EndList.module.css';

/** Every process that an end would bring with it; nothing when there is none. */
export function EndList({ ends, caption }: { ends: readonly EndCandidate[]; caption: string }) {
  if (ends.length === 0) return null;
  return (
    <div className={classes.list} role="region" aria-label="Processes that would end" tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col" className={classes.pid}>
              PID
            </th>
            <th scope="col">User</th>
            <th scope="col">Watch</th>
            <th scope="col">Command line</th>
          </tr>
        </thead>
        <tbody>
          {ends.map((one) => (
            <tr key={identityKey(one)}>
              <td className={classes.pid}>{one.pid}</td>
              <td>{one.user}</td>
              <td>{one.watch ?? '–'}</td>
              <td className={classes.command}>
                <Clip text={one.argv.length === 0 ? one.name : one.argv.join(' ')} code />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The processes that are never ended, each with its reason; nothing when there is none. */
export function ProtectedList({ title, refused }: { title: string; refused: EndPreview['refused'] }) {
  if (refused.length === 0) return null;
  return (
    <Alert color="gray" icon={<IconLock aria-hidden="true" />} title={title}>
      <ul className={classes.reasons}>
        {refused.map((one) => (
          <li key={identityKey(one)}>
            <Clip text={`pid ${one.pid}, ${one.name}: ${one.reason}`} />
          </li>
        ))}
      </ul>
    </Alert>
  );
}
