import { Notifications } from '@mantine/notifications';
import classes from './Shell.module.css';

/** What came of actions, in a strip of its own above the status bar: it covers nothing that can be pressed. */
export function Toasts() {
  return (
    <div className={classes.toasts}>
      <Notifications
        position="bottom-left"
        limit={3}
        autoClose={6000}
        withinPortal={false}
        classNames={{ root: classes.toastRoot ?? '', notification: classes.toast ?? '' }}
      />
    </div>
  );
}
